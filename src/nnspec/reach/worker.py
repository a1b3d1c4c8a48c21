"""The process in which a Python implementation runs: it reads a message, makes the call and writes a message.

Started as ``python -m nnspec.reach.worker TARGET``. The implementation's own output goes to stderr, so it cannot be
mistaken for an answer. What this process and NumPy need is imported before the implementation's folder is on the
path, so that a file there may have any name.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any, BinaryIO

from nnspec.contract import operations, wire
from nnspec.contract.errors import ImplementationError, Unsupported, WrongUse
from nnspec.reach import targets
from nnspec.reach.server import Server, own_traceback

#: What messages, tracebacks and NumPy import only when they need it.
LATER = ("ast", "ctypes", "linecache", "pickle", "platform", "random", "secrets", "textwrap", "tokenize")


def main() -> None:
    """Serve the implementation that the first argument names until stdin ends."""
    messages_in, messages_out = _take_over_stdio()
    for module in LATER:
        importlib.import_module(module)
    target = sys.argv[1]
    try:
        server = Server(targets.load(target), name=target)
    except WrongUse as error:
        identity = wire.read(messages_in.readline())["id"]
        messages_out.write(wire.error(identity, wire.WRONG_TARGET, str(error)))
        messages_out.flush()
        return
    except SystemExit:
        raise
    except BaseException:  # foreign code may raise anything; its traceback is the answer
        sys.exit(own_traceback())
    numbers = "json"
    for line in messages_in:
        message = wire.read(line)
        if message["method"] == "describe":
            numbers, reply = _describe(server, message["id"])
        else:
            reply = _answer(server, message, numbers)
        _send(messages_out, reply)


def _send(messages_out: BinaryIO, reply: bytes) -> None:
    """Send a reply, or end without a word if nobody reads it: it was longer than it may be."""
    try:
        messages_out.write(reply)
        messages_out.flush()
    except OSError:
        os._exit(1)


def _take_over_stdio() -> tuple[BinaryIO, BinaryIO]:
    """Keep stdin and stdout for messages; the implementation gets an empty stdin, and stderr as stdout."""
    messages_in = os.fdopen(os.dup(0), "rb")
    messages_out = os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 (os.dup2 needs a descriptor)
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    return messages_in, messages_out


def _describe(server: Server, identity: Any) -> tuple[str, bytes]:
    """The format of numbers from now on, and the reply."""
    try:
        description = server.describe()
        asked = description.get("numbers")
        numbers = asked if asked in (wire.BASE64, wire.HEX) else "json"
        return numbers, wire.result(identity, wire.encode(description))
    except (Unsupported, ImplementationError, TypeError, ValueError, RecursionError) as error:
        return "json", wire.error(identity, wire.IMPLEMENTATION_ERROR, str(error))
    except SystemExit:
        raise
    except BaseException:  # its objects may raise anything where they are looked at
        return "json", wire.error(identity, wire.IMPLEMENTATION_ERROR, own_traceback())


def _answer(server: Server, message: dict[str, Any], numbers: str) -> bytes:
    """The reply to a call."""
    identity = message["id"]
    try:
        params = operations.arguments(wire.decode(message["params"]))
        if message["method"] == wire.CHANGED_ARGUMENTS:
            return wire.result(identity, server.changed_arguments(**params))
        return wire.result(identity, server.call(message["method"], params, numbers))
    except Unsupported as error:
        return wire.error(identity, wire.METHOD_NOT_FOUND, str(error))
    except ImplementationError as error:
        return wire.error(identity, wire.IMPLEMENTATION_ERROR, str(error))
    except ValueError as error:  # a whole number of thousands of digits
        return wire.error(
            identity, wire.IMPLEMENTATION_ERROR, f"the answer to {message['method']} cannot be sent: {error}"
        )
    except SystemExit:
        raise
    except BaseException:  # it, and the objects in its answer, may raise anything
        return wire.error(identity, wire.IMPLEMENTATION_ERROR, own_traceback())


if __name__ == "__main__":
    main()
