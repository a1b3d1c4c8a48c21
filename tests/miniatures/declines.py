"""Says that it does not do this case."""


def softmax(scores):
    raise NotImplementedError("softmax of scores is for another day")
