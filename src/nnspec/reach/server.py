"""A Python object as an implementation: calls its functions by the contract's names."""

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
from nnspec.contract.errors import ImplementationError, Unsupported
from nnspec.contract.operations import OPERATIONS, PROTOCOL


class Server:
    """Answers calls with what a module's or object's functions return."""

    def __init__(self, implementation: Any, name: str) -> None:
        """``name`` is what the implementation is called where it does not say so itself."""
        self.implementation = implementation
        self.name = name
        self.handles: dict[int, Any] = {}
        self._signatures: dict[str, inspect.Signature | None] = {}

    def describe(self) -> dict[str, Any]:
        """What the implementation says of itself, and what holds where it says nothing."""
        told = self._called("describe", {}) if hasattr(self.implementation, "describe") else {}
        return {"name": self.name, "language": "Python", "protocol": PROTOCOL, **told}

    def call(self, operation: str, params: dict[str, Any], numbers: str = "json") -> Any:
        """The answer as it travels; raises Unsupported, or ImplementationError with the traceback."""
        function = getattr(self.implementation, operation, None)
        if operation not in OPERATIONS or not callable(function):
            raise Unsupported(f"there is no {operation}{self._meant(operation)}")
        self._check_signature(operation, function, params)
        if operation == "predict":
            params = {**params, "network": self._held(params["network"])}
        given = self._called(operation, params)
        if operation == "fit":
            given = self._network_or_handle(given)
        try:
            return wire.encode(given, numbers)
        except (TypeError, ValueError, RecursionError) as error:
            raise ImplementationError(f"the answer to {operation} cannot travel: {error}") from None

    def changed_arguments(self, operation: str, params: dict[str, Any]) -> list[str]:
        """The names of the arrays in ``params`` that hold other numbers after the call than before it."""
        before = copy.deepcopy(params)
        self.call(operation, params)
        return list(_differing(before, params, ""))

    def _meant(self, operation: str) -> str:
        """A question, where another name that the implementation has is near this one."""
        names = [name for name in dir(self.implementation) if name not in OPERATIONS]
        near = difflib.get_close_matches(operation, names, n=1)
        return f" (is it {near[0]}?)" if near else ""

    def _called(self, operation: str, params: dict[str, Any]) -> Any:
        """What the function returns, with its exceptions as the contract has them."""
        try:
            return getattr(self.implementation, operation)(**params)
        except NotImplementedError as error:
            raise Unsupported(str(error) or f"{operation} does not do this case") from None
        except Exception:  # a stranger's function may raise anything; its traceback is the answer
            raise ImplementationError(own_traceback()) from None

    def _check_signature(self, operation: str, function: Any, params: dict[str, Any]) -> None:
        """Say how the contract calls an operation whose function cannot be called so."""
        if operation not in self._signatures:
            self._signatures[operation] = _signature(function)
        signature = self._signatures[operation]
        try:
            if signature is not None:
                signature.bind(**params)
        except TypeError as error:
            expected = ", ".join(OPERATIONS[operation].takes)
            raise ImplementationError(
                f"{operation}{signature} cannot be called: {error}. The contract calls it by keywords, as "
                f"{operation}({expected})."
            ) from None

    def _network_or_handle(self, given: Any) -> Any:
        """What fit gave, if it can travel; else a number that stands for it."""
        if isinstance(given, Mapping) and "weights" in given:
            return given
        handle = len(self.handles)
        self.handles[handle] = given
        return {"handle": handle}

    def _held(self, network: Any) -> Any:
        """What a number stands for."""
        if isinstance(network, Mapping) and "handle" in network:
            if network["handle"] not in self.handles:
                raise ImplementationError(
                    "the process that fitted this network has ended, and the network with it"
                )
            return self.handles[network["handle"]]
        return network


def _signature(function: Any) -> inspect.Signature | None:
    """How a function is called; a function written in C has nothing to look at."""
    try:
        return inspect.signature(function)
    except (TypeError, ValueError):
        return None


def _differing(before: Any, after: Any, name: str) -> Iterator[str]:
    """Where two structures of plain values differ, as ``network.weights[0]``."""
    if isinstance(before, dict) and isinstance(after, dict) and set(before) == set(after):
        for key in before:
            yield from _differing(before[key], after[key], f"{name}.{key}".lstrip("."))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, pair in enumerate(zip(before, after, strict=True)):
            yield from _differing(*pair, f"{name}[{index}]")
    elif isinstance(before, (dict, list)) or not np.array_equal(before, after):
        yield name


def own_traceback() -> str:
    """The traceback of the exception in hand, without the frames of nnspec and of the import system."""
    kind, error, frames = sys.exc_info()
    rooms = Path(__file__).parents[1]
    harness = {rooms / "reach", rooms / "contract"}
    own = [
        frame
        for frame in traceback.extract_tb(frames)
        if not frame.filename.startswith("<frozen") and Path(frame.filename).parent not in harness
    ]
    return "".join([*traceback.format_list(own[-3:]), *traceback.format_exception_only(kind, error)]).rstrip()
