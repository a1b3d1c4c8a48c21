"""Programs that choose their minibatches in other right ways than the reference."""

from __future__ import annotations

import itertools

import numpy as np

from nnspec.reference import Reference


class Chooses(Reference):
    """Each of its minibatches is drawn for itself."""

    def __init__(self, *, replace):
        self.replace = replace

    def shuffled_batches(self, random, examples, size, iterations):
        return [random.choice(examples, size, replace=self.replace) for _ in range(iterations)]


class InOrder(Reference):
    """It never shuffles."""

    def shuffled_batches(self, _random, examples, size, iterations):
        starts = itertools.cycle(range(0, examples, size))
        return [np.arange(examples)[start:][:size] for start in itertools.islice(starts, iterations)]
