"""Answers with base64 that is not of its shape."""

from talk import hear, introduce, say

introduce()
while True:
    say({"id": hear()["id"], "result": {"base64": "AAAA", "shape": [2, 2]}})
