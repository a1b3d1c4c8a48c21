"""Starts a process that leaves its parent and its session; then a softmax hangs, crashes or is right."""

import os
import time
from pathlib import Path

from right import softmax as right


def start_daemon():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(600)
        os._exit(0)
    os.wait()


start_daemon()


class Hangs:
    def softmax(self, scores):
        if note := os.environ.get("NOTES"):
            Path(note).write_text("softmax")
        time.sleep(600)


class Crashes:
    def softmax(self, scores):
        os._exit(1)


class Answers:
    def softmax(self, scores):
        return right(scores)
