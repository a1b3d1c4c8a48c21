"""Answers rightly, and leaves every answer in a buffer until its input ends, as stdout to a pipe does by default."""

import json
import sys

for line in sys.stdin.readlines():
    print(json.dumps({"jsonrpc": "2.0", "id": json.loads(line)["id"], "result": {"name": "forgets"}}))
