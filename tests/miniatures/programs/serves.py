"""Serves a miniature network over JSON, as a program in any language would: serves.py NAME."""

import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
import networks

program = getattr(networks, sys.argv[1])()


def arrays(params):
    """The arguments with arrays, a network's and a step's too."""
    if isinstance(params, dict):
        return {
            name: [*map(np.array, value)]
            if name in ("weights", "biases", "batches") and value
            else arrays(value)
            for name, value in params.items()
        }
    return np.array(params) if isinstance(params, list) else params


def plain(answer):
    """An answer as JSON has it."""
    if isinstance(answer, dict):
        return {name: plain(value) for name, value in answer.items()}
    if isinstance(answer, (list, tuple)):
        return [*map(plain, answer)]
    return answer.tolist() if hasattr(answer, "tolist") else answer


for line in sys.stdin:
    request = json.loads(line)
    reply = {"jsonrpc": "2.0", "id": request["id"]}
    function = getattr(program, request["method"], None)
    if request["method"] == "describe" and function is None:
        reply["result"] = {"name": sys.argv[1]}
    elif function is None:
        reply["error"] = {"code": -32601, "message": "method not found"}
    else:
        try:
            reply["result"] = plain(function(**arrays(request["params"])))
        except Exception as error:
            reply["error"] = {"code": -32000, "message": f"{type(error).__name__}: {error}"}
    print(json.dumps(reply), flush=True)
