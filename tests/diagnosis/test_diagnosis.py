"""A diagnosis names the mistake that gives a program's numbers, and nothing where it cannot know."""

from __future__ import annotations

import re

import numpy as np
import pytest
from asking import PLENTY, asked, close, findings, trained_on_minibatches

from nnspec import mistakes
from nnspec.diagnosis.clock import Clock
from nnspec.diagnosis.findings import OTHERWISE, diagnose
from nnspec.diagnosis.questions import Question
from nnspec.judging.subject import Subject
from nnspec.judging.transcript import KEPT, Call, Transcript, Transcripts
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
    assert rest == [], "what follows from it is not diagnosed as a mistake of its own"


def test_a_correct_program_has_nothing_to_be_diagnosed():
    assert asked(Reference()).failed == []
    assert findings(Reference()) == []


@pytest.mark.parametrize(
    "name",
    [
        *(
            "SoftmaxAlongExamples",
            "TanhScaled",
            "WeightGradientOfCentredInputs",
            "MomentumOfNesterov",
        ),
        *("LastLayerUpdatedFirst", "TanhDerivativeOfTheInput", "PredictsTheGreatestMagnitude"),
    ],
)
def test_nothing_is_named_where_neither_explains_the_numbers(name):
    found = findings(getattr(mistakes, name)(), without=[getattr(mistakes, name)], seconds=4.0)

    assert [(finding.mistakes, finding.relation) for finding in found] == [((), "")] * len(found)


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


def test_a_test_that_passes_by_two_mistakes_does_not_speak_against_either():
    program = mistakes.PenaltyWithoutTheHalfAndPenaltyGradientTwiceTooLarge()
    transcripts = asked(program)
    losses, gradients = ([t for t in transcripts.failed if t.asks(asks)] for asks in ("loss", "gradients"))
    check = Transcript("gradients.finite-differences:test", [*losses[0].calls, *gradients[0].calls])
    transcripts.passed.append(check)

    found = diagnose(transcripts, "float64", catalogue(), seconds=PLENTY)

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
            "The derivative of ReLU is 1 everywhere. So it is in gradients; another operation is right.",
        ),
    ],
)
def test_a_mistake_that_not_all_operations_make_is_said_to_be_in_one(without, sentence):
    first, *_ = findings(mistakes.ReLUMaskLetsAllThrough(), without=without)

    assert first.told().wrong[0].startswith(sentence)
    assert ("another operation is right" in first.told().wrong[0]) == bool(without)


def test_what_rests_on_an_unexplained_quantity_is_not_diagnosed():
    found = findings(mistakes.SoftmaxAlongExamples(), without=[mistakes.SoftmaxAlongExamples], seconds=4.0)

    assert [finding.operation for finding in found] == ["softmax"]


def test_a_derivative_rests_on_its_function():
    found = findings(mistakes.ReLUSmoothed(), without=[mistakes.ReLUSmoothed], seconds=4.0)

    assert [finding.operation for finding in found] == ["activation"]


def test_a_derivative_is_not_explained_by_a_function_that_is_right():
    transcripts, random = Transcripts(), np.random.default_rng(0)
    subject = Subject(InProcess(mistakes.ReLUDerivativeOne(), ""), transcripts.add)
    for number, operation in enumerate(["activation_derivative"] * 12 + ["activation"] * 3):
        subject.call(operation, {"name": "relu", "z": random.standard_normal((4, 3))})
        close(transcripts, f"functions.clause{number}:test")
    suspects = [mistake for mistake in catalogue() if mistake is not mistakes.ReLUDerivativeOne]

    (found,) = diagnose(transcripts, "float64", suspects, seconds=PLENTY)

    assert (found.operation, found.mistakes) == ("activation_derivative", ())


def test_a_program_that_draws_at_random_is_told_so():
    class Dropout(Reference):
        """Sets hidden units to 0 at random."""

        def activation(self, name, z):
            return super().activation(name, z) * np.random.default_rng().integers(0, 2, z.shape)

    assert findings(Dropout())[0].relation == f"activation: {OTHERWISE}"


def test_no_more_calls_of_a_test_are_kept_than_are_needed():
    transcripts = Transcripts()
    for _ in range(2 * KEPT):
        transcripts.add(Call("softmax", {"scores": np.ones((1, 2))}, np.ones((1, 2)) / 2))
    transcripts.close("functions.softmax:test", PASSED)

    assert len(transcripts.passed[0].calls) == KEPT


@pytest.mark.parametrize("outcome", [UNSUPPORTED, EXPECTED])
def test_what_is_neither_passed_nor_failed_is_not_diagnosed(outcome):
    transcripts = Transcripts()
    transcripts.add(Call("softmax", {"scores": np.ones((1, 2))}, np.ones((1, 2))))
    transcripts.close("functions.softmax:test", outcome)

    assert (transcripts.passed, transcripts.failed) == ([], [])


def test_of_mistakes_that_give_the_same_numbers_the_one_whose_clause_is_broken_comes_first():
    transcripts = asked(mistakes.ReLUMaskLetsAllThrough())
    relu = [t for t in transcripts.failed if t.asks("gradients") and network_of(t)["activation"] == "relu"]
    transcripts.failed, transcripts.passed = [Transcript("gradients.hidden-layers:test", relu[0].calls)], []

    (found,) = diagnose(transcripts, "float64", catalogue(), seconds=PLENTY)

    assert found.mistakes[0].clause == "gradients.hidden-layers"
    assert mistakes.ReLUDerivativeOne in found.others


def network_of(transcript):
    return transcript.calls[0].params["network"]


def test_another_program_keeps_its_own_velocity():
    transcripts = asked(mistakes.MomentumSignsMixed())
    updates = [transcript for transcript in transcripts.failed if transcript.clause.startswith("updates")]

    questions = [Question(transcript, "float64", Clock(PLENTY)) for transcript in updates]
    assert all(question.is_answered_by(mistakes.MomentumSignsMixed) for question in questions)


@pytest.mark.parametrize("known", [True, False])
def test_what_two_iterations_have_in_common_is_told_apart_by_a_long_run(known):
    made = mistakes.ShortBatchDropped
    suspects = [mistake for mistake in catalogue() if known or mistake is not made]

    first, *_ = diagnose(trained_on_minibatches(made()), "float64", suspects, seconds=PLENTY)

    assert first.mistakes == ((made,) if known else ())


def test_what_overflows_besides_does_not_hide_a_mistake():
    class OverTheMatrixWithoutAShift(Reference):
        """The first softmax that many write: one sum for all, and no greatest score subtracted."""

        def softmax(self, scores):
            with np.errstate(all="ignore"):
                return np.exp(scores) / np.exp(scores).sum()

    transcripts, random = Transcripts(), np.random.default_rng(0)
    subject = Subject(InProcess(OverTheMatrixWithoutAShift(), ""), transcripts.add)
    for number, spread in enumerate([0.1, 1.0, 3.0, 3000.0]):
        subject.softmax(scores=spread * random.standard_normal((5, 3)))
        close(transcripts, f"functions.clause{number}:test")

    suspects = [mistake for mistake in catalogue() if mistake.clause.startswith("functions.")]

    first, second = diagnose(transcripts, "float64", suspects, seconds=PLENTY)

    assert (first.mistakes, len(first.cases)) == ((mistakes.SoftmaxOverTheMatrix,), 3)
    assert (second.mistakes, second.relation, second.cases) == ((), "", ["functions.clause3:test"])


@pytest.mark.parametrize(
    "mistake", [mistake for mistake in catalogue() if mistake.constants], ids=lambda mistake: mistake.__name__
)
def test_the_sentence_of_a_mistake_has_the_constant_that_the_program_has(mistake):
    assert len(re.findall(rf"(?<![\d.]){format_constant(mistake.constant)}(?!\d)", summary(mistake))) == 1
    other = next(with_other_constants(mistake))

    (found,) = diagnose(asked(other()), "float64", [mistake], seconds=PLENTY)

    assert found.told().names == (mistake.__name__,)
    assert format_constant(other.constant) in found.told().wrong[0]
    assert format_constant(mistake.constant) not in found.told().wrong[0].split()


def test_a_mistake_with_one_activation_alone_is_said_to_be_so():
    class OfTanh(Reference):
        def activation_derivative(self, name, z):
            return 1 - z * z if name == "tanh" else super().activation_derivative(name, z)

    (found,) = findings(OfTanh())

    assert found.told().names == ("DerivativeFedWithTheInput",)
    assert "So it is with tanh alone." in found.told().wrong[0]


def test_the_velocity_is_the_programs_own_affair():
    class Uphill(mistakes.MomentumOfNesterov):
        def update(self, **told):
            turned = {kind: [-array for array in arrays] for kind, arrays in told["velocity"].items()}
            after = super().update(**{**told, "velocity": turned})
            after["velocity"] = {k: [-array for array in arrays] for k, arrays in after["velocity"].items()}
            return after

    assert findings(Uphill())[0].mistakes == (mistakes.MomentumOfNesterov,)
