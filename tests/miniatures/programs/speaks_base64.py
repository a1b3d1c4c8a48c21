"""Speaks the protocol with its numbers in base64."""

import base64
import itertools
import json
import math
import struct
import sys


def softmax(row):
    exps = [math.exp(score - max(row)) for score in row]
    return [value / sum(exps) for value in exps]


def answer(params):
    rows, columns = shape = params["scores"]["shape"]
    scores = struct.unpack(f"<{rows * columns}d", base64.b64decode(params["scores"]["base64"]))
    table = [softmax(scores[row * columns : (row + 1) * columns]) for row in range(rows)]
    packed = struct.pack(f"<{rows * columns}d", *itertools.chain(*table))
    return {"base64": base64.b64encode(packed).decode(), "shape": shape}


for line in sys.stdin:
    request = json.loads(line)
    reply = {"jsonrpc": "2.0", "id": request["id"]}
    if request["method"] == "describe":
        reply["result"] = {"name": "base64", "protocol": 1, "numbers": "base64"}
    elif request["method"] == "softmax":
        reply["result"] = answer(request["params"])
    else:
        reply["error"] = {"code": -32601, "message": "this one does softmax alone"}
    print(json.dumps(reply), flush=True)
