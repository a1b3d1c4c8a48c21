"""Never returns from a call, after a line on stderr."""

import sys
import time


def softmax(scores):
    print("still warm", file=sys.stderr, flush=True)
    while True:
        time.sleep(1)
