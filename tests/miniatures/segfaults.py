"""Reads memory that is not its own."""

import ctypes


def softmax(scores):
    ctypes.string_at(0)
