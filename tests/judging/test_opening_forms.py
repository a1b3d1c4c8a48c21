"""Before the first clause, whatever is wrong with the form of an answer is told in one line for each operation."""

from __future__ import annotations

import networks
import numpy as np
import pytest
import wrong_forms
from miniatures import target
from openings import of_kind, opened

from nnspec.contract.errors import NotJudged
from nnspec.contract.support import Support
from nnspec.judging import cases
from nnspec.judging.forms import fault
from nnspec.judging.one_operation import SAY_SHAPE
from nnspec.judging.ordinary import usual
from nnspec.reach.options import Options
from nnspec.report.record import FORM, UNCALLABLE, Observation
from nnspec.suite.check import check

GRADIENTS = 'Return {"weights": [dW1, dW2], "biases": [db1, db2]}.'
RUN = 'Return {"losses": …, "network": …}, or a list of the parts in this order.'
STEP = 'Return {"network": …, "velocity": …}, or a list of the parts in this order.'
FORWARD = 'Return {"hidden": …, "scores": …}, or a list of the parts in this order.'
HIDDEN = "Return hidden as a list with the output of each hidden layer, 1 here."
LOSSES = "Return the loss before each update, a number for each iteration."

#: A program, what is said of its one wrong answer, and how to fix it.
WRONG = [
    (
        wrong_forms.FlatGradients,
        "gradients returned a list of 4 arrays of the shapes (3, 5), (5,), (5, 4), (4,)",
        GRADIENTS,
    ),
    (wrong_forms.NamedGradients, "gradients returned a dictionary with dW1, dW2", GRADIENTS),
    (wrong_forms.BiasesFirst, "gradients returned the biases first", GRADIENTS),
    (wrong_forms.NoBiases, "gradients returned no biases", GRADIENTS),
    (
        wrong_forms.LastLayerFirst,
        "gradients returned the weights of the last layer first",
        "Return the first layer first.",
    ),
    (
        wrong_forms.Transposed,
        "gradients returned weights[0] of the shape (5, 3), which is that of W transposed",
        "Return the shape (3, 5).",
    ),
    (
        wrong_forms.BiasesOfEachExample,
        "gradients returned biases[0] of the shape (7, 5): it is not summed over the 7 examples",
        "Return the shape (5,), with .sum(axis=0).",
    ),
    (
        wrong_forms.BiasesAsColumns,
        "gradients returned biases[0] of the shape (5, 1), which is a column",
        "Return the shape (5,).",
    ),
    (
        wrong_forms.ForgetsToReturn,
        "gradients returned None",
        'Return {"weights": …, "biases": …}: is a return missing?',
    ),
    (wrong_forms.ReturnsWords, "gradients returned weights[0] as 'dW1'", GRADIENTS),
    (
        wrong_forms.LossOfEachExample,
        "loss returned 7 numbers, one for each of the 7 examples",
        "Return their mean or their sum, as the reduction says.",
    ),
    (
        wrong_forms.PredictsProbabilities,
        "predict returned an array of the shape (7, 4), a number for each class",
        "Return a label for each example: scores.argmax(axis=1).",
    ),
    (
        wrong_forms.PredictsAColumn,
        "predict returned an array of the shape (7, 1)",
        "Return a label for each example, in the shape (7,).",
    ),
    (wrong_forms.ScoresFirst, "forward returned the scores first", FORWARD),
    (wrong_forms.ScoresAlone, "forward returned the scores alone", FORWARD),
    (
        wrong_forms.HiddenWithoutAList,
        "forward returned hidden as an array, not as a list of arrays",
        HIDDEN,
    ),
    (
        wrong_forms.HiddenWithTheInputs,
        "forward returned hidden as a list of 2 arrays of the shapes (7, 3), (7, 5)",
        HIDDEN,
    ),
    (
        wrong_forms.OneLossTooMany,
        "train returned 4 losses for 3 iterations",
        f"{LOSSES} The loss after the last update is one too many.",
    ),
    (wrong_forms.OneLossTooFew, "train returned 2 losses for 3 iterations", LOSSES),
    (wrong_forms.NetworkFirst, "train returned the network first", RUN),
    (wrong_forms.LossesAlone, "train returned the losses alone", RUN),
    (
        wrong_forms.NetworkWithoutBiases,
        "train returned no network.biases",
        'Return network as {"weights": [W1, W2], "biases": [b1, b2]}.',
    ),
    (wrong_forms.KeepsTheVelocity, "update returned the network without the velocity", STEP),
    (wrong_forms.NoVelocity, "update returned a dictionary with network: velocity is missing", STEP),
    (
        wrong_forms.FitsWithoutBiases,
        "fit returned no biases",
        'Return {"weights": [W1, W2], "biases": [b1, b2]}.',
    ),
]


@pytest.mark.parametrize(
    ("program", "message", "fix"), WRONG, ids=[program.__name__ for program, _, _ in WRONG]
)
def test_a_wrong_form_is_one_line_with_its_fix(program, message, fix):
    (observation,) = opened(program()).observations

    assert (observation.kind, observation.message, observation.fix) == (FORM, message, fix)
    assert message.startswith(observation.operation)


def test_an_operation_that_cannot_be_called_is_neither_right_nor_wrong():
    (observation,) = opened(wrong_forms.OtherParameters()).observations

    assert observation == Observation(
        UNCALLABLE,
        "gradients",
        "gradients(net, x, y) has the wrong parameters: missing a required argument: 'net'",
        "The contract calls it by keywords, as gradients(network, inputs, labels, objective).",
    )


@pytest.mark.parametrize("in_process", [True, False], ids=["in process", "over a pipe"])
def test_it_is_that_wherever_it_is_called(in_process):
    options = Options(
        target=target("has_other_parameters"), in_process=in_process, select=("functions.softmax",)
    )

    (observation,) = check(options, lambda _: None).observations

    assert (observation.kind, observation.operation) == (UNCALLABLE, "softmax")
    assert observation.fix == "The contract calls it by keywords, as softmax(scores)."


def test_what_a_program_says_does_not_decide_what_its_error_is():
    class SaysWhatNnspecSays(networks.Right):
        def gradients(self, **_):
            raise ValueError("gradients(net) has the wrong parameters: all. The contract calls it rain")

    (observation,) = opened(SaysWhatNnspecSays()).observations

    assert observation.kind == FORM


@pytest.mark.parametrize(
    ("error", "shown", "fix"),
    [
        (
            ValueError("shapes differ:\n  (3,)\n\nand (4,)"),
            "ValueError: shapes differ: (3,) and (4,)",
            SAY_SHAPE,
        ),
        (KeyError("W1"), "KeyError: 'W1'", ""),
    ],
)
def test_an_error_is_shown_whole_and_with_a_fix_that_may_help(error, shown, fix):
    class Fails(networks.Right):
        def gradients(self, **_):
            raise error

    (observation,) = opened(Fails()).observations

    assert observation.message.startswith(f"gradients raised {shown} (")
    assert observation.fix == fix


def test_numbers_that_are_not_whole_are_no_labels():
    (observation,) = opened(wrong_forms.PredictsOneProbability()).observations

    assert observation.message.startswith("predict returned numbers that are not whole, such as 0.")


def test_a_program_that_wants_one_hot_labels_is_told_so():
    found = opened(wrong_forms.WantsOneHotLabels())

    assert {*of_kind(found, FORM)} == {"loss", "gradients", "train"}
    for observation in found.observations:
        assert observation.message.startswith(
            f"{observation.operation} wants one-hot labels: it raised ValueError: operands could not be broadcast"
        )
        assert observation.fix == "Make the labels one-hot in the adapter."


def test_an_error_whatever_is_asked_is_told_with_its_place():
    (observation,) = opened(wrong_forms.AlwaysFails()).observations

    assert observation.kind == FORM
    assert observation.message.startswith(
        "gradients raised AttributeError: 'AlwaysFails' object has no attribute 'backward' ("
    )
    assert "wrong_forms.py, line " in observation.message


def test_an_answer_that_cannot_be_sent_is_told_without_a_traceback():
    class Returns(networks.Right):
        def loss(self, network, inputs, labels, objective):
            return {"network", *network, *objective, len(inputs), len(labels)}

    (observation,) = opened(Returns()).observations

    assert observation.message.startswith("the answer to loss cannot be sent: set is not a plain value")


def test_every_call_of_an_operation_with_a_wrong_form_is_not_judged():
    found = opened(wrong_forms.FlatGradients())

    for choices in (usual(Support()), usual(Support(depths=(1,)))):
        with pytest.raises(NotJudged, match="gradients has the wrong form"):
            found.check("gradients", choices.params("gradients"))
        found.check("loss", choices.params("loss"))


@pytest.mark.parametrize(
    "answer",
    [
        ([np.ones((3, 5)), np.ones((5, 4))], [np.ones((1, 5)), np.ones(4)]),
        {"weights": [np.ones((3, 5)), np.ones((5, 4))], "biases": [np.ones(5), np.ones(4)], "loss": 1.0},
    ],
    ids=["a list with a row of biases", "a part more than it needs"],
)
def test_what_the_contract_accepts_has_no_fault(answer):
    params = usual(Support()).params("gradients")

    assert fault("gradients", params, answer) is None


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (3.0, "gradients returned the number 3"),
        ("dW", "gradients returned 'dW'"),
        ({}, "gradients returned an empty dictionary"),
        ([], "gradients returned an empty list"),
        (
            [[np.ones((3, 5))], [np.ones(5)]],
            "gradients returned weights of 2 layers as an array of the shape (1, 3, 5)",
        ),
        (
            [np.ones((3, 5)), np.ones((5, 4))],
            "gradients returned a list of 2 arrays of the shapes (3, 5), (5, 4)",
        ),
        (
            [1.5, [np.ones((3, 5)), np.ones((5, 4))], [np.ones(5), np.ones(4)]],
            "gradients returned a list of 3: the number 1.5; a list of 2 arrays of the shapes (3, 5), (5, 4); "
            "a list of 2 arrays of the shapes (5,), (4,)",
        ),
        ({"weights": None, "biases": None}, "gradients returned a dictionary with weights, biases"),
    ],
    ids=str,
)
def test_any_other_answer_is_described(answer, message):
    found = fault("gradients", usual(Support()).params("gradients"), answer)

    assert found is not None
    assert found.message == message


@pytest.mark.parametrize(
    ("operation", "answer", "message", "fix"),
    [
        ("softmax", 0.5, "softmax returned the number 0.5", "Return the shape (7, 4)."),
        (
            "softmax",
            np.ones((4, 7)),
            "softmax returned an array of the shape (4, 7), which is transposed",
            "Return the shape (7, 4).",
        ),
        ("loss", [1.0, 2.0], "loss returned an array of the shape (2,)", "Return a number."),
        ("loss", "1.0", "loss returned '1.0'", "Return a number."),
        (
            "fit",
            {"weights": np.ones((3, 4)), "biases": np.ones(4)},
            "fit returned a dictionary with weights, biases",
            'Return {"weights": [W1, W2], "biases": [b1, b2]}.',
        ),
        (
            "moons",
            {"inputs": np.ones((12, 2)), "labels": np.ones((12, 2))},
            "moons returned labels as an array of the shape (12, 2), a number for each class",
            "Return a label for each example: the shape (12,).",
        ),
    ],
)
def test_other_operations_too(operation, answer, message, fix):
    assert fault(operation, usual(Support()).params(operation), answer) == (message, fix)


def test_labels_of_any_size_are_whole_numbers():
    params = usual(Support()).params("predict")

    assert fault("predict", params, [10**30] * len(params["inputs"])) is None


def test_a_fit_may_return_a_handle_of_any_form():
    params = usual(Support()).params("fit")

    for handle in (None, 3, "model.bin", {"weights": None}, {"handle": 0}, [1, 2]):
        assert fault("fit", params, handle) is None


def test_the_ordinary_call_has_no_square_matrix_that_would_hide_a_transpose():
    assert len({*cases.ORDINARY}) == len(cases.ORDINARY)
