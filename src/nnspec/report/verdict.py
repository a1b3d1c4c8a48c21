"""The verdict in one line: the word, the counts, and what was checked."""

from __future__ import annotations

from nnspec.report.record import FAILURES, OUTCOMES, PASSED, Record
from nnspec.report.text import visible

CONFORMS = "CONFORMS"
DOES_NOT_CONFORM = "DOES NOT CONFORM"
INCONCLUSIVE = "INCONCLUSIVE"

#: What counts as one and what as several, if it is not the same word.
_PLURALS = {"known failure": "known failures", "invalid message": "invalid messages", "error": "errors"}


def word(record: Record) -> str:
    """The verdict; INCONCLUSIVE if nothing wrong was found and the run never began or was interrupted."""
    if record.unreachable or (record.interrupted and not record.reasons):
        return INCONCLUSIVE
    return DOES_NOT_CONFORM if record.reasons else CONFORMS


def line(record: Record) -> str:
    """The verdict with its counts, TARGET, document, precision, version and seed. It has no line break."""
    return f"{word(record)}  {' · '.join(_counts(record))}  ({', '.join(_context(record))})"


def _counts(record: Record) -> list[str]:
    """How many tests ended in each way, failures first; and what kept others from being run."""
    if record.unreachable:
        return ["could not be reached"]
    outcomes = [*FAILURES, *(outcome for outcome in OUTCOMES if outcome not in FAILURES)]
    counts = [
        counted(record.counts[name], name) for name in outcomes if record.counts[name] or name == PASSED
    ]
    if record.errors:
        counts.append(counted(len(record.errors), "error"))
    if record.not_reached:
        within = f" in {record.budget:g} s" if record.budget is not None else ""
        counts.append(f"{len(record.not_reached)} not reached{within}")
    if record.interrupted:
        counts.append(f"interrupted by {record.interrupted}")
    return counts


def counted(number: int, name: str) -> str:
    """``3 failed``, ``1 known failure``, ``2 known failures``."""
    return f"{number} {name if number == 1 else _PLURALS.get(name, name)}"


def _context(record: Record) -> list[str]:
    """What was checked, and how."""
    header = record.header
    context = [visible(header.target), header.document or "all documents"]
    context += [header.precision] if header.precision else []
    context += [f"nnspec {header.version}", f"seed {header.seed}"]
    context += ["--quick"] if header.quick else []
    return context + [f"--select {visible(name)}" for name in header.select]
