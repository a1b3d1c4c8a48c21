"""nnspec: a conformance suite for programs that train small neural networks.

Nothing is imported here, so that ``import nnspec`` costs nothing; see the modules of the package:
``contract`` for what an implementation offers, ``clauses`` for what the specification is made of,
``reference`` for the implementation that shows how each formula reads as code.
"""
