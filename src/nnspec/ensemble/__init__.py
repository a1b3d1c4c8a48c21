"""The making of golden traces: the same run many times, differing in rounding alone.

``members`` runs many networks at once, ``noise`` says how they differ, ``kernels`` runs the reference on other
kernels of BLAS and NumPy, ``quadruple`` makes the run that rounding does not touch. ``gather`` makes all of them for
an experiment, ``summary`` turns them into what golden/ stores, and ``compare`` compares that with a second making.

In: an experiment.
Out: its golden trace, as golden/ stores it.
May use: runs and every room below it; numpy-quaddtype for the run in quadruple precision.
"""
