"""Records that the tests of reports share."""

from __future__ import annotations

from dataclasses import replace

from nnspec.documents.places import wildml
from nnspec.report.record import FAILED, PASSED, Explained, Header, Planned, Record, Result

CASE = Planned(
    case="gradients.penalty:as_small_as_in_the_documents[mean-l2-0.001]",
    clause="gradients.penalty",
    sentence="The penalty adds λ W to the gradient on the weights of every layer, and nothing to that on a bias.",
    level="MUST",
    sources=(wildml("Implementation"),),
)
HEADER = Header(
    target="mine.py",
    implementation="mine 1",
    precision="float64",
    document="cs231n",
    replay=("nnspec", "check", "mine.py", "--document", "cs231n", "--select", "CASE"),
    version="9.9",
)
NUMBERS = {
    "first wrong": "gradients.biases[0][0]",
    "got": "0.25",
    "expected": "0.5",
    "tolerance": "± 1.0e-16",
    "wrong": "3 of 4 numbers",
}
PENALISED = Explained(
    operation="gradients",
    cases=("gradients.penalty:1", "gradients.penalty:2"),
    names=("BiasesPenalised",),
    wrong=("The penalty's gradient is added to that on the biases too.",),
    fix=("Leave the gradient on the biases without a penalty.",),
)


def record(*results: Result, planned: int | None = None, **header: object) -> Record:
    """A finished run of cases that differ in their number alone."""
    count = len(results) if planned is None else planned
    cases = [replace(CASE, case=f"gradients.penalty:{index}") for index in range(count)]
    return Record(replace(HEADER, **header), cases, list(results), finished=True)


def ended(*outcomes: str) -> list[Result]:
    """A result a case, in order; the tests that passed have called ``gradients``."""
    return [
        Result(
            f"gradients.penalty:{index}",
            outcome,
            comparison=NUMBERS if outcome == FAILED else {},
            operations=("gradients",) if outcome == PASSED else (),
        )
        for index, outcome in enumerate(outcomes)
    ]


def explained(*findings: Explained) -> Record:
    """One test that passed and three that failed, with these findings."""
    made = record(*ended(PASSED, FAILED, FAILED, FAILED))
    made.findings = list(findings)
    return made


def should(made: Record, *numbers: int) -> Record:
    """The record with these of its cases in a clause that no document states."""
    made.planned = [
        replace(planned, level="SHOULD") if number in numbers else planned
        for number, planned in enumerate(made.planned)
    ]
    return made
