"""Sends every answer twice, the second time late."""

from talk import introduce, receive, send

introduce()
while True:
    reply = {"id": receive()["id"], "result": [[0.25, 0.75]]}
    send(reply)
    send(reply)
