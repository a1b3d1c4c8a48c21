"""What the programs share: they describe themselves, and misbehave only then."""

import json
import sys


def introduce():
    """Answer describe, as the protocol wants it."""
    say({"id": hear()["id"], "result": {"name": "misbehaves"}})


def hear():
    """The next request."""
    return json.loads(sys.stdin.readline())


def say(reply):
    """A reply as a line."""
    write(json.dumps({"jsonrpc": "2.0", **reply}) + "\n")


def write(text):
    """Anything, at once."""
    sys.stdout.write(text)
    sys.stdout.flush()
