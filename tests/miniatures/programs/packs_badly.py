"""Answers with base64 that does not match its shape."""

from talk import introduce, receive, send

introduce()
while True:
    send({"id": receive()["id"], "result": {"base64": "AAAA", "shape": [2, 2]}})
