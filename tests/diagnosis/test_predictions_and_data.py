"""What is said of predictions and of data sets; the programs share no code with the reference."""

from __future__ import annotations

import numpy as np
import pytest
from data_programs import NAMED, PREDICTED, Own, circles_by, own, ring, softmax
from transcripts import close

from nnspec.diagnosis.examination import Examiner
from nnspec.diagnosis.findings import sentence, together
from nnspec.diagnosis.inquiry import diagnose
from nnspec.judging.subject import Subject
from nnspec.judging.transcript import Transcripts
from nnspec.mistakes import catalogue
from nnspec.mistakes.choices import circles, generators, moons, prediction_class, predictions, spiral
from nnspec.mistakes.data_parts import CirclesInParts, MoonsInParts, SpiralInParts
from nnspec.reach.transports import InProcess
from nnspec.reference import Reference

OPERATIONS = ("spiral", "moons", "circles", "forward", "predict")


def examined(program, operations=OPERATIONS):
    transport = InProcess(program, "a program")
    ask, described = Subject(transport).call, transport.description
    examiner = Examiner(ask, described.precision, described.support, catalogue(), 2000, operations)
    return examiner.examine(operations)


def said(program, operations=OPERATIONS):
    """What is said of a program that is asked formula by formula."""
    found = examined(program, operations).found
    return [sentence(mistake) for each in found for mistake in together(each.mistakes)]


@pytest.mark.parametrize(("program", "expected"), NAMED.values(), ids=NAMED)
def test_a_wrong_prediction_or_data_set_is_named(program, expected):
    assert said(program) == expected


@pytest.mark.parametrize(("program", "expected"), PREDICTED.values(), ids=PREDICTED)
def test_wrong_predictions_are_named(program, expected):
    assert said(program) == expected


def test_nothing_is_said_of_right_ones():
    found = examined(Own()).found

    assert {each.formula.operation for each in found} == set(OPERATIONS)
    assert all(each.is_known and not each.mistakes for each in found)


def test_predictions_from_wrong_scores_get_no_cause_of_their_own():
    softplus = own(unit=lambda _name, z: np.log1p(np.exp(z)))

    assert said(softplus) == said(softplus, ["forward"]) != []


def test_predictions_from_scores_that_nobody_knows_are_not_asked_about():
    strange = own(unit=lambda _name, z: np.sin(z) + z**3 / 7)

    assert "predict" not in {each.formula.operation for each in examined(strange).found}


def test_predictions_that_are_drawn_vary():
    random = np.random.default_rng(0)
    drawn = own(label=lambda s: np.array([random.choice(len(p), p=p) for p in softmax(s)]))

    assert examined(drawn).varying == {"predict"}


def test_a_data_set_that_nobody_knows_stays_unexplained():
    found = examined(
        own(circles=lambda normals, **rest: {**Own().circles(normals, **rest), "inputs": normals**3 + 1})
    )

    assert found.unexplained("circles").startswith(
        "circles: look at the radii first: no formula that nnspec knows gives these numbers"
    )
    assert found.programs["circles"] == ()


def test_points_keep_their_cause_if_nobody_knows_the_noise():
    found = examined(
        circles_by(lambda n: ring(n, 2), lambda n, f: f * ring(n, 2, True), lambda noise: noise**3 + 0.1)
    ).found

    assert [
        (each.formula.name, [sentence(one) for one in each.mistakes]) for each in found if each.mistakes
    ] == [
        (
            "the points without noise",
            ["The angles of the inner circle include 2π, so that it has its first point twice."],
        )
    ]
    assert [each.formula.name for each in found if not each.is_known] == ["the noise"]


def test_noise_gets_no_cause_while_the_points_have_none():
    found = examined(own(lower=lambda upper: upper**3 - 1)).found

    assert [(each.formula.name, each.is_known) for each in found if each.formula.operation == "moons"] == [
        ("the points without noise", False),
        ("the labels", True),
    ]


def test_the_failed_tests_of_a_data_set_get_its_cause():
    program, transcripts = NAMED["two of the circles"][0], Transcripts()
    subject, random = Subject(InProcess(program, ""), transcripts.add), np.random.default_rng(0)
    both = {"normals": random.standard_normal((11, 2)), "examples": 11, "noise": 0.2}
    subject.moons(**both, order=random.permutation(11))
    close(transcripts, "data.moons:own")
    subject.circles(**both, factor=0.6)
    close(transcripts, "data.circles:own")
    asked = []

    def ask(operation, params):
        asked.append(operation)
        return Subject(InProcess(program, "")).call(operation, params)

    findings = diagnose(transcripts, "float64", catalogue(), ask)

    assert set(asked) == {"circles"}
    assert [(f.operation, f.cases) for f in findings] == [("circles", ["data.circles:own"]), ("circles", [])]


ROWS = {
    **{row.name: prediction_class.with_prediction(row) for row in predictions.PREDICTIONS[:4]},
    **{
        f"{row.kind} {row.name}": generators.with_generator(row)
        for table in (spiral.SPIRAL, moons.MOONS, circles.CIRCLES)
        for row in table[:: len(table) // 4]
    },
}


@pytest.mark.parametrize("program", ROWS.values(), ids=ROWS)
def test_a_program_of_a_table_is_named(program):
    operation = getattr(program.row, "kind", "predict")

    assert said(program(), [operation]) == [program.__doc__]


@pytest.mark.parametrize("in_parts", [SpiralInParts, MoonsInParts, CirclesInParts])
def test_data_sets_in_parts_are_the_references(in_parts):
    random = np.random.default_rng(0)
    normals, order = random.standard_normal((13, 2)), random.permutation(13)
    for operation, arguments in (
        ("spiral", (normals.ravel()[:24], 8, 3)),
        ("moons", (normals, order, 13, 0.3)),
        ("circles", (normals, 13, 0.4, 0.3)),
    ):
        got, right = (getattr(program(), operation)(*arguments) for program in (in_parts, Reference))
        np.testing.assert_array_equal(got["inputs"], right["inputs"])
        np.testing.assert_array_equal(got["labels"], right["labels"])
