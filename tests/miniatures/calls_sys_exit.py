"""Calls sys.exit(0) in the middle of a call."""

import sys


def softmax(scores):
    sys.exit(0)
