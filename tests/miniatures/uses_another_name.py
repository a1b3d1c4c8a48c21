"""Answers right, under a name that is not in the contract, beside a name that is nearer and no function."""

import numpy as np

softmaxs = {}


def soft_max(scores):
    """The probabilities (N, K) of scores (N, K)."""
    return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
