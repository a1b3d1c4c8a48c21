"""Right, under a name that the contract does not have."""

import numpy as np


def soft_max(scores):
    """The probabilities (N, K) of scores (N, K)."""
    return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
