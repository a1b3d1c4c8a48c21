"""Answers with JSON that is not a message."""

from talk import introduce, receive, write

introduce()
while receive():
    write("[[0.25, 0.75]]\n")
