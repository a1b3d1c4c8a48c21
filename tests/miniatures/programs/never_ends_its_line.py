"""Writes one line that never ends."""

from talk import introduce, receive, write

introduce()
receive()
while True:
    write("0.25, " * 10_000)
