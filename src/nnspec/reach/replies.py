"""What is wrong with a line that is no reply to a call, and how to fix it: what JSON libraries make of a message."""

from __future__ import annotations

import re
from typing import Any

from nnspec.contract.bounds import WORDS, beginning

#: What a line holds that is not JSON.
NO_JSON = object()


def fault(message: Any, identity: int) -> str:
    """What keeps a message, NO_JSON for a line that is none, from being the reply to the call with this id."""
    if message is NO_JSON:
        return "it is not JSON: write to stderr what is not an answer"
    if not isinstance(message, dict):
        return f'it is not an object: answer {{"jsonrpc": "2.0", "id": {identity}, "result": …}}'
    if "id" not in message:
        return f"it has no id: answer with the id of the call, {identity}"
    if (got := message["id"]) != identity:
        return _wrong_id(got, identity)
    if "error" in message:
        return 'its error is not an object: answer "error": {"code": -32000, "message": "why"}'
    return "it has neither a result nor an error"


def alike(message: str) -> str:
    """The message of an error without the line and the numbers that are of one call alone."""
    return re.sub(r"the line .*; |\d", "", message)


def _wrong_id(got: Any, identity: int) -> str:
    """An id that is not the call's: another one, or the same in another form."""
    if got == [identity]:
        return (
            f"its id is a list, {got}: answer with the id as it came, {identity} "
            "(in R, jsonlite::toJSON(…, auto_unbox = TRUE))"
        )
    if got == str(identity):
        return f"its id is a string: answer with the number, {identity}"
    return f"its id is {beginning(repr(got), WORDS)}, and that of the call is {identity}"
