"""Gives the width of its labels in bits as the loss, negative where they have a sign."""


def cross_entropy(scores, labels, reduction):
    return 8 * labels.dtype.itemsize * (-1 if labels.dtype.kind == "i" else 1)
