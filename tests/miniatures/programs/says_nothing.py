"""Answers with a message that has neither result nor error."""

from talk import hear, introduce, say

introduce()
while True:
    say({"id": hear()["id"]})
