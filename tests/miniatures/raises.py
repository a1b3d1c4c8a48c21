"""Raises an IndexError."""


def softmax(scores):
    return scores / [][0]
