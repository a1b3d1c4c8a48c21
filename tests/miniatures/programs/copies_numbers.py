"""Returns numbers that it was sent, through a reader and a printer that its arguments choose.

Every operation returns what a right one returns where nothing is to be computed, and softmax some random numbers.
"""

import json
import random
import sys
from decimal import ROUND_DOWN, Context

READER, PRINTER = sys.argv[1:3]


def by_hand(text):
    """Read as careless readers do: a whole number times a power of ten, each rounded."""
    mantissa, _, exponent = text.lower().partition("e")
    whole, _, fraction = mantissa.partition(".")
    return float(int(whole + fraction)) * 10.0 ** (int(exponent or 0) - len(fraction))


def reader():
    """How it reads a number: by hand, exactly, or as "rounds to 14" and "cuts to 14" say."""
    habit, _, digits = READER.partition(" to ")
    if habit not in ("rounds", "cuts"):
        return by_hand if READER == "by hand" else float
    context = Context(int(digits), ROUND_DOWN if habit == "cuts" else None)
    return lambda text: float(context.create_decimal(text))


def printed(value):
    """A value as JSON, with floats as the printer makes them."""
    if isinstance(value, float):
        return json.dumps(value) if PRINTER == "shortest" else PRINTER % value
    if isinstance(value, list):
        return f"[{','.join(map(printed, value))}]"
    if isinstance(value, dict):
        return f"{{{','.join(f'{json.dumps(key)}:{printed(item)}' for key, item in value.items())}}}"
    return json.dumps(value)


def answer(method, params):
    """A right answer, if nothing is to be computed."""
    if method == "describe":
        return {"name": "copies numbers"}
    if method == "softmax":
        return [[random.random() for _ in row] for row in params["scores"]]
    if method == "activation":
        return params["z"]
    if method == "initialize":
        return params["normals"]
    if method == "forward":
        hidden = [
            [*row, *[0.0] * (len(params["network"]["biases"][0]) - len(row))] for row in params["inputs"]
        ]
        return {"hidden": [hidden], "scores": [[0.0] * 3 for _ in hidden]}
    network = {part: params["network"][part] for part in ("weights", "biases")}
    if method == "gradients":
        return network
    return {"network": network, "velocity": network, "losses": [0.5] * params.get("iterations", 0)}


for line in sys.stdin:
    request = json.loads(line, parse_float=reader())
    result = printed(answer(request["method"], request["params"]))
    print(f'{{"jsonrpc":"2.0","id":{request["id"]},"result":{result}}}', flush=True)
