"""The names of faults: what a check finds of an operation before the first clause, and a known failure may name.

A wrong form is form.OPERATION, an ignored argument ignored.OPERATION.ARGUMENT.
"""

from __future__ import annotations

_FORM, _IGNORED = "form", "ignored"


def form_fault(operation: str) -> str:
    """The name of a wrong form, such as ``form.gradients``."""
    return f"{_FORM}.{operation}"


def ignored_fault(operation: str, argument: str) -> str:
    """The name of an ignored argument, such as ``ignored.loss.objective.reduction``."""
    return f"{_IGNORED}.{operation}.{argument}".rstrip(".")


def is_fault(name: str) -> bool:
    """Whether a name is that of a fault, and not of tests."""
    return name.partition(".")[0] in (_FORM, _IGNORED)
