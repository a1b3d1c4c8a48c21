"""The three documents: their sections, the clauses that cite them, and their experiments as data.

In: nothing.
Out: clauses, sources, and experiments with their data sets, initial networks and batches.
May use: contract; ``nnspec.reference`` makes the data and the networks.
"""
