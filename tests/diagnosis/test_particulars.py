"""What is particular in calls that go wrong, where everything that is asked is right."""

from __future__ import annotations

import numpy as np
import pytest
from asked_programs import Right

from nnspec.diagnosis.particulars import PARTICULARS, particular
from nnspec.diagnosis.questions import Question
from nnspec.diagnosis.work import Work
from nnspec.judging import cases
from nnspec.judging.subject import Subject
from nnspec.judging.transcript import Call, Transcript
from nnspec.reach.transports import InProcess

PLENTY = 10**6


def told(program, operation, *calls):
    """What is told of these calls, each of which has a wrong answer."""
    ask = Subject(InProcess(program, "a program")).call
    questions = [
        Question(
            Transcript("a test", [Call(operation, params, ask(operation, params))]), "float64", Work(PLENTY)
        )
        for params in calls
    ]
    assert all(question.wrong_places for question in questions)
    return particular(questions, ask, "float64", Work(PLENTY))


def loss_call(examples=6, classes=3, dtype=np.int64, spread=1.0):
    random = np.random.default_rng(examples)
    scores = spread * random.standard_normal((examples, classes))
    return {"scores": scores, "labels": (np.arange(examples) % classes).astype(dtype), "reduction": "sum"}


class WrappingLabels(Right):
    def cross_entropy(self, scores, labels, reduction):
        targets = np.maximum(0, 1 - np.abs(np.arange(scores.shape[1], dtype=labels.dtype) - labels[:, None]))
        losses = -np.sum(targets * np.log(self.softmax(scores) + 1e-300), axis=1)
        return np.mean(losses) if reduction == "mean" else np.sum(losses)


class SignedBytes(Right):
    def cross_entropy(self, scores, labels, reduction):
        return super().cross_entropy(scores, labels.astype(np.int8), reduction)


class UnsignedBytes(Right):
    def cross_entropy(self, scores, labels, reduction):
        return super().cross_entropy(scores, labels.astype(np.uint8), reduction)


class RowsOfABatch(Right):
    def cross_entropy(self, scores, labels, reduction):
        rows = np.arange(len(labels)).astype(np.uint8)
        losses = -np.log(self.softmax(scores))[rows, labels]
        return np.mean(losses) if reduction == "mean" else np.sum(losses)


class OneGreatest(Right):
    def softmax(self, scores):
        raised = np.exp(scores - np.max(scores))
        with np.errstate(invalid="ignore"):
            return raised / np.sum(raised, axis=1, keepdims=True)


class NoShift(Right):
    def softmax(self, scores):
        with np.errstate(all="ignore"):
            raised = np.exp(scores)
            return raised / np.sum(raised, axis=1, keepdims=True)


class NotOfOne(Right):
    def cross_entropy(self, scores, labels, reduction):
        return super().cross_entropy(scores, labels, reduction) * (2 if len(labels) == 1 else 1)


class ClassesOfTheLabels(Right):
    def cross_entropy(self, scores, labels, reduction):
        return super().cross_entropy(scores[:, : np.max(labels) + 1], labels, reduction)


class Limited(Right):
    def activation(self, name, z):
        return 1 / (1 + np.exp(-np.clip(z, -10, 10))) if name == "logistic" else z


FAR = {"scores": np.array([[1000.0, 0.0, 3.0], [0.0, 1.0, 2.0]])}
CASES = {
    "labels that wrap around": (
        WrappingLabels,
        "cross_entropy",
        [loss_call(dtype=np.uint8)],
        "labels of type uint8",
    ),
    "signed bytes": (SignedBytes, "cross_entropy", [loss_call(150, 150)], "labels above 127"),
    "unsigned bytes": (UnsignedBytes, "cross_entropy", [loss_call(260, 260)], "labels above 255"),
    "row numbers": (RowsOfABatch, "cross_entropy", [loss_call(300)], "more than 256 examples"),
    "one greatest score": (OneGreatest, "softmax", [FAR], "right for each of them alone"),
    "no shift": (NoShift, "softmax", [FAR], "an exponential that overflows"),
    "a limit": (
        Limited,
        "activation",
        [{"name": "logistic", "z": np.array([[-20.0, 1.0]])}],
        "inputs as great as 20",
    ),
    "one example": (NotOfOne, "cross_entropy", [loss_call(1)], "wrong for one example"),
    "a class is missing": (ClassesOfTheLabels, "cross_entropy", [loss_call(2)], "the labels lack a class"),
}


@pytest.mark.parametrize(("program", "operation", "calls", "expected"), CASES.values(), ids=CASES)
def test_what_is_particular_is_told(program, operation, calls, expected):
    said = told(program(), operation, *calls)

    assert said.startswith(f"{operation}: ")
    assert expected in said


def test_an_example_that_a_batch_names_twice_is_told():
    class AsASet(Right):
        def train(self, batches, **arguments):
            once = None if batches is None else [np.unique(batch) for batch in batches]
            return super().train(batches=once, **arguments)

    problem = cases.problem(np.random.default_rng(0), (3, 4), "tanh", cases.objective("mean"))
    optimizer = cases.optimizer("gradient_descent")
    params = {
        **problem,
        "optimizer": optimizer,
        "iterations": 2,
        "batches": [np.array([0, 0, 1]), np.array([2, 3])],
    }

    assert "names an example twice" in told(AsASet(), "train", params)


def test_nothing_is_told_that_does_not_hold_of_all_calls():
    class NotOfOneEither(WrappingLabels):
        def cross_entropy(self, scores, labels, reduction):
            return super().cross_entropy(scores, labels, reduction) * (2 if len(labels) == 1 else 1)

    assert told(NotOfOneEither(), "cross_entropy", loss_call(dtype=np.uint8))
    assert not told(NotOfOneEither(), "cross_entropy", loss_call(dtype=np.uint8), loss_call(1))


def test_nothing_is_told_of_a_program_that_is_wrong_all_the_same():
    class Twice(Right):
        def cross_entropy(self, scores, labels, reduction):
            return 2 * super().cross_entropy(scores, labels, reduction)

    assert told(Twice(), "cross_entropy", loss_call(1, dtype=np.uint8, spread=1000.0)) == ""


def test_every_particular_has_a_call_that_shows_it():
    assert len(CASES) + 1 == len(PARTICULARS)
