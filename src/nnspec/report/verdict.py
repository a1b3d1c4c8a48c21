"""The verdict in one line: the word, the counts, and what was checked; and in sentences why it is inconclusive."""

from __future__ import annotations

from nnspec.contract.operations import PRECISIONS
from nnspec.report.record import (
    CORE,
    EXPECTED,
    FAILURES,
    FORM,
    IGNORED,
    OUT_OF_MEMORY,
    OUTCOMES,
    PASSED,
    SHOULD_FAILED,
    TIMED_OUT,
    UNCALLABLE,
    UNDECIDED,
    UNREADABLE,
    UNSUPPORTED,
    Record,
)
from nnspec.report.text import counted as plural
from nnspec.report.text import visible

CONFORMS = "CONFORMS"
DOES_NOT_CONFORM = "DOES NOT CONFORM"
INCONCLUSIVE = "INCONCLUSIVE"
#: The word for each exit status of a check that began.
WORDS = {0: CONFORMS, 1: DOES_NOT_CONFORM, 3: INCONCLUSIVE, 4: INCONCLUSIVE}

#: What counts as one and what as several, if it is not the same word.
_PLURALS = {
    "known failure": "known failures",
    "invalid message": "invalid messages",
    "error": "errors",
    "wrong form": "wrong forms",
    "ignored argument": "ignored arguments",
}
#: The order of the counts: what speaks against conformance, what keeps the verdict open, then everything else.
_ORDER = (
    *(*FAILURES, FORM, IGNORED, *UNDECIDED, PASSED, SHOULD_FAILED),
    *(outcome for outcome in OUTCOMES if outcome not in (*FAILURES, *UNDECIDED, PASSED)),
)
#: What to say of a form that is wrong.
_NAMES = {FORM: "wrong form"}


def word(record: Record) -> str:
    """The verdict: nothing is right or wrong about a program where nnspec itself failed."""
    return WORDS[record.exit_code]


def line(record: Record) -> str:
    """The verdict with its counts, TARGET, document, precision, version and seed. It has no line break."""
    return f"{word(record)}  {' · '.join(_counts(record))}  ({', '.join(_context(record))})"


def sentences(record: Record) -> list[str]:
    """What the budget cut off; and why the verdict is inconclusive, if it is."""
    reasons = _cut(record)
    if word(record) != INCONCLUSIVE or record.failed or record.unreachable:
        return reasons
    for outcome, what in ((TIMED_OUT, "timed out"), (OUT_OF_MEMORY, "ran out of memory")):
        if count := record.counts[outcome]:
            reasons.append(f"{plural(count, 'test')} {what}, which says nothing about right and wrong.")
    if uncallable := _operations(record, UNCALLABLE):
        reasons.append(
            f"The parameters of {uncallable} are not those of the contract, so nothing was called there."
        )
    if unreadable := _operations(record, UNREADABLE):
        reasons.append(f"The numbers of {unreadable} cannot be read exactly, so they cannot be judged.")
    if record.finished and record.budget is None and record.not_reached:
        reasons.append(f"{plural(len(record.not_reached), 'planned test')} did not run.")
    if why := _too_little(record):
        reasons.append(why)
    if missing := record.required_not_judged:
        reasons.append(f"--require names {', '.join(missing)}: not judged.")
    return reasons


def _cut(record: Record) -> list[str]:
    """What the budget ended in, and what it left out."""
    if record.budget is None or not record.not_reached:
        return []
    cut = record.cut or f"the budget of {record.budget:g} s ended before the tests did"
    left = f"{len(record.not_reached)} of {plural(len(record.planned), 'test')} were not reached"
    return [f"{cut[0].upper()}{visible(cut[1:])}: {left}."]


def _too_little(record: Record) -> str:
    """Why what passed is too little for a verdict; "" if it is not."""
    if record.judged.intersection(CORE):
        return ""
    if not record.planned:
        return f"No test was selected: {record.header.document or 'the specification'} has none of them."
    if record.header.precision not in ("", *PRECISIONS):
        return (
            f"Nothing is judged in {visible(record.header.precision)}, which is outside of the documents: "
            f"choose --precision {' or --precision '.join(PRECISIONS)}."
        )
    if record.counts[UNSUPPORTED] == len(record.planned):
        return (
            "Every test is unsupported: TARGET has none of the operations that they need, declines them, or "
            "declares that it does not support them. An adapter gives it the contract's operations (docs/contract.md)."
            f"{' Without --quick, other tests are tried too.' if record.header.quick else ''}"
        )
    *others, last = CORE
    core = f"{', '.join(others)} and {last}"
    levels = [test.level for test in record.planned if {*CORE}.intersection(test.operations)]
    if record.header.select and "MUST" not in levels:
        left_out = f"the MUST clauses of {core}" if levels else core
        passed = f"{_selected(record)} passed, but " if record.counts[PASSED] else ""
        return (
            f"{passed}--select leaves out {left_out}, and a verdict needs at least one of them: "
            "leave out --select, or select more."
        )
    return f"None of {core} was judged: the verdict needs at least one."


def _selected(record: Record) -> str:
    """The selected tests that passed."""
    passed, count = record.counts[PASSED], len(record.planned)
    if passed < count:
        return f"{passed} of {plural(count, 'selected test')}"
    return "The selected test" if count == 1 else f"All {count} selected tests"


def _counts(record: Record) -> list[str]:
    """How many tests ended in each way, failures first; what kept others from being run or judged."""
    if record.unreachable:
        return ["nnspec itself failed"] * bool(record.failed) + ["could not be reached"]
    numbers = record.counts
    numbers.update(observation.kind for _, observation in record.faults())
    numbers[EXPECTED] += len(record.faults(known=True))
    counts = ["nnspec itself failed"] if record.failed else []
    counts += [
        counted(numbers[name], _NAMES.get(name, name)) for name in _ORDER if numbers[name] or name == PASSED
    ]
    if record.errors:
        counts.append(counted(len(record.errors), "error"))
    if record.not_reached:
        within = f" in {record.budget:g} s" if record.budget is not None else ""
        counts.append(f"{len(record.not_reached)} not reached{within}")
    if record.interrupted:
        counts.append(f"interrupted by {record.interrupted}")
    lists = {
        UNCALLABLE: _operations(record, UNCALLABLE),
        "unreadable numbers": _operations(record, UNREADABLE),
        "declined": ", ".join(record.declined),
        "required, but not judged": ", ".join(record.required_not_judged),
    }
    return counts + [f"{name}: {names}" for name, names in lists.items() if names]


def _operations(record: Record, kind: str) -> str:
    """The operations that observations of this kind are of."""
    return ", ".join(dict.fromkeys(visible(observation.operation) for observation in record.observed(kind)))


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
    context += ["--strict"] if header.strict else []
    if header.require:
        from nnspec.contract.operations import OPERATIONS  # NumPy comes with it

        is_all = set(header.require) == set(OPERATIONS)
        context.append(f"--require {'all' if is_all else ','.join(header.require)}")
    return context + [f"--select {visible(name)}" for name in header.select]
