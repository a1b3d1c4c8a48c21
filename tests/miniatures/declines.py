"""Declares that it does not support this case."""


def softmax(scores):
    raise NotImplementedError("softmax of scores is for another day")
