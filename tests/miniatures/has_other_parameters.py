"""Has a parameter name that is not the contract's."""

from right import softmax as right


def softmax(logits):
    return right(logits)
