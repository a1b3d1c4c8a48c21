"""Answers every call with an error that has no message."""

from talk import introduce, receive, send

introduce()
while True:
    send({"id": receive()["id"], "error": {"code": -32000, "message": None}})
