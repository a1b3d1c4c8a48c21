"""The command line: one module a group of commands, and the progress that long work shows.

In: the words that somebody typed.
Out: text on stdout, errors on stderr, and the exit status.
May use: every other room; each command imports what it needs when it runs, so that ``--help`` is quick.
"""
