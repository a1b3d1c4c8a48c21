"""Writes a line before any call."""

from talk import introduce, write

write("Welcome to the network!\n")
introduce()
