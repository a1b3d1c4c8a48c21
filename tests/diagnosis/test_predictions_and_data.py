"""What is said of predictions and of data sets; the programs share no code with the reference."""

from __future__ import annotations

import numpy as np
import pytest
from transcripts import close

from nnspec.diagnosis.examination import Examiner
from nnspec.diagnosis.findings import sentence, together
from nnspec.diagnosis.inquiry import diagnose
from nnspec.judging.subject import Subject
from nnspec.judging.transcript import Transcripts
from nnspec.mistakes import catalogue
from nnspec.mistakes.choices import circles, generators, moons, predictions
from nnspec.mistakes.data_parts import CirclesInParts, MoonsInParts, SpiralInParts
from nnspec.reach.transports import InProcess
from nnspec.reference import Reference

OPERATIONS = ("spiral", "moons", "circles", "forward", "predict")
HIDDEN = {"relu": lambda z: z * (z > 0), "tanh": np.tanh, "logistic": lambda z: 1 / (1 + np.exp(-z))}


def ring(count, whole, end=False):
    t = whole * np.pi * np.arange(count) / (count - end)
    return np.array([np.cos(t), np.sin(t)]).T


class Own:
    """Right, and written by hand."""

    def forward(self, network, inputs):
        layers = [inputs]
        for w, b in zip(network["weights"][:-1], network["biases"][:-1], strict=True):
            layers.append(self.unit(network["activation"], layers[-1] @ w + b))
        return {"hidden": layers[1:], "scores": layers[-1] @ network["weights"][-1] + network["biases"][-1]}

    def unit(self, name, z):
        return HIDDEN[name](z)

    def label(self, scores):
        return np.argmax(scores, axis=1)

    def predict(self, network, inputs):
        return self.label(self.forward(network, inputs)["scores"])

    def radius(self, n):
        return np.arange(n) / (n - 1)

    def turn(self, j, n):
        return 4 * j + 4 * np.arange(n) / (n - 1)

    def point(self, r, t, noise):
        return [r * np.sin(t + 0.2 * noise), r * np.cos(t + 0.2 * noise)]

    def spiral(self, normals, examples_per_class, classes):
        n, inputs, labels = examples_per_class, [], []
        for j in range(classes):
            noise = normals[j * n : (j + 1) * n]
            inputs += list(zip(*self.point(self.radius(n), self.turn(j, n), noise), strict=True))
            labels += [j] * n
        return {"inputs": np.array(inputs), "labels": np.array(labels)}

    def lower(self, upper):
        return [1, 0.5] - upper

    def moons(self, normals, order, examples, noise):
        half = examples // 2
        points = np.vstack([ring(half, 1, True), self.lower(ring(examples - half, 1, True))])
        labels = np.array([0] * half + [1] * (examples - half))
        return {"inputs": points[order] + noise * normals, "labels": labels[order]}

    def circles(self, normals, examples, factor, noise):
        half = examples // 2
        points = np.vstack([ring(half, 2), ring(examples - half, 2) * factor])
        return {"inputs": points + noise * normals, "labels": (np.arange(examples) >= half) * 1}


def examined(program, operations=OPERATIONS):
    transport = InProcess(program, "a program")
    ask, described = Subject(transport).call, transport.description
    examiner = Examiner(ask, described.precision, described.support, catalogue(), 2000, operations)
    return examiner.examine(operations)


def said(program, operations=OPERATIONS):
    """What is said of a program that is asked formula by formula."""
    found = examined(program, operations).found
    return [sentence(mistake) for each in found for mistake in together(each.mistakes)]


def own(**methods):
    """The right program with these methods in place of its own."""
    return type("Other", (Own,), {name: staticmethod(method) for name, method in methods.items()})()


def softmax(scores, axis=1):
    raised = np.exp(scores)
    return raised / raised.sum(axis=axis, keepdims=True)


def inverse(normals, order, examples, noise):
    plain = Own().moons(0 * normals, np.arange(examples), examples, noise)
    inputs, labels = np.empty((examples, 2)), np.empty(examples, dtype=int)
    inputs[order], labels[order] = plain["inputs"], plain["labels"]
    return {"inputs": inputs + noise * normals, "labels": labels}


def two(normals, examples, factor, noise):
    data = Own().circles(normals, examples, factor, noise / 2)
    return {**data, "labels": data["labels"] + 1}


NAMED = {
    "from one": (own(label=lambda s: 1 + s.argmax(1)), ["The labels that are predicted are counted from 1."]),
    "least": (own(label=lambda s: s.argmin(1)), ["The class with the lowest score is predicted."]),
    "softmax over the examples": (
        own(label=lambda s: softmax(s, 0).argmax(1)),
        ["Softmax is taken over the examples instead of the classes before the greatest is found."],
    ),
    "one half": (
        own(label=lambda s: (softmax(s)[:, 1] > 0.5) * 1),
        ["Class 1 is predicted if its probability is above 0.5, else class 0."],
    ),
    "standardised": (
        own(
            predict=lambda network, inputs: Own().predict(network, (inputs - inputs.mean(0)) / inputs.std(0))
        ),
        ["The inputs are standardised before the prediction, by their own mean and deviation."],
    ),
    "hidden": (
        own(predict=lambda network, inputs: Own().forward(network, inputs)["hidden"][0].argmax(1)),
        ["The greatest output of the first hidden layer is predicted instead of the greatest score."],
    ),
    "greatest magnitude": (
        own(label=lambda s: abs(s).argmax(1)),
        ["The class whose score is furthest from 0 is predicted."],
    ),
    "no parentheses": (
        own(turn=lambda j, n: np.linspace(j * 4, j + 1 * 4, n)),
        ["The angle of arm j ends at j + 4 instead of 4(j + 1): j + 1 * 4 has no parentheses."],
    ),
    "noise of the radius": (
        own(point=lambda r, t, e: [(r + 0.2 * e) * np.sin(t), (r + 0.2 * e) * np.cos(t)]),
        ["The spiral's noise is added to the radius instead of the angle."],
    ),
    "three of the spiral": (
        own(
            radius=lambda n: np.arange(n) / n,
            point=lambda r, t, e: [r * np.cos(t + e), r * np.sin(t + e)],
        ),
        [
            "The spiral's radius ends before 1: its end point is left out, as with arange(n) / n.",
            "A point of the spiral is (r cos t, r sin t) instead of (r sin t, r cos t).",
            "The normals themselves are added to the spiral's angle, instead of 0.2 times the normals.",
        ],
    ),
    "half left out": (
        own(lower=lambda upper: 1 - upper),
        ["The second moon is not shifted by 0.5: (1 − cos t, 1 − sin t)."],
    ),
    "inverse order": (
        own(moons=inverse),
        ["The moons are put into the inverse order: example i goes to place order[i]."],
    ),
    "one over the factor": (
        own(
            circles=lambda normals, examples, factor, noise: Own().circles(
                normals, examples, 1 / factor, noise
            )
        ),
        ["The radius of the inner circle is 1 / factor."],
    ),
    "two of the circles": (
        own(circles=two),
        ["The circles are numbered from 1.", "The noise of the circles is multiplied by 0.5."],
    ),
}


@pytest.mark.parametrize(("program", "expected"), NAMED.values(), ids=NAMED)
def test_a_wrong_prediction_or_data_set_is_named(program, expected):
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
    **{row.name: predictions.with_prediction(row) for row in predictions.PREDICTIONS[:4]},
    **{
        f"{row.kind} {row.name}": generators.with_generator(row)
        for table in (generators.SPIRAL, moons.MOONS, circles.CIRCLES)
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
