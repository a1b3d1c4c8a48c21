"""Printed losses, judged and explained, for a program that cannot be called.

In: the text of a log, and the experiment whose losses it has.
Out: which losses are wrong, and which variant of the experiment prints them.
May use: diagnosis and every room below it.
"""
