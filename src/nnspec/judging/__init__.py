"""Whether an answer is right: the exact answer, how far rounding can move it, and laws that hold between answers.

In: an operation of the contract, its arguments, and an implementation (``reach.transports``).
Out: the answer, or an AssertionError with the first wrong number.
May use: report and every room below it; ``nnspec.reference`` for the formulas.
"""
