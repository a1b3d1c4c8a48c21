"""What stands beside the failures: what was found before the first test, what is known, and what decides nothing."""

from __future__ import annotations

from records import PENALISED, ended, explained, record, should

from nnspec.report import terminal
from nnspec.report.record import FAILED, FORM, IGNORED, NOTE, PASSED, UNREADABLE, Observation

# ---- what was found before the first test ----


def test_what_was_found_first_stands_first_with_its_fix():
    made = explained(PENALISED)
    made.observations = [
        Observation(
            FORM, "gradients", "gradients returned a list of 4 arrays.", "Return weights and biases."
        ),
        Observation(
            IGNORED,
            "train",
            "train ignores two.",
            arguments=("objective.reduction", "optimizer.schedule"),
        ),
        Observation(UNREADABLE, "loss", "Its numbers have 15 digits.", "Print 17."),
    ]

    text = terminal.render(made)

    assert text.startswith(
        "Found before the first test:\n\n"
        "wrong form   gradients returned a list of 4 arrays.\n"
        "fix          Return weights and biases.\n"
        "name         form.gradients\n\n"
        "ignored      train ignores two.\n"
        "name         ignored.train.objective.reduction, ignored.train.optimizer.schedule\n\n"
        "unreadable   Its numbers have 15 digits.\n"
        "fix          Print 17.\n\n"
        "mistake "
    )


def test_what_is_known_stands_under_the_known_failures_and_the_rest_as_before():
    made = record(*ended(PASSED), known_failures={"form.gradients": "old", "ignored.train.labels": "so"})
    made.observations = [
        Observation(FORM, "gradients", "gradients is flat."),
        Observation(IGNORED, "train", "train ignores two.", arguments=("inputs", "labels")),
    ]

    text = terminal.render(made)

    assert "gradients is flat" not in text
    assert "ignored      train ignores two.\nname         ignored.train.inputs\n\n" in text
    assert "known failures, and why:\n  form.gradients: old\n  ignored.train.labels: so\n" in text


def test_a_note_stands_after_what_is_wrong():
    made = explained(PENALISED)
    made.observations = [Observation(NOTE, "", "The method 'adam' is outside of the documents.")]

    text = terminal.render(made)

    assert text.index("mistake ") < text.index("note         The method 'adam' is") < text.index("chapter ")
    assert "Found before" not in text


# ---- what decides nothing ----


def test_should_clauses_stand_after_the_others_with_the_sentence_that_they_decide_nothing():
    made = should(record(*ended(PASSED, FAILED, FAILED)), 1)

    text = terminal.render(made)

    sentence = text.index("SHOULD clauses that fail. No document states them; without --strict they decide")
    assert (
        text.index("failed       gradients.penalty:2")
        < sentence
        < text.index("failed       gradients.penalty:1")
    )


def test_a_cause_that_explains_both_is_one_paragraph_of_those_that_count():
    text = terminal.render(should(explained(PENALISED), 2))

    assert text.count("mistake ") == 1
    assert "replay       nnspec check mine.py --document cs231n --select gradients.penalty:1" in text
    assert "also         1 more test for the same reason" in text


def test_a_cause_of_should_clauses_alone_stands_among_them():
    text = terminal.render(should(explained(PENALISED), 1, 2))

    assert (
        text.index("failed       gradients.penalty:3")
        < text.index("SHOULD clauses that fail.")
        < text.index("mistake ")
    )


def test_under_strict_nothing_is_said_to_decide_nothing():
    made = should(record(*ended(PASSED, FAILED), strict=True), 1)

    assert "SHOULD clauses that fail." not in terminal.render(made)
    assert terminal.columns(made) == [PASSED, FAILED]


def test_should_clauses_have_a_column_of_their_own():
    assert terminal.columns(should(record(*ended(PASSED, FAILED)), 1)) == [PASSED, FAILED, "SHOULD failed"]
