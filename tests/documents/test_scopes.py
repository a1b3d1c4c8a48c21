"""A program written after a document is judged by what that document's programs do, and by nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from miniatures import after_wildml_alone, target

from nnspec.contract.errors import OutsideDocument
from nnspec.documents.clauses import MUST
from nnspec.documents.experiments import (
    CIRCLES_MOMENTUM,
    EXERCISES,
    HIDDEN_SIZES,
    REVEALING,
    SPIRAL_LINEAR,
    SPIRAL_RELU,
    schedule,
)
from nnspec.documents.scopes import SCOPES
from nnspec.judging import cases
from nnspec.judging.subject import Subject
from nnspec.reach.options import Options
from nnspec.reach.transports import InProcess
from nnspec.reference import Reference
from nnspec.report.record import FAILED, UNSUPPORTED
from nnspec.suite.check import check


def wrong_cases(record):
    """The cases by which a document's rules are broken."""
    return [planned.case for planned, _ in record.failures if planned.level == MUST]


def checked(name, **options):
    return check(Options(target=target(name), **options), lambda _: None)


# ---- programs written after a document ----


@pytest.mark.parametrize(
    ("name", "document", "cases_at_least"),
    [
        ("after_cs231n:Program", "cs231n", 200),
        ("after_wildml", "wildml", 300),
        ("after_roelants:Program", "roelants", 100),
    ],
)
def test_a_program_after_a_document_conforms_to_it_without_a_word_of_what_it_does(
    name, document, cases_at_least
):
    record = checked(name, document=document)

    assert wrong_cases(record) == []
    assert record.counts["passed"] >= cases_at_least
    unsupported = [result.message for result in record.results if result.outcome == UNSUPPORTED]
    assert [message for message in unsupported if "has no such case" not in message] == []


@pytest.mark.parametrize(
    "name", ["after_cs231n:Described", "after_wildml_described", "after_roelants:Described"]
)
def test_a_program_after_a_document_conforms_to_all_of_them_if_it_says_what_it_does(name):
    record = checked(name)

    assert wrong_cases(record) == []
    assert record.counts["passed"] >= 150


def test_a_program_without_the_exercises_is_told_what_to_say_and_then_conforms():
    silent = checked("after_wildml_alone", document="wildml", quick=True)
    described = checked("after_wildml_alone:Described", document="wildml", quick=True)

    assert silent.exit_code == 1
    assert silent.failures == []
    (fix,) = [one.fix for one in silent.observations if one.operation == "describe"]
    assert str(after_wildml_alone.Described().describe()) in fix
    assert (described.observations, described.exit_code) == ([], 0)


@pytest.mark.parametrize("name", ["GradientsAlone", "MaskOfTheStrictlyNegative"])
def test_a_wrong_mask_of_relu_is_refused_by_gradients_alone(name):
    record = checked(f"after_cs231n:{name}", document="cs231n")
    outcomes = {result.case: result.outcome for result in record.results}

    assert outcomes["gradients.relu-at-0:at_the_origin_without_biases"] == FAILED
    assert all(case.startswith("gradients.") for case in wrong_cases(record))


# ---- what is within a document ----


@pytest.mark.parametrize(
    "experiment", [SPIRAL_LINEAR, SPIRAL_RELU, *HIDDEN_SIZES, *EXERCISES, CIRCLES_MOMENTUM]
)
def test_every_experiment_is_within_its_document_alone(experiment):
    within = [
        name
        for name, scope in SCOPES.items()
        if not scope.missing("fit", {"experiment": experiment.recipe()})
        and not scope.missing("train", experiment.training(3))
    ]

    assert within == [experiment.document]


def test_a_revealing_run_is_within_a_document_if_only_its_data_differ():
    within = {
        experiment.name: [
            name
            for name, scope in SCOPES.items()
            if not scope.missing("fit", {"experiment": experiment.recipe()})
        ]
        for experiment in REVEALING
    }

    assert within == {
        "spiral-relu-without-origin": ["cs231n"],
        "spiral-relu-biases": [],
        "circles-momentum-penalty": [],
        "spiral-minibatch": [],
    }


def outside(document, operation, **changes):
    """What is outside of a document in an ordinary call of CS231n's, changed so."""
    usual = {
        "activation": "relu",
        "objective": cases.objective("mean"),
        "optimizer": cases.optimizer("gradient_descent"),
        "sizes": (3, 5, 4),
    }
    call = cases.call(operation, np.random.default_rng(0), **{**usual, **changes})
    return SCOPES[document].missing(operation, call)


@pytest.mark.parametrize(
    ("operation", "changes", "words"),
    [
        ("train", {}, ""),
        ("train", {"objective": cases.objective("mean", 0.1)}, ""),
        ("train", {"sizes": (3, 4)}, ""),
        ("train", {"sizes": (3, 5, 6, 4)}, "number of layers 3"),
        ("train", {"activation": "tanh"}, "activation 'tanh'"),
        ("train", {"objective": cases.objective("sum")}, "reduction 'sum'"),
        ("train", {"optimizer": cases.optimizer("momentum")}, "method 'momentum'"),
        (
            "train",
            {"optimizer": cases.optimizer("gradient_descent", schedule("step", 0.5))},
            "schedule 'step'",
        ),
        ("initialize", {}, ""),
        ("spiral", {}, ""),
        ("moons", {}, "another document's data"),
        ("fit", {}, ""),
    ],
)
def test_what_cs231n_does_not_do_is_outside_of_it(operation, changes, words):
    case = outside("cs231n", operation, **changes)

    assert words in case
    assert bool(case) == bool(words)


def test_no_other_documents_initialization_is_asked_for():
    assert "another document's" in outside("wildml", "initialize", activation="tanh")
    assert "another document's" in outside(
        "wildml", "fit", activation="tanh", objective=cases.objective("sum")
    )


@pytest.mark.parametrize(("document", "stated"), [("cs231n", True), ("wildml", False)])
def test_the_derivative_of_relu_at_0_is_stated_by_cs231n_alone(document, stated):
    at_0 = {"name": "relu", "z": np.array([[0.0, 1.0]])}
    elsewhere = {"name": "relu", "z": np.array([[-1.0, 1.0]])}

    assert (SCOPES[document].missing("activation_derivative", at_0) == "") == stated
    assert SCOPES[document].missing("activation_derivative", elsewhere) == ""


@pytest.mark.parametrize("operation", ["gradients", "train"])
def test_a_network_whose_relu_meets_0_is_outside_of_wildml(operation):
    usual = {"activation": "relu", "objective": cases.objective("sum"), "sizes": (3, 5, 4)}
    usual["optimizer"] = cases.optimizer("gradient_descent")
    call = cases.call(operation, np.random.default_rng(0), **usual)
    assert SCOPES["wildml"].missing(operation, call) == ""

    call["network"] = cases.without_biases(call["network"])
    call["inputs"][0] = 0

    assert "exactly 0" in SCOPES["wildml"].missing(operation, call)


def test_a_program_is_not_asked_what_is_outside_of_its_document():
    class Asked(Reference):
        def softmax(self, **_):
            raise AssertionError("it was asked")

    subject = Subject(InProcess(Asked(), "asked"), scope=SCOPES["roelants"])

    with pytest.raises(OutsideDocument, match="roelants has no such case: number of classes 3"):
        subject.softmax(scores=np.zeros((2, 3)))
