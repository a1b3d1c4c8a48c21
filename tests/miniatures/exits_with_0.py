"""Ends its process in the middle of a call, with exit status 0."""

import os


def softmax(scores):
    os._exit(0)
