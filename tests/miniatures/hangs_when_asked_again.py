"""A softmax that is none; asked for the same scores again, it never comes back."""

import time

import numpy as np

ASKED = set()


def softmax(scores):
    asked = np.asarray(scores).tobytes()
    while asked in ASKED:
        time.sleep(1)  # never answers: what is tested is that whoever asks gives up
    ASKED.add(asked)
    return np.abs(np.sin(scores)) + 0.25
