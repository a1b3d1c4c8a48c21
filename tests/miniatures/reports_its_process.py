"""Reports the id of its process as the version."""

import os


def describe():
    return {"name": "mine", "version": os.getpid()}
