"""Choices: each replaces one formula of the reference by another that people use, with its sentence and its fix.

In: nothing.
Out: tables of formulas, and programs that have them. Any two programs with different formulas compose:
``type("Both", (first, second), {})`` has both.
May use: ``nnspec.reference`` and the base of mistakes. Nothing in nnspec imports this room until a program is asked.
"""
