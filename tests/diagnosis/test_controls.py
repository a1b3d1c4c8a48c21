"""What is found is held against calls that had no part in finding it."""

from __future__ import annotations

import numpy as np
import pytest
from asked_programs import Right, core, examined, sentences

from nnspec.contract.support import Support
from nnspec.diagnosis.asking import Asker
from nnspec.diagnosis.controls import COUNT, control_calls, controls
from nnspec.diagnosis.examination import ORDER
from nnspec.diagnosis.measurements import measure
from nnspec.judging.rounding import Precision
from nnspec.reference import Reference

NARROW = Support(
    activations=("relu",),
    reductions=("mean",),
    schedules=(),
    batches=False,
    l2=False,
    depths=(2,),
    classes=(2,),
)


@pytest.mark.parametrize("support", [Support(), NARROW], ids=["all", "narrow"])
@pytest.mark.parametrize("operation", ORDER)
def test_a_right_program_passes_its_controls(operation, support):
    asker = Asker(lambda name, params: getattr(Reference(), name)(**params), 1000)
    measured = [measure(control, asker, Precision("float64")) for control in controls(operation, support)]

    assert len(measured) == COUNT
    assert not any(each.is_wrong for each in measured)


@pytest.mark.parametrize("operation", [name for name in ORDER if name != "update"])
def test_controls_ask_for_nothing_that_is_unsupported(operation):
    asked = list(control_calls(operation, NARROW))

    assert asked
    assert not any(NARROW.missing(params) for params in asked)


def test_controls_differ_in_their_sizes_and_cases():
    asked = list(control_calls("gradients", Support()))

    assert len({len(params["network"]["weights"]) for params in asked}) > 2
    assert {params["objective"]["reduction"] for params in asked} == {"mean", "sum"}
    assert any(len(set(params["labels"])) == 1 < len(params["labels"]) for params in asked)
    for activation in ("relu", "tanh", "logistic"):
        penalties = {
            params["objective"]["l2"] > 0 for params in asked if params["network"]["activation"] == activation
        }
        assert True in penalties


class ScaledByThePenalty(Right):
    """W *= λ before δ goes back through it: without λ all hidden gradients are 0, but no derivative is."""

    def gradients(self, network, inputs, labels, objective):
        scaled = {**network, "weights": [objective["l2"] * w for w in network["weights"]]}
        answer = self.forward(network, inputs)
        error = self.score_gradient(answer["scores"], labels, objective["reduction"])
        weights, biases = [], []
        for layer in range(len(network["weights"]) - 1, -1, -1):
            below = answer["hidden"][layer - 1] if layer else inputs
            weights.insert(0, below.T @ error + scaled["weights"][layer])
            biases.insert(0, np.sum(error, axis=0))
            if layer:
                error = error @ scaled["weights"][layer].T * self.slope(network["activation"], below)
        return {"weights": weights, "biases": biases}

    def slope(self, name, h):
        return {"relu": np.where(h > 0, 1.0, 0.0), "tanh": 1 - h * h, "logistic": h * (1 - h)}[name]


def test_a_derivative_that_a_control_contradicts_is_not_told():
    found = examined(core(ScaledByThePenalty()))

    assert not any("derivative" in said for said in sentences(found))
    assert any(not each.is_known for each in found.found)


class WithoutDerivatives(Right):
    """One cause, which every control shows too."""

    def gradients(self, network, inputs, labels, objective):
        answer = self.forward(network, inputs)
        error = self.score_gradient(answer["scores"], labels, objective["reduction"])
        weights, biases = [], []
        for layer in range(len(network["weights"]) - 1, -1, -1):
            below = answer["hidden"][layer - 1] if layer else inputs
            weights.insert(0, below.T @ error + objective["l2"] * network["weights"][layer])
            biases.insert(0, np.sum(error, axis=0))
            error = error @ network["weights"][layer].T
        return {"weights": weights, "biases": biases}


def test_a_cause_that_the_controls_show_too_is_told():
    said = sentences(examined(core(WithoutDerivatives())))

    assert said == {"The hidden layer's gradient is not multiplied by the activation's derivative."}
