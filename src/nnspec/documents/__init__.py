"""The three documents: the places in them, the clauses taken from them, and their experiments as data.

In: nothing.
Out: clauses, sources, and experiments with their data sets, initial networks and batches.
May use: contract; ``nnspec.reference`` makes the data and the networks.
"""
