"""How golden traces are made: from many runs of an experiment that differ only in rounding.

``members`` runs many networks at once, ``noise`` makes them differ, ``kernels`` runs the reference on other kernels of
BLAS and NumPy, and ``quadruple`` makes a run in quadruple precision. ``gather`` makes all runs of an experiment,
``summary`` turns them into a golden trace, and ``compare`` compares a stored trace with a new one.

In: an experiment.
Out: its golden trace, in the format of golden/.
May use: runs and every room below it; numpy-quaddtype for the run in quadruple precision.
"""
