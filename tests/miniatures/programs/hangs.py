"""Never answers a softmax, after a line on stderr; declines everything else."""

import sys
import time

from talk import introduce, receive, send

introduce()
while True:
    request = receive()
    if request["method"] == "softmax":
        sys.stderr.write("still warm\n")
        time.sleep(600)
    send({"id": request["id"], "error": {"code": -32601, "message": ""}})
