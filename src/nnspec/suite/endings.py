"""How a test ends, from the error that it raised."""

from __future__ import annotations

from nnspec.contract.errors import NoAnswer, OutsideDocument, Unsupported
from nnspec.judging.agreement import Disagreement, LowerPrecision
from nnspec.report import failure
from nnspec.report.record import FAILED, LOWER_PRECISION, NOT_JUDGED, PASSED, UNSUPPORTED


def ending(error: BaseException | None, when: str) -> tuple[str, str, dict[str, str]]:
    """The outcome, and why: a message, or what was compared; when: "setup", "call" or "teardown", as pytest has it."""
    if error is None:
        return PASSED, "", {}
    if isinstance(error, NoAnswer):
        return UNSUPPORTED if isinstance(error, OutsideDocument) else error.outcome, str(error), {}
    if isinstance(error, Disagreement):
        return LOWER_PRECISION if isinstance(error, LowerPrecision) else FAILED, "", error.parts()
    if when == "call" and isinstance(error, AssertionError):
        return FAILED, str(error), {}
    return NOT_JUDGED, f"nnspec itself failed here, so nothing was judged:\n{failure.details(error)}", {}


def declined(error: BaseException | None) -> str:
    """The operation that the program refused, if it offers it at all."""
    if not isinstance(error, Unsupported) or str(error).startswith(f"operation {error.operation} is missing"):
        return ""
    return error.operation
