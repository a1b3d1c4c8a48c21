"""Never comes back from a softmax, after a word on stderr; declines everything else."""

import sys
import time

from talk import hear, introduce, say

introduce()
while True:
    request = hear()
    if request["method"] == "softmax":
        sys.stderr.write("still warm\n")
        time.sleep(600)
    say({"id": request["id"], "error": {"code": -32601, "message": ""}})
