"""The precision that a program is held to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nnspec.reach.transports import Transport


class HeldTo:
    """A transport to a program that is held to a precision, whatever its describe says."""

    def __init__(self, transport: Transport, precision: str) -> None:
        """The program answers as before; only what is expected of it changes."""
        self._transport = transport
        self.description = replace(transport.description, precision=precision)

    def __getattr__(self, name: str) -> Any:
        """Everything else is the transport's."""
        return getattr(self._transport, name)
