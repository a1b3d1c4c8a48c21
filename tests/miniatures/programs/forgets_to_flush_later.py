"""Answers describe, and leaves every other answer in a buffer until its input ends."""

import json
import sys

from talk import introduce, send

introduce()
for line in sys.stdin.readlines():
    send({"id": json.loads(line)["id"], "result": [[0.25, 0.75]]})
