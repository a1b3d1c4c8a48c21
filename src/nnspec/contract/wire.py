"""Messages: JSON-RPC 2.0, one per line, with numbers that arrive bit for bit.

A number is a JSON number that round-trips; NaN and the infinities are the strings "NaN", "Infinity" and
"-Infinity". Some languages print 15 digits, or read 17 wrong, so an implementation may ask for another form: "base64",
in which an array is ``{"base64": …, "shape": […]}``, its elements as little-endian float64 in row order; or "hex", in
which every float is a string such as "0x1.8p+1", as C's ``%a`` prints and its ``strtod`` reads it.

Python's own worker also gets the dtype of whole numbers if it is not the default,
``{"integers": […], "dtype": "uint8"}``; any other program gets plain numbers.
"""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from nnspec.contract.bounds import DEPTH, DIGITS, Bounds, TooLarge, beginning

METHOD_NOT_FOUND = -32601
IMPLEMENTATION_ERROR = -32000
#: TARGET names an object that its file or module lacks; only nnspec.reach.worker sends this, in reply to describe.
WRONG_TARGET = -32001

#: Method of Python's own worker: which arguments a call changes. Its params are those of Server.changed_arguments.
CHANGED_ARGUMENTS = "nnspec.changed_arguments"
#: The format of numbers to and from Python's own worker: plain JSON, with the dtypes of whole numbers.
TYPED = "typed"

#: The formats in which arrays are bytes, and floats are strings.
BASE64, HEX = "base64", "hex"

#: A float as C's %a prints it.
_HEX = re.compile(r"[+-]?0[xX][0-9a-fA-F]{1,17}(?:\.[0-9a-fA-F]{0,16})?[pP][+-]?[0-9]{1,5}")
_NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def request(identity: int, method: str, params: Mapping[str, Any], numbers: str = "json") -> bytes:
    """A call as a line."""
    call = {"jsonrpc": "2.0", "id": identity, "method": method, "params": encode(params, numbers)}
    return _line(call)


def result(identity: Any, encoded: Any) -> bytes:
    """An answer, already encoded, as a line."""
    return _line({"jsonrpc": "2.0", "id": identity, "result": encoded})


def error(identity: Any, code: int, message: str) -> bytes:
    """An error as a line."""
    return _line({"jsonrpc": "2.0", "id": identity, "error": {"code": code, "message": message}})


def read(line: bytes) -> Any:
    """A line as a message; raises ValueError if it is not JSON, or nested too deeply."""
    try:
        return json.loads(line, parse_int=_whole_number)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _whole_number(digits: str) -> int:
    if len(digits) > DIGITS:
        raise ValueError(f"a whole number of {len(digits)} digits")
    return int(digits)


def encode(value: Any, numbers: str = "json") -> Any:
    """A value in the types of JSON; raises TypeError if it is not a plain value."""
    if value is None or isinstance(value, (bool, str, int)):
        return value
    if isinstance(value, float):
        return _encode_float(value, numbers)
    if isinstance(value, Mapping):
        return {str(key): encode(item, numbers) for key, item in value.items()}
    if isinstance(value, np.generic):
        return encode(_as_array(value).item(), numbers)
    if isinstance(value, (list, tuple, range)):
        return [encode(item, numbers) for item in value]
    return _encode_array(_as_array(value), numbers)


def decode(value: Any) -> Any:
    """A JSON value, with base64 turned into arrays, and names of NaN and the infinities and hex into numbers."""
    if isinstance(value, dict):
        if set(value) == {"base64", "shape"}:
            return _decode_array(value)
        if set(value) == {"integers", "dtype"}:
            return np.asarray(value["integers"], dtype=value["dtype"])
        return {key: decode(item) for key, item in value.items()}
    if isinstance(value, list):
        return [decode(item) if isinstance(item, (dict, list, str)) else item for item in value]
    if isinstance(value, str):
        return float.fromhex(value) if _HEX.fullmatch(value) else _NOT_FINITE.get(value, value)
    return value


def decode_answer(value: Any, bounds: Bounds, numbers: str = "json") -> Any:
    """A program's answer, decoded within its bounds; raises ValueError if it is larger.

    numbers: the format that the program asked for: in others than "hex", a string like a float stays a string. Only a
    caller sends dtypes, so none is read here: ``{"integers": …, "dtype": …}`` stays an object like any other. Long
    strings are cut, since NumPy pads the strings of an array to the longest.
    """
    return _decoded(value, bounds, 0, is_hex=numbers == HEX)


def _decoded(value: Any, bounds: Bounds, depth: int, *, is_hex: bool) -> Any:
    if depth > DEPTH:
        raise TooLarge(f"its answer has lists in lists more than {DEPTH} deep")
    if isinstance(value, dict):
        if set(value) == {"base64", "shape"}:
            return _decode_array(value, bounds.values)
        return {
            beginning(key, bounds.string): _decoded(item, bounds, depth + 1, is_hex=is_hex)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [
            _decoded(item, bounds, depth + 1, is_hex=is_hex) if isinstance(item, (dict, list, str)) else item
            for item in value
        ]
    if isinstance(value, str):
        if is_hex and _HEX.fullmatch(value):
            return float.fromhex(value)
        return _NOT_FINITE.get(value) or beginning(value, bounds.string)
    return value


def _line(message: Mapping[str, Any]) -> bytes:
    return json.dumps(message, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def _encode_float(value: float, numbers: str) -> float | str:
    if not math.isfinite(value):
        return _name(value)
    return value.hex() if numbers == HEX else value


def _name(value: float) -> str:
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _as_array(value: Any) -> np.ndarray[Any, np.dtype[Any]]:
    """Anything that NumPy can read, including a tensor that tracks gradients."""
    if hasattr(value, "detach"):
        value = value.detach()
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise TypeError(
            f"{type(value).__name__} is not a plain value: return numbers, lists, arrays or dictionaries"
        )
    if array.dtype.kind == "f" and array.dtype.itemsize > 8:  # JSON has no extended precision
        return array.astype(float)
    return array


def _encode_array(array: np.ndarray[Any, np.dtype[Any]], numbers: str) -> Any:
    if numbers == BASE64 and array.dtype.kind == "f":
        content = base64.b64encode(np.ascontiguousarray(array, dtype="<f8").tobytes()).decode()
        return {"base64": content, "shape": list(array.shape)}
    if numbers == TYPED and array.dtype.kind in "iu" and array.dtype != int:
        return {"integers": array.tolist(), "dtype": array.dtype.name}
    if array.dtype.kind == "f" and (numbers == HEX or not np.isfinite(array).all()):
        return encode(array.tolist(), numbers)
    return array.tolist()


def _decode_array(value: dict[str, Any], most: float = math.inf) -> Any:
    """Raises ValueError if the content does not have the shape, or if a side of it is longer than ``most``."""
    shape = [int(size) for size in value["shape"]]
    if len(shape) > DEPTH or not all(0 <= size <= most for size in shape):
        raise ValueError(f"no answer has the shape {shape[:DEPTH]}")
    content = base64.b64decode(value["base64"], validate=True)
    if math.prod(shape) * 8 != len(content):
        raise ValueError(f"{len(content)} bytes are not float64 numbers of the shape {shape}")
    return np.frombuffer(content, dtype="<f8").reshape(shape).astype(float)
