"""Prints to stdout and stderr while it answers right."""

import sys

from right import softmax as right

print("{}")


def softmax(scores):
    print('{"jsonrpc": "2.0", "id": 2, "result": []}', flush=True)
    print("loss 0.5", file=sys.stderr)
    return right(scores)
