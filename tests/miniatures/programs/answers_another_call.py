"""Answers with the id of another call."""

from talk import introduce, receive, send

introduce()
while True:
    send({"id": receive()["id"] + 1, "result": [[0.25, 0.75]]})
