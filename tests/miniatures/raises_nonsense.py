"""Raises an error whose message no terminal can print."""


def softmax(scores):
    raise ValueError("half a letter: \ud800")
