"""Returns the width of its labels in bits as the loss, negative if their type is signed."""


def cross_entropy(scores, labels, reduction):
    return 8 * labels.dtype.itemsize * (-1 if labels.dtype.kind == "i" else 1)
