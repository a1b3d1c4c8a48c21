"""Right programs that take their time."""

import time

from after_documents import AfterCS231n
from programs import Right


class Slow(AfterCS231n):
    """Right, and a third of a millisecond an iteration slower than it might be."""

    def describe(self):
        return {
            "name": "slow",
            "activations": ["relu"],
            "reductions": ["mean"],
            "methods": ["gradient_descent"],
            "schedules": [],
            "batches": False,
        }

    def both(self, network, x, y, objective):
        time.sleep(0.0003)
        return super().both(network, x, y, objective)


class SlowFit(Right):
    """Right, but a fit takes an hour."""

    def fit(self, inputs, labels, experiment, seed):
        time.sleep(3600)
