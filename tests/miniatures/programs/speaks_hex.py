"""Speaks the protocol with its numbers as C prints them by %a."""

import json
import math
import sys


def softmax(row):
    exps = [math.exp(score - max(row)) for score in row]
    return [value / sum(exps) for value in exps]


for line in sys.stdin:
    request = json.loads(line)
    reply = {"jsonrpc": "2.0", "id": request["id"]}
    if request["method"] == "describe":
        reply["result"] = {"name": "hex", "protocol": 1, "numbers": "hex"}
    elif request["method"] == "softmax":
        scores = [[float.fromhex(number) for number in row] for row in request["params"]["scores"]]
        reply["result"] = [[value.hex() for value in softmax(row)] for row in scores]
    else:
        reply["error"] = {"code": -32601, "message": "this one does softmax alone"}
    print(json.dumps(reply), flush=True)
