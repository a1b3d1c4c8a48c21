"""Crashes on one example, and answers right on more."""

import os

from right import softmax as right


def softmax(scores):
    if len(scores) == 1:
        os._exit(1)
    return right(scores)
