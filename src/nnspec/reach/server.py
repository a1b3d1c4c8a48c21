"""A Python object as an implementation: its functions are called by the contract's names."""

from __future__ import annotations

import copy
import difflib
import inspect
import sys
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from nnspec.contract import wire
from nnspec.contract.bounds import MESSAGE, NAME, beginning
from nnspec.contract.errors import ImplementationError, Unsupported
from nnspec.contract.operations import OPERATIONS, PROTOCOL


class Server:
    """Answers calls with the functions of a module or an object."""

    def __init__(self, implementation: Any, name: str) -> None:
        """``name``: the implementation's name if its describe has none."""
        self.implementation = implementation
        self.name = name
        self.handles: dict[int, Any] = {}
        self._signatures: dict[str, inspect.Signature | None] = {}

    def describe(self) -> dict[str, Any]:
        """The implementation's description, with defaults for what it leaves out; raises as ``call`` does."""
        description = self._invoke("describe", {}) if hasattr(self.implementation, "describe") else {}
        if not isinstance(description, Mapping):
            raise ImplementationError(
                f"describe returned {beginning(repr(description), NAME)}; it must return a dictionary."
            )
        return {"name": self.name, "language": "Python", "protocol": PROTOCOL, **description}

    def call(self, operation: str, params: dict[str, Any], numbers: str = "json") -> Any:
        """The answer, encoded; raises Unsupported, or ImplementationError with the traceback."""
        function = getattr(self.implementation, operation, None)
        if operation not in OPERATIONS or not callable(function):
            raise Unsupported(f"operation {operation} is missing{self._suggestion(operation)}")
        self._check_signature(operation, function, params)
        if operation == "predict":
            params = {**params, "network": self._network_of(params["network"])}
        answer = self._invoke(operation, params)
        if operation == "fit":
            answer = self._network_or_handle(answer)
        try:
            return wire.encode(answer, numbers)
        except (TypeError, ValueError, RecursionError) as error:
            raise ImplementationError(f"the answer to {operation} cannot be sent: {error}") from None

    def changed_arguments(self, operation: str, params: dict[str, Any]) -> list[str]:
        """The names of the arrays in ``params`` whose numbers the call changes."""
        before = copy.deepcopy(params)
        self.call(operation, params)
        return list(_differences(before, params, ""))

    def _suggestion(self, operation: str) -> str:
        """A question, if the implementation has a function with a similar name."""
        names = [name for name in dir(self.implementation) if name not in OPERATIONS]
        names = [name for name in names if callable(inspect.getattr_static(self.implementation, name, None))]
        near = difflib.get_close_matches(operation, names, n=1)
        return f" (rename {near[0]} to {operation}?)" if near else ""

    def _invoke(self, operation: str, params: dict[str, Any]) -> Any:
        """What the function returns; its exceptions become the contract's."""
        try:
            return getattr(self.implementation, operation)(**params)
        except NotImplementedError as error:
            reason = beginning(str(error), MESSAGE)
            raise Unsupported(reason or f"{operation} does not support this case") from None
        except Exception:  # foreign code may raise anything; its traceback is the answer
            raise ImplementationError(own_traceback()) from None

    def _check_signature(self, operation: str, function: Any, params: dict[str, Any]) -> None:
        """Raise ImplementationError if the function does not take the contract's arguments."""
        if operation not in self._signatures:
            self._signatures[operation] = _signature(function)
        signature = self._signatures[operation]
        try:
            if signature is not None:
                signature.bind(**params)
        except TypeError as error:
            expected = ", ".join(OPERATIONS[operation].takes)
            raise ImplementationError(
                f"{operation}{signature} has the wrong parameters: {error}. "
                f"The contract calls it by keywords, as {operation}({expected})."
            ) from None

    def _network_or_handle(self, fitted: Any) -> Any:
        """A network itself; a handle for anything else that fit returned."""
        if isinstance(fitted, Mapping) and "weights" in fitted:
            return fitted
        handle = len(self.handles)
        self.handles[handle] = fitted
        return {"handle": handle}

    def _network_of(self, network: Any) -> Any:
        """The network of a handle; any other network unchanged."""
        if isinstance(network, Mapping) and "handle" in network:
            if network["handle"] not in self.handles:
                raise ImplementationError(
                    "the process that fitted this network has ended, so the network is lost"
                )
            return self.handles[network["handle"]]
        return network


def _signature(function: Any) -> inspect.Signature | None:
    """A function's signature; None for a function written in C."""
    try:
        return inspect.signature(function)
    except (TypeError, ValueError):
        return None


def _differences(before: Any, after: Any, name: str) -> Iterator[str]:
    """The places where two structures of plain values differ, as ``network.weights[0]``."""
    if isinstance(before, dict) and isinstance(after, dict) and set(before) == set(after):
        for key in before:
            yield from _differences(before[key], after[key], f"{name}.{key}".lstrip("."))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, pair in enumerate(zip(before, after, strict=True)):
            yield from _differences(*pair, f"{name}[{index}]")
    elif isinstance(before, (dict, list)) or not np.array_equal(before, after):
        yield name


def own_traceback() -> str:
    """The current exception's traceback, without the frames of nnspec and of the import system."""
    kind, error, frames = sys.exc_info()
    rooms = Path(__file__).parents[1]
    harness = {rooms / "reach", rooms / "contract"}
    own = [
        frame
        for frame in traceback.extract_tb(frames)
        if not frame.filename.startswith("<frozen") and Path(frame.filename).parent not in harness
    ]
    what = "".join(traceback.format_exception_only(kind, error)).rstrip()
    return "".join([*traceback.format_list(own[-3:]), beginning(what, MESSAGE // 2)])
