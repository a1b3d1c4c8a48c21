"""Starts a process that leaves its parent and its session, and never answers a softmax."""

import os
import sys
import time
from pathlib import Path

from talk import introduce, receive, send

introduce()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(600)
    os._exit(0)
while True:
    request = receive()
    if request["method"] == "softmax":
        if note := os.environ.get("NOTES"):
            Path(note).write_text("softmax")
        time.sleep(600)
    send({"id": request["id"], "error": {"code": -32601, "message": ""}})
    sys.stdout.flush()
