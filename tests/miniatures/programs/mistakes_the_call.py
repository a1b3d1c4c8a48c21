"""Answers with the id of another call."""

from talk import hear, introduce, say

introduce()
while True:
    say({"id": hear()["id"] + 1, "result": [[0.25, 0.75]]})
