"""Shared by the programs, which answer describe and misbehave only after that."""

import json
import sys


def introduce():
    """Answer describe, as the protocol requires."""
    send({"id": receive()["id"], "result": {"name": "misbehaves"}})


def receive():
    """The next request."""
    return json.loads(sys.stdin.readline())


def send(reply):
    """Send a reply as a line."""
    write(json.dumps({"jsonrpc": "2.0", **reply}) + "\n")


def write(text):
    """Write text, and flush."""
    sys.stdout.write(text)
    sys.stdout.flush()
