"""A diagnosis names the mistake that gives a program's numbers, or no mistake if it cannot know which."""

from __future__ import annotations

import re

import numpy as np
import pytest
from transcripts import PLENTY, close, findings, minibatch_transcripts, transcripts_of

from nnspec import mistakes
from nnspec.diagnosis.inquiry import diagnose
from nnspec.diagnosis.questions import Question, shorten
from nnspec.diagnosis.read_off import VARYING_ANSWERS
from nnspec.diagnosis.work import Work
from nnspec.judging import cases
from nnspec.judging.subject import Subject
from nnspec.judging.transcript import MAX_CALLS, Call, Transcript, Transcripts
from nnspec.mistakes import catalogue
from nnspec.mistakes.base import format_constant, with_other_constants
from nnspec.reach.transports import InProcess
from nnspec.reference import Reference
from nnspec.report.record import EXPECTED, PASSED, UNSUPPORTED
from nnspec.specification.chapters import summary


def together(*names):
    """A program that makes several mistakes."""
    return type("Together", tuple(getattr(mistakes, name) for name in names), {})()


NAMED = [
    *(
        "SoftmaxAlongExamples",
        "SoftmaxWithEpsilon",
        "TanhInSinglePrecision",
        "ReLULeaks",
        "LogisticWithTheWrongSign",
    ),
    *(
        "ScoresWithoutBiases",
        "PredictsTheLeastScore",
        "LossNegated",
        "LossDividedTwice",
        "PenaltyWithoutTheHalf",
    ),
    *(
        "ScoreGradientNotDivided",
        "BiasGradientOneNumber",
        "WeightGradientReshaped",
        "ActivationDerivativeMissing",
    ),
    *(
        "PenaltyGradientOfTheGradient",
        "PenaltyGradientMissingOnTheLastLayer",
        "BiasesPenalised",
        "FirstLayerFrozen",
    ),
    *("MomentumAsAnAverage", "MomentumForgets", "DecayWithoutTheInitialRate", "LastLayerUpdatedFirst"),
    *("LossAfterTheUpdate", "LossesAccumulated", "NetworkOfTheIterationBefore"),
]


@pytest.mark.parametrize("name", NAMED)
def test_a_mistake_is_named(name):
    first, *rest = findings(getattr(mistakes, name)())

    assert [mistake.__name__ for mistake in first.mistakes] == [name]
    assert rest == [], "the consequences of a mistake are not diagnosed as further mistakes"


def test_a_correct_program_has_no_findings():
    assert transcripts_of(Reference()).failed == []
    assert findings(Reference()) == []


@pytest.mark.parametrize(
    "name",
    [
        *(
            "WeightGradientOfCentredInputs",
            "LastLayerUpdatedFirst",
        ),
    ],
)
def test_numbers_without_an_explanation_stay_unexplained(name):
    found = findings(getattr(mistakes, name)(), without=[getattr(mistakes, name)])
    found = [
        finding for finding in found if finding.operation
    ]  # the last one says that pairs were not all tried

    assert [finding.mistakes for finding in found] == [()] * len(found) != []
    assert all("no formula that nnspec knows gives these numbers" in finding.relation for finding in found)


@pytest.mark.parametrize(
    "names",
    [
        ("LossNegated", "BiasesPenalised"),
        ("SoftmaxWithEpsilon", "MomentumAsAnAverage"),
        ("BiasGradientOneNumber", "PenaltyGradientTwiceTooLarge"),
        ("ActivationDerivativeMissing", "PenaltyGradientMissingOnTheLastLayer"),
    ],
    ids=" and ".join,
)
def test_two_mistakes_are_both_named(names):
    found = findings(together(*names))

    assert {mistake.__name__ for finding in found for mistake in finding.mistakes} == set(names)


def test_a_test_that_passes_because_of_two_mistakes_contradicts_neither():
    program = mistakes.PenaltyWithoutTheHalfAndPenaltyGradientTwiceTooLarge()
    transcripts = transcripts_of(program)
    losses, gradients = (
        [t for t in transcripts.failed if t.has_call(name)] for name in ("loss", "gradients")
    )
    check = Transcript("gradients.finite-differences:test", [*losses[0].calls, *gradients[0].calls])
    transcripts.passed.append(check)

    found = diagnose(transcripts, "float64", catalogue())

    assert {mistake for finding in found for mistake in finding.mistakes} == set(type(program).__bases__)


def test_the_first_quantity_is_explained_first():
    found = findings(together("BiasesPenalised", "SoftmaxAlongExamples"))

    assert [finding.operation for finding in found] == ["softmax", "gradients"]


@pytest.mark.parametrize(
    ("without", "sentence"),
    [
        ([], "ReLU's mask in the backward pass"),
        (
            [mistakes.ReLUMaskLetsAllThrough],
            "The derivative of ReLU is 1 everywhere. Another operation has this right.",
        ),
    ],
)
def test_a_mistake_in_one_operation_is_reported_for_it_only(without, sentence):
    first, *_ = findings(mistakes.ReLUMaskLetsAllThrough(), without=without)

    assert first.as_record().wrong[0].startswith(sentence)
    assert ("Another operation has this right" in first.as_record().wrong[0]) == bool(without)


class SoftmaxOfNoKnownForm(Reference):
    """Like no softmax that anybody uses."""

    def softmax(self, scores):
        return np.exp(np.sin(scores)) / (1 + np.exp(np.sin(scores)).sum(axis=1, keepdims=True))


class ActivationOfNoKnownForm(Reference):
    """Like no activation that anybody uses."""

    def tanh(self, z):
        return np.sin(z) ** 3


@pytest.mark.parametrize(
    ("program", "operation"), [(SoftmaxOfNoKnownForm, "softmax"), (ActivationOfNoKnownForm, "activation")]
)
def test_a_quantity_that_rests_on_an_unexplained_one_is_not_diagnosed(program, operation):
    found = findings(program())

    assert [(finding.operation, finding.mistakes) for finding in found] == [(operation, ())]


def test_a_derivative_is_not_explained_by_a_function_that_is_right():
    transcripts, random = Transcripts(), np.random.default_rng(0)
    subject = Subject(InProcess(mistakes.ReLUDerivativeOne(), ""), transcripts.add)
    for number, operation in enumerate(["activation_derivative"] * 12 + ["activation"] * 3):
        subject.call(operation, {"name": "relu", "z": random.standard_normal((4, 3))})
        close(transcripts, f"functions.clause{number}:test")
    suspects = [mistake for mistake in catalogue() if mistake is not mistakes.ReLUDerivativeOne]

    (found,) = diagnose(transcripts, "float64", suspects)

    assert (found.operation, found.mistakes) == ("activation_derivative", ())


def test_a_program_that_draws_at_random_is_reported():
    class Dropout(Reference):
        """Sets random hidden units to 0."""

        def activation(self, name, z):
            return super().activation(name, z) * np.random.default_rng().integers(0, 2, z.shape)

    assert findings(Dropout())[0].relation == f"activation: {VARYING_ANSWERS}"


def test_only_the_first_calls_of_a_test_are_kept():
    transcripts = Transcripts()
    for _ in range(2 * MAX_CALLS):
        transcripts.add(Call("softmax", {"scores": np.ones((1, 2))}, np.ones((1, 2)) / 2))
    transcripts.close("functions.softmax:test", PASSED)

    assert len(transcripts.passed[0].calls) == MAX_CALLS


@pytest.mark.parametrize("outcome", [UNSUPPORTED, EXPECTED])
def test_a_test_that_neither_passed_nor_failed_is_not_diagnosed(outcome):
    transcripts = Transcripts()
    transcripts.add(Call("softmax", {"scores": np.ones((1, 2))}, np.ones((1, 2))))
    transcripts.close("functions.softmax:test", outcome)

    assert (transcripts.passed, transcripts.failed) == ([], [])


def test_mistakes_of_a_broken_clause_come_before_others_with_the_same_numbers():
    transcripts = transcripts_of(mistakes.ReLUMaskLetsAllThrough())
    relu = [
        t for t in transcripts.failed if t.has_call("gradients") and network_of(t)["activation"] == "relu"
    ]
    transcripts.failed, transcripts.passed = [Transcript("gradients.hidden-layers:test", relu[0].calls)], []

    (found,) = diagnose(transcripts, "float64", catalogue())

    assert found.mistakes[0].clause == "gradients.hidden-layers"
    assert mistakes.ReLUDerivativeOne in found.others


def network_of(transcript):
    return transcript.calls[0].params["network"]


def test_another_program_keeps_its_own_velocity():
    transcripts = transcripts_of(mistakes.MomentumSignsMixed())
    updates = [transcript for transcript in transcripts.failed if transcript.clause.startswith("updates")]

    questions = [Question(transcript, "float64", Work(PLENTY)) for transcript in updates]
    assert all(question.is_reproduced_by(lambda _: mistakes.MomentumSignsMixed) for question in questions)


@pytest.mark.parametrize("known", [True, False])
def test_a_long_run_decides_between_mistakes_that_agree_in_two_iterations(known):
    short_batch = mistakes.ShortBatchDropped
    suspects = [mistake for mistake in catalogue() if known or mistake is not short_batch]

    first, *_ = diagnose(minibatch_transcripts(short_batch()), "float64", suspects)

    assert first.mistakes == ((short_batch,) if known else ())


def test_the_losses_of_a_long_run_may_be_one_number():
    params = cases.call(
        "train", np.random.default_rng(0), "tanh", cases.objective("mean"), cases.optimizer("momentum")
    )
    params["iterations"] = 200

    (losses,) = shorten(Call("train", params, {"losses": np.array(0.5)})).answer["losses"]

    assert losses == 0.5


def test_an_overflow_does_not_hide_a_mistake():
    class OverTheMatrixWithoutAShift(Reference):
        """A common first attempt: one sum over all rows, and the greatest score is not subtracted."""

        def softmax(self, scores):
            with np.errstate(all="ignore"):
                return np.exp(scores) / np.exp(scores).sum()

    transcripts, random = Transcripts(), np.random.default_rng(0)
    subject = Subject(InProcess(OverTheMatrixWithoutAShift(), ""), transcripts.add)
    for number, spread in enumerate([0.1, 1.0, 3.0, 3000.0]):
        subject.softmax(scores=spread * random.standard_normal((5, 3)))
        close(transcripts, f"functions.clause{number}:test")

    suspects = [mistake for mistake in catalogue() if mistake.clause.startswith("functions.")]

    first, second = diagnose(transcripts, "float64", suspects)

    assert (first.mistakes, len(first.cases)) == ((mistakes.SoftmaxOverTheMatrix,), 3)
    assert (second.mistakes, second.relation, second.cases) == ((), "", ["functions.clause3:test"])


@pytest.mark.parametrize(
    "mistake", [mistake for mistake in catalogue() if mistake.constants], ids=lambda mistake: mistake.__name__
)
def test_the_sentence_of_a_mistake_names_the_constant_of_the_program(mistake):
    assert len(re.findall(rf"(?<![\d.]){format_constant(mistake.constant)}(?!\d)", summary(mistake))) == 1
    other = next(with_other_constants(mistake))

    (found,) = diagnose(transcripts_of(other()), "float64", [mistake])

    assert found.as_record().names == (mistake.__name__,)
    assert format_constant(other.constant) in found.as_record().wrong[0]
    assert format_constant(mistake.constant) not in found.as_record().wrong[0].split()


def test_a_mistake_with_one_activation_is_reported_for_it_only():
    class OfTanh(Reference):
        def activation_derivative(self, name, z):
            return 1 - z * z if name == "tanh" else super().activation_derivative(name, z)

    (found,) = findings(OfTanh(), asked=False)

    assert found.as_record().names == ("DerivativeFedWithTheInput",)
    assert "Only with tanh." in found.as_record().wrong[0]


def test_of_two_mistakes_the_one_that_keeps_to_the_activation_is_named():
    class OfTanh(Reference):
        def derivative_from_output(self, name, h):
            return 1 - np.arctanh(h) ** 2 if name == "tanh" else super().derivative_from_output(name, h)

    found, *_ = findings(OfTanh())  # its runs become nan where h rounds to 1, which z does not

    assert found.as_record().names == ("TanhDerivativeOfZ",)


def test_a_program_may_choose_the_sign_of_its_velocity():
    class Uphill(mistakes.MomentumOfNesterov):
        def update(self, **params):
            after = super().update(**{**params, "velocity": negated(params["velocity"])})
            return {**after, "velocity": negated(after["velocity"])}

    def negated(velocity):
        return {kind: [-array for array in arrays] for kind, arrays in velocity.items()}

    assert findings(Uphill())[0].mistakes == (mistakes.MomentumOfNesterov,)
