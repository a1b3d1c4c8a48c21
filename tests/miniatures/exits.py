"""Ends its process in the middle of a call, after a line on stderr."""

import os
import sys


def softmax(scores):
    print("disk full", file=sys.stderr, flush=True)
    os._exit(7)
