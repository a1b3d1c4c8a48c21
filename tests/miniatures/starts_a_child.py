"""Starts a process that never ends, and reports its id as the version."""

import subprocess
import sys


def describe():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    return {"name": "starts a child", "version": child.pid}
