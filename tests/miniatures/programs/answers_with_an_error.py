"""Answers with an error of its own."""

from talk import introduce, receive, send

introduce()
while True:
    send({"id": receive()["id"], "error": {"code": 5, "message": "singular matrix"}})
