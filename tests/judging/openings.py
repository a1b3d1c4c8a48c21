"""The opening of a check of a miniature, or of any program, in this process."""

from __future__ import annotations

from nnspec.judging import opening
from nnspec.reach.transports import InProcess


def opened(program, **more):
    """What the opening finds of a program."""
    transport = InProcess(program, type(program).__name__)
    return opening.begin(transport.call, transport.description, **more)


def of_kind(found, kind):
    """The messages of this kind, by operation."""
    return {one.operation: one.message for one in found.observations if one.kind == kind}
