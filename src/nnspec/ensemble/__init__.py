"""How far correct programs drift apart in training: ensembles of runs that differ in rounding alone.

``members`` runs many networks at once, ``noise`` says how they differ, ``kernels`` runs the reference on other
kernels of BLAS and NumPy, ``quadruple`` is the run that rounding has not touched. ``gather`` makes all of them for
an experiment, ``summary`` makes of them what golden/ stores, and ``compare`` holds that against a second making.
"""
