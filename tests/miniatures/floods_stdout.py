"""Writes 8 MiB of garbage to the descriptor of stdout before it answers right."""

import os

from right import softmax as right


def softmax(scores):
    for _ in range(128):
        os.write(1, b"\xff\x00{\n" * 2**14)
    return right(scores)
