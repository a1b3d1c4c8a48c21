"""Serves a miniature network over JSON, as a program in any language would: serves.py NAME [READER [PRINTER]].

READER is right or careless (what ends with a 3 is read as the next number); PRINTER is a format such as %.15g.
"""

import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
import ignored_arguments
import networks
import wrong_forms

NAME, READER, PRINTER = [*sys.argv[1:], *["right", "%.17g"][len(sys.argv) - 2 :]]
program = next(
    getattr(file, NAME) for file in (networks, wrong_forms, ignored_arguments) if hasattr(file, NAME)
)()


def careless(text):
    """A float, but the next greater one if its text ends with a 3."""
    value = float(text)
    return float(np.nextafter(value, np.inf)) if text.endswith("3") else value


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
    answer = answer.tolist() if hasattr(answer, "tolist") else answer
    if isinstance(answer, list):
        return plain(answer)
    return float(PRINTER % answer) if isinstance(answer, float) else answer


for line in sys.stdin:
    request = json.loads(line, parse_float=careless if READER == "careless" else float)
    reply = {"jsonrpc": "2.0", "id": request["id"]}
    function = getattr(program, request["method"], None)
    if request["method"] == "describe" and function is None:
        reply["result"] = {"name": NAME}
    elif function is None:
        reply["error"] = {"code": -32601, "message": "method not found"}
    else:
        try:
            reply["result"] = plain(function(**arrays(request["params"])))
        except Exception as error:
            reply["error"] = {"code": -32000, "message": f"{type(error).__name__}: {error}"}
    print(json.dumps(reply), flush=True)
