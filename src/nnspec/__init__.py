"""nnspec: a conformance suite for programs that train small neural networks.

Nothing is imported here, so that ``import nnspec`` costs nothing. Each room of the package says in its ``__init__``
what comes in and what goes out: ``contract`` is what an implementation offers, ``documents`` what the specification
is taken from, ``reference`` the implementation that shows how each formula reads as code.
"""
