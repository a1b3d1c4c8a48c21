"""Names its parameter as it likes."""

from right import softmax as right


def softmax(logits):
    return right(logits)
