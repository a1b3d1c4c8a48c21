"""Answers every call, or describe, with more than it can need; its arguments say what, and to which."""

import itertools
import json
import os
import sys

WHAT, WHERE = sys.argv[1:3]
MILLION = 10**6


def repeated(text, times):
    """The text so many times, in pieces that need little memory."""
    piece = 10_000
    return itertools.repeat(text * piece, times // piece)


def result(*parts):
    """A result made of these texts, one after the other."""
    return itertools.chain(['"result":'], *([part] if isinstance(part, str) else part for part in parts))


ANSWERS = {
    "many numbers": lambda: result("[", repeated("0,", 10 * MILLION), "0]"),
    "many short lists": lambda: result("[", repeated("[],", MILLION), "[]]"),
    "many objects": lambda: result("[", repeated("{},", 10_000), "{}]"),
    "lists in lists": lambda: result(repeated("[", MILLION), repeated("]", MILLION)),
    "lists in lists, not so deep": lambda: result("[" * 40 + "]" * 40),
    "a whole number": lambda: result(repeated("7", MILLION)),
    "a whole number, not so long": lambda: result("7" * 100_000),
    "a float": lambda: result("0.", repeated("7", MILLION)),
    "keys": lambda: result("{", ",".join(f'"{key}":0' for key in range(10_000)), "}"),
    "a key": lambda: result('{"', repeated("k", 400_000), '":0}'),
    "a string": lambda: result('"', repeated("x", 100 * MILLION), '"'),
    "a long string among short ones": lambda: result('["', repeated("x", 300_000), '"', ',"x"' * 9_000, "]"),
    "base64": lambda: result('{"shape":[75000000],"base64":"', repeated("AAAA", 200 * MILLION), '"}'),
    "base64 with a large shape": lambda: result('{"base64":"AAAAAAAAAAA=","shape":[1000000,1000000]}'),
    "base64 of nothing": lambda: result('{"base64":"","shape":[0,1000000000000]}'),
    "base64 with many sides": lambda: result('{"base64":"AAAAAAAAAAA=","shape":[', "1," * 9_000, "1]}"),
    "a dtype": lambda: result('{"integers":[1],"dtype":"S1000000000"}'),
    "an error": lambda: itertools.chain(['"error":{"code":5,"message":"'], repeated("no ", MILLION), ['"}']),
    "an error, not so long": lambda: ['"error":{"code":5,"message":"' + "no " * 10_000 + '"}'],
    "a line without an end": lambda: itertools.repeat("0" * 10_000),
}


def send(identity, parts):
    """Send a reply as a line."""
    sys.stdout.write(f'{{"jsonrpc":"2.0","id":{identity},')
    for part in parts:
        sys.stdout.write(part)
    sys.stdout.write("}\n")
    sys.stdout.flush()


try:
    for line in sys.stdin:
        request = json.loads(line)
        if request["method"] == "describe" and WHERE != "describe":
            send(request["id"], ['"result":{"name":"sends too much"}'])
        else:
            send(request["id"], ANSWERS[WHAT]())
except BrokenPipeError:
    os._exit(1)  # without a word
