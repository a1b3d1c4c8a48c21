"""Overwrites its scores, and answers right."""

from right import softmax as right


def softmax(scores):
    probabilities = right(scores)
    scores[:] = -1
    return probabilities
