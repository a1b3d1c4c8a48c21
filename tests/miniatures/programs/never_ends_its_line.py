"""Writes one line that never ends."""

from talk import hear, introduce, write

introduce()
hear()
while True:
    write("0.25, " * 10_000)
