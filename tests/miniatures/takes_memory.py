"""Takes a gigabyte in ways that no limit of a single process's own memory sees."""

import mmap
import os
import time

SIZE = 2**30


class SharedMapping:
    def softmax(self, scores):
        taken = mmap.mmap(-1, SIZE)
        for place in range(0, SIZE, 2**24):
            taken[place : place + 2**24] = b"x" * 2**24
        time.sleep(600)


class SeveralProcesses:
    def softmax(self, scores):
        for _ in range(4):
            if os.fork() == 0:
                taken = b"x" * (SIZE // 4)
                time.sleep(600)
                os._exit(len(taken))
        time.sleep(600)


class SharesWithItsChildren:
    """Takes no more than 300 MB, which its children share."""

    def softmax(self, scores):
        taken = b"x" * (300 * 2**20)
        children = [child for _ in range(4) if (child := os.fork()) or time.sleep(2) or os._exit(0)]
        for child in children:
            os.waitpid(child, 0)
        return [[len(taken)] * scores.shape[1]] * len(scores)
