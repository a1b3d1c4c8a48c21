"""Sends a signal to a process above it in a softmax, and is right after a while, if it still runs."""

import os
import signal
import time
from pathlib import Path

from right import softmax as right


def above(steps):
    """The parent, or the parent's parent, and so on."""
    process = os.getpid()
    for _ in range(steps):
        stat = Path(f"/proc/{process}/stat").read_text()
        process = int(stat.rpartition(")")[2].split()[1])
    return process


class Attacks:
    steps, number = 1, signal.SIGKILL

    def softmax(self, scores):
        os.kill(above(self.steps), self.number)
        time.sleep(0.5)
        return right(scores)


class KillsItsParent(Attacks):
    pass


class StopsItsParent(Attacks):
    number = signal.SIGSTOP


class KillsTheJudge(Attacks):
    steps = 2


class StopsTheJudge(Attacks):
    steps, number = 2, signal.SIGSTOP


class StopsTheFront(Attacks):
    steps, number = 3, signal.SIGSTOP
