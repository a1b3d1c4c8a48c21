"""Writes lines and lines once it is asked."""

from talk import hear, introduce, write

introduce()
hear()
while True:
    write("epoch 1\n" * 10_000)
