"""Answers with an error of its own."""

from talk import hear, introduce, say

introduce()
while True:
    say({"id": hear()["id"], "error": {"code": 5, "message": "singular matrix"}})
