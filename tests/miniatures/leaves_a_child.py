"""Crashes, and leaves a process in its own session that keeps stdout open."""

import os
import time


def softmax(scores):
    if os.fork() == 0:
        os.setsid()
        time.sleep(10)
    os._exit(1)
