"""Gives every answer twice, the second time late."""

from talk import hear, introduce, say

introduce()
while True:
    reply = {"id": hear()["id"], "result": [[0.25, 0.75]]}
    say(reply)
    say(reply)
