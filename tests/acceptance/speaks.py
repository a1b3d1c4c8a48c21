"""Puts a program of programs.py behind JSON, as a library of another language would: ``speaks.py NAME [HABIT]``.

HABIT: prints:N (numbers of N digits), takes-next:N (the Nth number after the one that was sent, if that was long),
takes:N (N digits of it), keeps (never flushes) or waits (answers when stdin has ended).
"""

import json
import math
import sys

import numpy as np
import programs

NAME, HABIT = sys.argv[1], (sys.argv[2] if len(sys.argv) > 2 else "")
PROGRAM = getattr(programs, NAME)
PROGRAM = PROGRAM() if isinstance(PROGRAM, type) else PROGRAM
ARRAYS = {"scores", "inputs", "labels", "z"}
LISTS = {"network", "gradients", "velocity"}


def number(value):
    """A number as JSON's text."""
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if not math.isfinite(value):
        return {math.inf: '"Infinity"', -math.inf: '"-Infinity"'}.get(float(value), '"NaN"')
    digits = int(HABIT.partition(":")[2]) if HABIT.startswith("prints:") else 17
    return f"{float(value):.{digits}g}"


def text(value):
    """A value as JSON's text."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {text(part)}" for key, part in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(text, value)) + "]"
    if isinstance(value, np.ndarray):
        return text(value.tolist())
    return json.dumps(value) if isinstance(value, str) else number(value)


def read(digits):
    """A number from JSON's text."""
    value, (habit, _, count) = float(digits), HABIT.partition(":")
    if habit == "takes-next" and len(digits) > 16:
        return value + int(count) * math.ulp(value)
    return float(f"{value:.{count}g}") if habit == "takes" else value


def arguments(params):
    """The arguments with their arrays."""
    taken = dict(params)
    for name, value in params.items():
        if name in ARRAYS:
            taken[name] = np.array(value, dtype=int if name == "labels" else float)
        elif name in LISTS and value is not None:
            parts = {part: [np.array(p, dtype=float) for p in value[part]] for part in ("weights", "biases")}
            taken[name] = {**value, **parts}
    return taken


def reply(request):
    """The answer to a request, as a line."""
    head = f'{{"jsonrpc": "2.0", "id": {json.dumps(request["id"])}, '
    operation = getattr(PROGRAM, request["method"], None)
    if operation is None and request["method"] == "describe":
        return head + '"result": {"name": "speaks"}}\n'
    if operation is None:
        return head + '"error": {"code": -32601, "message": "it has no such operation"}}\n'
    try:
        return head + f'"result": {text(operation(**arguments(request["params"])))}}}\n'
    except NotImplementedError as error:
        return head + f'"error": {{"code": -32601, "message": {json.dumps(str(error))}}}}}\n'


lines = sys.stdin.readlines() if HABIT == "waits" else iter(sys.stdin.readline, "")
for line in lines:
    sys.stdout.write(reply(json.loads(line, parse_float=read)))
    if HABIT != "keeps":
        sys.stdout.flush()
