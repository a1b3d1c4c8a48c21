"""Writes 8 MiB to stderr before it answers right."""

import sys

from right import softmax as right


def softmax(scores):
    for _ in range(128):
        print("warning: " * 7000, file=sys.stderr)
    return right(scores)
