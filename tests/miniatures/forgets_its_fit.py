"""Returns a handle from fit, and crashes in another operation."""

import os


def fit(inputs, labels, experiment, seed):
    return print


def predict(network, inputs):
    return [0] * len(inputs)


def softmax(scores):
    os._exit(1)
