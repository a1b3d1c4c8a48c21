"""Judge and explain printed losses, for a program that cannot be called.

In: the text of a log, and the experiment that it comes from.
Out: which losses are wrong, and which variant of the experiment prints them.
May use: diagnosis and every room below it.
"""
