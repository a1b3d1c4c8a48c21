"""Crashes for one example, and answers right for more."""

import os

from right import softmax as right


def softmax(scores):
    if len(scores) == 1:
        os._exit(1)
    return right(scores)
