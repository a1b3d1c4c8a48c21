"""An argument that an operation ignores is told in one line, and only the calls at what the program does are judged."""

from __future__ import annotations

import after_wildml_alone
import ignored_arguments
import networks
import numpy as np
import pytest
import wrong_forms
from openings import of_kind, opened

from nnspec.contract.digits import Digits
from nnspec.contract.errors import NotJudged
from nnspec.contract.operations import OPERATIONS
from nnspec.contract.support import Support
from nnspec.documents.scopes import SCOPES
from nnspec.judging import cases, ignored
from nnspec.judging.ordinary import usual
from nnspec.judging.variations import variations
from nnspec.reference import Reference
from nnspec.report.record import IGNORED, NOTE

SAY = "If that is intended, say so in describe: "
ALIKE = "the answer is the same for"
WITHOUT = "the answer is the same with and without it"
WHATEVER = "the answer is the same whatever it is"
OWN = "it draws its own minibatches, since"

#: A program, an operation, what is said of it, and the fix.
WRONG = [
    (
        ignored_arguments.AlwaysTheMean,
        "gradients",
        f"gradients ignores `objective.reduction`: {ALIKE} mean and sum",
        f'{SAY}"reductions": ["mean"].',
    ),
    (
        ignored_arguments.LossIsAlwaysTheSum,
        "loss",
        f"loss ignores `objective.reduction`: {ALIKE} mean and sum",
        "Use `objective.reduction`, as gradients does.",
    ),
    (ignored_arguments.NoPenalty, "train", f"train ignores `objective.l2`: {WITHOUT}", f'{SAY}"l2": false.'),
    (
        ignored_arguments.AlwaysTanh,
        "activation",
        f"activation ignores `name`: {ALIKE} relu, tanh and logistic",
        f'{SAY}"activations": ["tanh"].',
    ),
    (
        ignored_arguments.AlwaysTanh,
        "predict",
        f"predict ignores `network.activation`: {ALIKE} relu, tanh and logistic",
        f'{SAY}"activations": ["tanh"].',
    ),
    (
        ignored_arguments.NoSchedule,
        "train",
        f"train ignores `optimizer.schedule`: {WITHOUT}",
        f'{SAY}"schedules": [].',
    ),
    (
        ignored_arguments.NoStepDecay,
        "update",
        f"update ignores `optimizer.schedule` of the kind step: {WITHOUT}",
        f'{SAY}"schedules": ["exponential", "inverse_time"].',
    ),
    (
        ignored_arguments.NoMomentum,
        "update",
        f"update ignores `optimizer.method`: {ALIKE} gradient_descent and momentum, with a momentum of 0.8 in both",
        f'{SAY}"methods": ["gradient_descent"].',
    ),
    (
        ignored_arguments.NoMomentum,
        "train",
        f"train ignores `optimizer.method`: {ALIKE} gradient_descent and momentum, with a momentum of 0.8 in both",
        f'{SAY}"methods": ["gradient_descent"].',
    ),
    (
        ignored_arguments.OwnMomentum,
        "train",
        f"train ignores `optimizer.momentum`: {WHATEVER}",
        "Use `optimizer.momentum`.",
    ),
    (
        ignored_arguments.OwnRate,
        "update",
        f"update ignores `optimizer.learning_rate`: {WHATEVER}",
        "Use `optimizer.learning_rate`.",
    ),
    (
        ignored_arguments.AlwaysIterationFive,
        "update",
        f"update ignores `iteration`: {WHATEVER}",
        "Use `iteration`.",
    ),
    (ignored_arguments.NoBatches, "train", f"train ignores `batches`: {WITHOUT}", f'{SAY}"batches": false.'),
    (
        ignored_arguments.OwnBatches,
        "train",
        f"train ignores `batches`: {OWN} the answer is the same for others of the same sizes",
        "Use `batches`.",
    ),
    (
        ignored_arguments.RandomBatches,
        "train",
        f"train ignores `batches`: {OWN} two calls with the same ones have different answers",
        f'{SAY}"batches": false.',
    ),
    (
        ignored_arguments.WithoutBiases,
        "forward",
        f"forward ignores `network.biases`: {WHATEVER}",
        "Use `network.biases`.",
    ),
]


@pytest.mark.parametrize(
    ("program", "operation", "message", "fix"),
    WRONG,
    ids=[f"{program.__name__}-{operation}" for program, operation, _, _ in WRONG],
)
def test_an_ignored_argument_is_one_line_with_its_fix(program, operation, message, fix):
    (observation,) = (one for one in opened(program()).observations if one.operation == operation)

    assert (observation.kind, observation.message, observation.fix) == (IGNORED, message, fix)


@pytest.mark.parametrize(
    ("more", "message", "fields"),
    [
        (
            {},
            "All that was found above can be said at once",
            "{'activations': ['tanh'], 'batches': False, 'depths': [2], 'methods': ['gradient_descent'], "
            "'reductions': ['sum'], 'schedules': []}",
        ),
        (
            {"document": SCOPES["wildml"]},
            "The check against wildml has the exercises of the document in it too (minibatches, annealing, "
            "other activations, more classes, another layer). A program need not do them",
            "{'activations': ['tanh'], 'batches': False, 'depths': [2], 'schedules': []}",
        ),
        (
            {"document": SCOPES["wildml"], "digits": Digits()},
            "The check against wildml has the exercises of the document in it too (minibatches, annealing, "
            "other activations, more classes, another layer). A program need not do them",
            '{"activations": ["tanh"], "batches": false, "depths": [2], "schedules": []}',
        ),
    ],
    ids=["no document", "with exercises", "a command"],
)
def test_what_a_program_does_alone_is_said_at_once(more, message, fields):
    notes = of_kind(opened(after_wildml_alone, **more), NOTE)
    fixes = [
        one.fix for one in opened(after_wildml_alone, **more).observations if one.operation == "describe"
    ]

    assert notes["describe"] == message
    assert fixes == [f"If it is meant to do no more, say so in describe: {fields}."]


def test_what_is_said_by_one_field_is_not_said_again():
    assert of_kind(opened(ignored_arguments.NoSchedule()), NOTE) == {}


def test_several_arguments_of_an_operation_are_joined():
    class Ignores(ignored_arguments.NoBatches, ignored_arguments.NoSchedule, ignored_arguments.OwnMomentum):
        pass

    (observation,) = (one for one in opened(Ignores()).observations if one.operation == "train")

    assert observation.message == (
        "train ignores `optimizer.momentum`, `optimizer.schedule` and `batches`: "
        "the answer is the same whatever they are"
    )
    assert observation.fix == f'Use `optimizer.momentum`. {SAY}"schedules": [], "batches": false.'


def always_the_sum(objective):
    return {**objective, "reduction": "sum"}


class TanhAndTheSum(ignored_arguments.AlwaysTanh):
    """As the program that WildML prints: it looks at neither the activation nor the reduction."""

    def loss(self, network, inputs, labels, objective):
        return super().loss(network, inputs, labels, always_the_sum(objective))

    def gradients(self, network, inputs, labels, objective):
        return super().gradients(network, inputs, labels, always_the_sum(objective))

    def train(self, **run):
        return super().train(**{**run, "objective": always_the_sum(run["objective"])})


class DoublesItsGradients(TanhAndTheSum):
    def gradients(self, network, inputs, labels, objective):
        answer = super().gradients(network, inputs, labels, objective)
        return {part: [2 * array for array in arrays] for part, arrays in answer.items()}


@pytest.mark.parametrize("operation", ["loss", "gradients", "train"])
@pytest.mark.parametrize("program", [TanhAndTheSum, DoublesItsGradients])
def test_what_a_program_chooses_itself_is_found_in_all_arguments_together(program, operation):
    (observation,) = (one for one in opened(program()).observations if one.operation == operation)

    assert '"activations": ["tanh"], "reductions": ["sum"]' in observation.fix


def test_of_two_choices_that_come_near_the_nearer_is_named(monkeypatch):
    monkeypatch.setattr(ignored, "NEAR", 100.0)
    (observation,) = (one for one in opened(TanhAndTheSum()).observations if one.operation == "loss")

    assert observation.fix == f'{SAY}"activations": ["tanh"], "reductions": ["sum"].'


def test_a_choice_that_no_operation_shows_is_named_without_a_value():
    class DoublesItsLoss(ignored_arguments.AlwaysTheMean):
        def describe(self):
            return {"name": "doubles"}

        def loss(self, network, inputs, labels, objective):
            return 2 * super().loss(network, inputs, labels, objective)

    fixes = {one.operation: one.fix for one in opened(DoublesItsLoss()).observations}

    assert fixes["loss"] == f'{SAY}"reductions".'
    assert fixes["gradients"] == f'{SAY}"reductions": ["mean"].'


def test_a_schedule_is_ignored_also_where_a_right_run_reaches_a_relu_at_0():
    found = opened(ignored_arguments.NoSchedule(), document=SCOPES["wildml"])

    assert found.observations[-1].fix == f'{SAY}"schedules": [].'


# ---- what is judged ----


def step(**changes):
    """The arguments of an update with another optimizer, or at another iteration."""
    params = usual(Support()).params("update")
    optimizer = {**params["optimizer"], **{k: v for k, v in changes.items() if k in params["optimizer"]}}
    return {**params, "optimizer": optimizer, "iteration": changes.get("iteration", params["iteration"])}


def assert_judged_only(program, operation, judged, not_judged):
    found = opened(program())
    found.check(operation, judged)
    with pytest.raises(NotJudged, match=f"^{operation} ignores"):
        found.check(operation, not_judged)


def test_a_program_that_does_the_mean_is_judged_by_the_mean():
    params = usual(Support()).params("gradients")
    mean, total = ({**params, "objective": cases.objective(reduction)} for reduction in ("mean", "sum"))

    assert_judged_only(ignored_arguments.AlwaysTheMean, "gradients", mean, total)


def test_a_loss_that_is_a_sum_is_judged_by_the_sum():
    params = usual(Support()).params("loss")
    mean, total = ({**params, "objective": cases.objective(reduction)} for reduction in ("mean", "sum"))

    assert_judged_only(ignored_arguments.LossIsAlwaysTheSum, "loss", total, mean)


def test_a_constant_rate_is_judged_without_a_schedule():
    assert_judged_only(ignored_arguments.NoSchedule, "update", step(), step(schedule=cases.SCHEDULES[1]))


def test_a_program_without_step_decay_is_judged_with_the_other_schedules():
    step_decay, exponential, _ = cases.SCHEDULES[1:]

    assert_judged_only(
        ignored_arguments.NoStepDecay, "update", step(schedule=exponential), step(schedule=step_decay)
    )


def test_a_factor_of_its_own_is_judged_without_momentum():
    params = usual(Support()).params("train")
    momentum = {**params, "optimizer": cases.optimizer("momentum")}

    assert_judged_only(ignored_arguments.OwnMomentum, "train", params, momentum)


def test_an_iteration_of_its_own_is_judged_without_a_schedule():
    assert_judged_only(
        ignored_arguments.AlwaysIterationFive, "update", step(), step(schedule=cases.SCHEDULES[2])
    )


def test_a_network_without_biases_is_judged_with_biases_of_0():
    params = usual(Support()).params("forward")
    zeros = {**params, "network": cases.without_biases(params["network"])}

    assert_judged_only(ignored_arguments.WithoutBiases, "forward", zeros, params)


def test_an_activation_of_its_own_is_judged_on_a_linear_classifier_too():
    found = opened(ignored_arguments.AlwaysTanh())

    found.check("loss", usual(Support(depths=(1,))).params("loss"))
    found.check("loss", usual(Support(activations=("tanh",))).params("loss"))
    with pytest.raises(NotJudged, match="loss ignores"):
        found.check("loss", usual(Support(activations=("relu",))).params("loss"))


@pytest.mark.parametrize("batches", [None, [np.array([0, 1])] * 3], ids=["all", "minibatches"])
def test_nothing_is_judged_of_a_run_on_minibatches_of_its_own(batches):
    params = {**usual(Support()).params("train"), "batches": batches}

    with pytest.raises(NotJudged, match="train ignores"):
        opened(ignored_arguments.OwnBatches()).check("train", params)


def test_a_run_on_all_examples_is_judged_if_only_the_minibatches_are_its_own():
    whole = usual(Support()).params("train")

    assert_judged_only(
        ignored_arguments.RandomBatches, "train", whole, {**whole, "batches": [np.array([0, 1])] * 3}
    )


# ---- what is not told ----


@pytest.mark.parametrize(
    "program",
    [
        networks.Right,
        ignored_arguments.RefusesSchedules,
        ignored_arguments.NoSchedules,
        ignored_arguments.StepEveryHundred,
        ignored_arguments.Constant,
        ignored_arguments.RemembersItsLayers,
        ignored_arguments.NotANumber,
    ],
    ids=lambda program: program.__name__,
)
def test_what_only_seems_to_ignore_an_argument_is_left_to_the_clauses(program):
    assert opened(program()).observations == []


@pytest.mark.parametrize("later", [None, 3, [], {"weights": np.ones(3)}], ids=str)
@pytest.mark.parametrize("operation", ["predict", "gradients", "update", "train"])
def test_answers_that_change_their_form_say_nothing_about_arguments(operation, later):
    class Changes(networks.Right):
        calls = 0

    def answer(self, **params):
        self.calls += 1
        return getattr(networks.Right, operation)(self, **params) if self.calls == 1 else later

    setattr(Changes, operation, answer)

    assert opened(Changes(), operations=[operation]).observations == []


def test_a_run_that_stands_still_after_its_first_step_is_not_said_to_ignore_its_schedule():
    said = of_kind(opened(ignored_arguments.StandsStill(), operations=["train"]), IGNORED)

    assert "optimizer" not in said.get("train", "")
    assert "optimizer.schedule" in of_kind(opened(ignored_arguments.NoSchedule()), IGNORED)["train"]


def test_an_operation_of_the_wrong_form_is_not_asked_about_its_arguments():
    class Both(wrong_forms.FlatGradients, ignored_arguments.AlwaysTheMean):
        pass

    assert {*of_kind(opened(Both()), IGNORED)} == {"loss", "train"}


def test_an_argument_that_is_out_of_scope_is_not_varied():
    class Says(ignored_arguments.AlwaysTheMean):
        def describe(self):
            return {"name": "mean", "reductions": ["mean"]}

    assert opened(Says()).observations == []


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_right_answers_differ_in_every_argument_that_is_varied(operation):
    reference = Reference()
    choices = usual(Support())

    for variation in variations(
        operation, Support(), choices, lambda step: reference.update(**step)["velocity"]
    ):
        for value in variation.others:
            assert ignored.right_answers_differ(operation, variation, value), (variation.argument, value)
