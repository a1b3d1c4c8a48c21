"""The verdict: a table of what happened, and the word, the status and the last line that it comes to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from records import ended, record, should

from nnspec.report import terminal, verdict
from nnspec.report.record import (
    CRASHED,
    EXPECTED,
    FAILED,
    FORM,
    IGNORED,
    LOWER_PRECISION,
    NO_MESSAGE,
    NOT_JUDGED,
    NOTE,
    OUT_OF_MEMORY,
    PASSED,
    TIMED_OUT,
    UNREADABLE,
    UNSUPPORTED,
    Header,
    Observation,
    Record,
    Result,
)

CONTEXT = "(mine.py, cs231n, float64, nnspec 9.9, seed 0)"
STATUSES = {verdict.CONFORMS: 0, verdict.DOES_NOT_CONFORM: 1, verdict.INCONCLUSIVE: 3}


def changed(made, **values):
    """The record with other values."""
    for name, value in values.items():
        setattr(made, name, value)
    return made


def observed(made, *kinds):
    """The record with an observation of each kind."""
    return changed(
        made, observations=[Observation(kind, "train", "what was found", "what to do") for kind in kinds]
    )


def ignoring(made, *arguments):
    """The record of a program whose train ignores these arguments."""
    return changed(made, observations=[Observation(IGNORED, "train", "what", "fix", arguments)])


def refusing(operation, *, answered=(), command=False):
    """A run in which the program itself refuses an operation; ``answered``: what it answers in another test."""
    results = [
        Result("gradients.penalty:0", PASSED, operations=("gradients", *answered)),
        Result("gradients.penalty:1", UNSUPPORTED, "not today", declined=operation),
    ]
    words = ("nnspec", "check", "--select", "CASE", *(("--", "node", "mine.js") if command else ()))
    return record(*results, replay=words)


# ---- the table: what happened, the word, and the counts of the last line ----

TABLE = {
    "everything passed": (
        record(*ended(PASSED, PASSED, UNSUPPORTED)),
        "CONFORMS  2 passed · 1 unsupported",
    ),
    "a wrong answer": (record(*ended(PASSED, FAILED)), "DOES NOT CONFORM  1 failed · 1 passed"),
    "a lower precision": (
        record(*ended(PASSED, LOWER_PRECISION)),
        "DOES NOT CONFORM  1 lower precision · 1 passed",
    ),
    "a crash": (record(*ended(PASSED, CRASHED)), "DOES NOT CONFORM  1 crashed · 1 passed"),
    "lines that are no messages": (
        record(*ended(PASSED, NO_MESSAGE, NO_MESSAGE)),
        "DOES NOT CONFORM  2 invalid messages · 1 passed",
    ),
    "a timeout": (record(*ended(PASSED, TIMED_OUT)), "INCONCLUSIVE  1 timed out · 1 passed"),
    "no memory": (record(*ended(PASSED, OUT_OF_MEMORY)), "INCONCLUSIVE  1 out of memory · 1 passed"),
    "a timeout in a SHOULD clause": (
        should(record(*ended(PASSED, TIMED_OUT)), 1),
        "INCONCLUSIVE  1 timed out · 1 passed",
    ),
    "a single wrong answer beside timeouts": (
        record(*ended(PASSED, FAILED, TIMED_OUT, TIMED_OUT)),
        "DOES NOT CONFORM  1 failed · 2 timed out · 1 passed",
    ),
    "a wrong form": (
        observed(record(*ended(PASSED, NOT_JUDGED)), FORM),
        "DOES NOT CONFORM  1 wrong form · 1 passed · 1 not judged",
    ),
    "arguments that are ignored": (
        observed(record(*ended(PASSED)), FORM, FORM, IGNORED, IGNORED),
        "DOES NOT CONFORM  2 wrong forms · 2 ignored arguments · 1 passed",
    ),
    "two arguments of one operation that are ignored": (
        ignoring(record(*ended(PASSED)), "inputs", "labels"),
        "DOES NOT CONFORM  2 ignored arguments · 1 passed",
    ),
    "a wrong form that is known": (
        observed(record(*ended(PASSED, EXPECTED, NOT_JUDGED), known_failures={"form.train": "why"}), FORM),
        "CONFORMS  1 passed · 2 known failures · 1 not judged",
    ),
    "a wrong form that is known, and nothing else": (
        observed(record(*ended(NOT_JUDGED), known_failures={"form.train": "why"}), FORM),
        "INCONCLUSIVE  0 passed · 1 known failure · 1 not judged",
    ),
    "a wrong form of another operation than the one that is known": (
        observed(record(*ended(PASSED), known_failures={"form.loss": "why"}), FORM),
        "DOES NOT CONFORM  1 wrong form · 1 passed",
    ),
    "ignored arguments of which one is known": (
        ignoring(record(*ended(PASSED), known_failures={"ignored.train.labels": "why"}), "inputs", "labels"),
        "DOES NOT CONFORM  1 ignored argument · 1 passed · 1 known failure",
    ),
    "numbers that cannot be read": (
        observed(record(*ended(PASSED, NOT_JUDGED)), UNREADABLE),
        "INCONCLUSIVE  1 passed · 1 not judged · unreadable numbers: train",
    ),
    "a note": (observed(record(*ended(PASSED)), NOTE), "CONFORMS  1 passed"),
    "a known failure": (record(*ended(PASSED, EXPECTED, EXPECTED)), "CONFORMS  1 passed · 2 known failures"),
    "known failures alone": (record(*ended(EXPECTED)), "INCONCLUSIVE  0 passed · 1 known failure"),
    "a known failure that passes": (
        changed(record(*ended(PASSED)), errors=["it passes"]),
        "DOES NOT CONFORM  1 passed · 1 error",
    ),
    "a SHOULD clause that fails": (
        should(record(*ended(PASSED, FAILED, CRASHED)), 1, 2),
        "CONFORMS  1 passed · 2 SHOULD failed",
    ),
    "SHOULD and MUST clauses that fail": (
        should(record(*ended(PASSED, FAILED, FAILED)), 1),
        "DOES NOT CONFORM  1 failed · 1 passed · 1 SHOULD failed",
    ),
    "nothing in common": (record(*ended(UNSUPPORTED)), "INCONCLUSIVE  0 passed · 1 unsupported"),
    "nothing selected": (record(planned=0), "INCONCLUSIVE  0 passed"),
    "a small part of the contract": (
        record(Result("gradients.penalty:0", PASSED, operations=("softmax", "loss"))),
        "INCONCLUSIVE  1 passed",
    ),
    "a part that is judged by SHOULD clauses alone": (
        should(record(*ended(PASSED)), 0),
        "INCONCLUSIVE  1 passed",
    ),
    "an estimator": (
        record(Result("gradients.penalty:0", PASSED, operations=("fit", "predict"))),
        "CONFORMS  1 passed",
    ),
    "a planned test without a result": (
        record(*ended(PASSED), planned=2),
        "INCONCLUSIVE  1 passed · 1 not reached",
    ),
    "a run that ended early": (changed(record(*ended(PASSED)), finished=False), "INCONCLUSIVE  1 passed"),
    "a budget that was spent": (
        changed(record(*ended(PASSED), planned=3), budget=20.0),
        "INCONCLUSIVE  1 passed · 2 not reached in 20 s",
    ),
    "a budget that was spent after a wrong answer": (
        changed(record(*ended(FAILED), planned=3), budget=20.0),
        "DOES NOT CONFORM  1 failed · 0 passed · 2 not reached in 20 s",
    ),
    "a budget that was spent on the diagnosis": (
        changed(record(*ended(PASSED)), budget=20.0),
        "CONFORMS  1 passed",
    ),
    "an interruption": (
        changed(record(*ended(PASSED), planned=3), finished=False, interrupted="SIGINT"),
        "INCONCLUSIVE  1 passed · 2 not reached · interrupted by SIGINT",
    ),
    "an interruption after a wrong answer": (
        changed(record(*ended(FAILED), planned=3), finished=False, interrupted="SIGTERM"),
        "DOES NOT CONFORM  1 failed · 0 passed · 2 not reached · interrupted by SIGTERM",
    ),
    "an operation that is declined everywhere": (
        refusing("train"),
        "CONFORMS  1 passed · 1 unsupported · declined: train",
    ),
    "an operation that is declined in some tests": (
        refusing("loss", answered=["loss"], command=True),
        "CONFORMS  1 passed · 1 unsupported · declined: loss",
    ),
    "an operation that a command does not have": (
        refusing("fit", command=True),
        "CONFORMS  1 passed · 1 unsupported",
    ),
}


@pytest.mark.parametrize("what", TABLE)
def test_what_happened_has_its_word_its_status_and_its_last_line(what):
    made, line = TABLE[what]

    assert verdict.line(made) == f"{line}  {CONTEXT}"
    assert made.exit_code == STATUSES[line.partition("  ")[0]]
    assert bool(made.reasons) == (made.exit_code != 0)


def test_under_strict_a_should_clause_counts_like_any_other():
    made = should(record(*ended(PASSED, FAILED), strict=True), 1)

    assert verdict.line(made) == (
        "DOES NOT CONFORM  1 failed · 1 passed  (mine.py, cs231n, float64, nnspec 9.9, seed 0, --strict)"
    )
    assert made.exit_code == 1


def test_a_required_operation_that_was_not_judged_is_named():
    made = record(*ended(PASSED), require=("gradients", "fit", "train"))

    assert verdict.line(made) == (
        "INCONCLUSIVE  1 passed · required, but not judged: fit, train  "
        "(mine.py, cs231n, float64, nnspec 9.9, seed 0, --require gradients,fit,train)"
    )
    assert made.exit_code == 3


def test_required_operations_that_were_judged_are_enough():
    made = record(*ended(PASSED), require=("gradients",))

    assert verdict.line(made).startswith("CONFORMS  1 passed  (")


def test_an_implementation_that_was_not_reached_is_not_judged():
    made = Record(Header("mine.py", version="9.9"), unreachable="no such file")

    assert (
        verdict.line(made)
        == "INCONCLUSIVE  could not be reached  (mine.py, all documents, nnspec 9.9, seed 0)"
    )
    assert made.exit_code == 3


@pytest.mark.parametrize("made", [record(*ended(PASSED)), record(*ended(FAILED)), Record(Header("mine.py"))])
def test_where_nnspec_itself_failed_nothing_is_right_or_wrong(made):
    made = replace(made, failed="in gradients.penalty:0:\nZeroDivisionError")

    assert verdict.line(made).startswith("INCONCLUSIVE  nnspec itself failed · ")
    assert made.exit_code == 4
    assert (
        "error        nnspec itself failed: in gradients.penalty:0:\n  ZeroDivisionError"
        in terminal.render(made)
    )


def test_the_traceback_of_nnspecs_own_failure_is_short_unless_all_is_asked_for():
    frames = "\n".join(f"frame {number}" for number in range(50))
    made = replace(record(*ended(PASSED)), failed=f"in gradients.penalty:0:\n{frames}\nKeyError")

    usual, verbose = (terminal.render(made, verbosity=level) for level in (0, terminal.VERBOSE))

    assert (usual.count("frame"), verbose.count("frame")) == (2, 50)
    assert "KeyError" in usual


# ---- what was checked ----


def test_a_part_of_the_tests_is_named():
    made = record(*ended(PASSED), quick=True, select=("gradients", "losses"), seed=7, document="")

    assert verdict.line(made).endswith(
        "(mine.py, all documents, float64, nnspec 9.9, seed 7, --quick, --select gradients, --select losses)"
    )


def test_every_operation_is_all():
    from nnspec.contract.operations import OPERATIONS

    assert verdict.line(record(*ended(PASSED), require=tuple(OPERATIONS))).endswith(", --require all)")


def test_a_precision_that_is_not_known_yet_is_left_out():
    made = record(*ended(PASSED), precision="")

    assert verdict.line(made).endswith("(mine.py, cs231n, nnspec 9.9, seed 0)")


# ---- why it is inconclusive ----


@pytest.mark.parametrize(
    ("what", "why"),
    [
        (
            "a small part of the contract",
            "None of gradients, train and fit was judged: the verdict needs at least one.",
        ),
        ("nothing in common", "TARGET has none of the operations that they need"),
        ("nothing selected", "No test was selected: cs231n has none of them."),
        ("a timeout", "1 test timed out, which says nothing about right and wrong."),
        ("no memory", "1 test ran out of memory, which says nothing about right and wrong."),
        ("numbers that cannot be read", "The numbers of train cannot be read exactly"),
        ("a planned test without a result", "1 planned test did not run."),
        (
            "a budget that was spent",
            "The budget of 20 s ended before the tests did: 2 of 3 tests were not reached.",
        ),
        (
            "a budget that was spent after a wrong answer",
            "The budget of 20 s ended before the tests did: 2 of 3 tests were not reached.",
        ),
    ],
)
def test_a_sentence_above_the_last_line_says_why(what, why):
    made, _ = TABLE[what]

    *_, sentence, empty, _ = terminal.render(made, width=1000).splitlines()

    assert why in sentence or why in terminal.render(made, width=1000).replace("\n", " ")
    assert empty == ""


def selected(*outcomes, operations=("softmax",), level="MUST"):
    """A run of selected tests of a clause that needs these operations."""
    made = record(*ended(*outcomes), select=("functions",))
    made.results = [replace(result, operations=()) for result in made.results]
    made.planned = [replace(planned, operations=operations, level=level) for planned in made.planned]
    return made


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (
            selected(PASSED),
            "The selected test passed, but --select leaves out gradients, train and fit, and a verdict needs "
            "at least one of them: leave out --select, or select more.",
        ),
        (
            selected(PASSED, PASSED),
            "All 2 selected tests passed, but --select leaves out gradients, train and fit, and a verdict "
            "needs at least one of them: leave out --select, or select more.",
        ),
        (
            selected(PASSED, PASSED, UNSUPPORTED),
            "2 of 3 selected tests passed, but --select leaves out gradients, train and fit, and a verdict "
            "needs at least one of them: leave out --select, or select more.",
        ),
        (
            selected(PASSED, operations=("softmax", "train"), level="SHOULD"),
            "The selected test passed, but --select leaves out the MUST clauses of gradients, train and fit, "
            "and a verdict needs at least one of them: leave out --select, or select more.",
        ),
        (
            selected(EXPECTED),
            "--select leaves out gradients, train and fit, and a verdict needs at least one of them: "
            "leave out --select, or select more.",
        ),
        (
            selected(PASSED, UNSUPPORTED, operations=("fit",)),
            "None of gradients, train and fit was judged: the verdict needs at least one.",
        ),
    ],
    ids=["one test", "all tests", "some tests", "SHOULD alone", "none", "selected, and not judged"],
)
def test_what_select_leaves_out_is_told_beside_what_passed(made, sentence):
    assert made.exit_code == 3
    assert verdict.sentences(made) == [sentence]


def test_a_required_operation_that_was_not_judged_has_a_sentence():
    made = record(*ended(PASSED), require=("fit",))

    assert verdict.sentences(made) == ["--require names fit: not judged."]


def test_the_call_that_a_budget_ended_in_is_named():
    made = changed(
        record(*ended(PASSED), planned=3), budget=20.0, cut="the budget of 20 s ended during gradients"
    )

    assert verdict.sentences(made) == [
        "The budget of 20 s ended during gradients: 2 of 3 tests were not reached."
    ]


@pytest.mark.parametrize("what", [what for what, (_, line) in TABLE.items() if line.startswith("CONFORMS")])
def test_what_conforms_needs_no_sentence(what):
    assert verdict.sentences(TABLE[what][0]) == []
