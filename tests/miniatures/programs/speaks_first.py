"""Speaks before it is asked."""

from talk import introduce, write

write("Welcome to the network!\n")
introduce()
