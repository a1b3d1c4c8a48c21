"""Answers with a message that has neither a result nor an error."""

from talk import introduce, receive, send

introduce()
while True:
    send({"id": receive()["id"]})
