"""Computes a wrong softmax, and never returns from a second call with the same scores."""

import time

import numpy as np

CALLS = set()


def softmax(scores):
    scores_key = np.asarray(scores).tobytes()
    while scores_key in CALLS:
        time.sleep(1)  # never answers: the test is that its caller gives up
    CALLS.add(scores_key)
    return np.abs(np.sin(scores)) + 0.25
