"""Writes lines without end at the first call."""

from talk import introduce, receive, write

introduce()
receive()
while True:
    write("epoch 1\n" * 10_000)
