"""Runs that return fewer losses than iterations: by which rule is read off and said."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest

from nnspec.contract.errors import NoAnswer
from nnspec.diagnosis.inquiry import diagnose
from nnspec.diagnosis.questions import Question
from nnspec.diagnosis.run_length import run_length
from nnspec.diagnosis.work import Work
from nnspec.judging import cases
from nnspec.judging.agreement import Disagreement
from nnspec.judging.subject import Subject
from nnspec.judging.transcript import Transcripts
from nnspec.mistakes import catalogue
from nnspec.reach.transports import InProcess

BENDS = {
    "tanh": (np.tanh, lambda h: 1 - h**2),
    "relu": (lambda z: z * (z > 0), lambda h: 1.0 * (h > 0)),
    "logistic": (lambda z: 0.5 * (1 + np.tanh(z / 2)), lambda h: h - h**2),
}


class Trains:
    """Trains networks of any depth; ``ends`` says of the losses so far, and of t and a pass, whether it is enough."""

    def __init__(
        self, ends=lambda _losses, _t, _of_a_pass: False, dtype=float, keeps=lambda losses, _of_a_pass: losses
    ):
        self.ends, self.dtype, self.keeps = ends, dtype, keeps

    def describe(self):
        return {"name": "trains", "precision": np.dtype(self.dtype).name}

    def train(self, network, inputs, labels, objective, optimizer, iterations, batches):
        w, b = ([np.array(a, self.dtype) for a in network[kind]] for kind in ("weights", "biases"))
        speeds = [np.zeros_like(a) for a in (*w, *b)]
        bend, slope = BENDS[network["activation"]]
        of_a_pass, losses, t = 1 if not batches else -(-len(labels) // len(batches[0])), [], 0
        while t < iterations and not (losses and self.ends(losses, t, of_a_pass)):
            rows = np.arange(len(labels)) if batches is None else batches[t]
            outputs = [np.asarray(inputs[rows], self.dtype)]
            for place in range(len(w)):
                z = outputs[-1] @ w[place] + b[place]
                outputs.append(bend(z) if place < len(w) - 1 else z)
            z = z - z.max(axis=1, keepdims=True)
            logs = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
            weight = self.dtype(1 / len(rows) if objective["reduction"] == "mean" else 1)
            picked = (np.arange(len(rows)), labels[rows])
            penalty = sum((a**2).sum() for a in w) * self.dtype(objective["l2"] / 2)
            losses.append(-weight * logs[picked].sum() + penalty)
            delta = np.exp(logs) * weight
            delta[picked] -= weight
            steps = {}
            for place in reversed(range(len(w))):
                steps[place] = outputs[place].T @ delta + self.dtype(objective["l2"]) * w[place]
                steps[place + len(w)] = delta.sum(axis=0)
                if place:
                    delta = delta @ w[place].T * slope(outputs[place])
            rate = self.dtype(self.rate(optimizer, t))
            keep = self.dtype(optimizer["momentum"] if optimizer["method"] == "momentum" else 0)
            for place, parameter in enumerate((*w, *b)):
                speeds[place] = keep * speeds[place] - rate * steps[place]
                parameter += speeds[place]
            t += 1
        return {"losses": self.keeps(losses, of_a_pass), "network": {"weights": w, "biases": b}}

    def rate(self, optimizer, t):
        plan = optimizer["schedule"] or {"kind": "none", "decay": 0.0, "every": 1}
        shares = {
            "none": 1.0,
            "step": plan["decay"] ** (t // (plan["every"] or 1)),
            "exponential": np.exp(-plan["decay"] * t),
            "inverse_time": 1 / (1 + plan["decay"] * t),
        }
        return optimizer["learning_rate"] * shares[plan["kind"]]


def waited(losses):
    """Iterations since the least loss."""
    return len(losses) - 1 - int(np.argmin(losses))


def changed(losses):
    return abs(losses[-1] - losses[-2]) if len(losses) > 1 else np.inf


RULES = {
    "passes": (
        lambda _losses, t, of_a_pass: t == 3 * of_a_pass,
        "train() ends after 3 passes through the examples, however many iterations are asked for",
    ),
    "iterations": (
        lambda _losses, t, _of_a_pass: t == 21,
        "train() ends after 21 iterations, however many are asked for",
    ),
    "patience": (
        lambda losses, _t, _of_a_pass: waited(losses) >= 4,
        "train() ends when the loss was not below its least for 4 iterations (early stopping, with a patience of 4)",
    ),
    "no fall": (
        lambda losses, _t, _of_a_pass: len(losses) > 1 and losses[-1] >= losses[-2],
        "train() ends when the loss does not fall (early stopping)",
    ),
    "threshold": (
        lambda losses, _t, _of_a_pass: losses[-1] < 0.5,
        "train() ends when the loss is below about 0.5",
    ),
    "small change": (
        lambda losses, _t, _of_a_pass: changed(losses) < 1e-3,
        "train() ends when the loss changes by less than about 0.001",
    ),
}


def transcripts_of(program):
    """Failed tests of runs of several lengths, on all examples and on minibatches."""
    transcripts, random = Transcripts(), np.random.default_rng(0)
    subject = Subject(InProcess(program, ""), transcripts.add)
    for number, (iterations, rate) in enumerate(((4, 0.3), (60, 0.3), (80, 0.1), (60, 9.0))):
        problem = cases.problem(random, (3, 5, 4), "tanh", cases.objective("mean"))
        optimizer = {**cases.optimizer("gradient_descent"), "learning_rate": rate}
        rows = [np.array([0, 3, 5]), np.array([1, 4, 2]), np.array([6])] * 30
        for batches in (None, rows[:iterations]):
            with contextlib.suppress(NoAnswer, Disagreement):
                subject.train(**problem, optimizer=optimizer, iterations=iterations, batches=batches)
            transcripts.close(f"training.clause{number}:test-{batches is None}", "failed")
    return transcripts


def asking(program):
    return Subject(InProcess(program, "")).call


def read_off(program):
    """What is said of the length of a program's runs."""
    description = InProcess(program, "").description
    work = Work(10**9)
    questions = [Question(each, description.precision, work) for each in transcripts_of(program).failed]
    questions = [question for question in questions if question.wrong_places]
    return run_length(asking(program), description.support, questions)


@pytest.mark.parametrize(("ends", "said"), RULES.values(), ids=RULES)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_rule_by_which_runs_end_is_said(ends, said, dtype):
    assert read_off(Trains(ends, dtype)) == said


def test_a_loss_for_each_pass_is_said():
    program = Trains(keeps=lambda losses, of_a_pass: losses[of_a_pass - 1 :: of_a_pass])

    assert read_off(program).startswith("train() returns a loss for each pass through the examples")


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_nothing_is_said_of_runs_of_full_length(dtype):
    assert read_off(Trains(dtype=dtype)) == ""


def test_nothing_is_said_of_a_length_without_a_rule():
    assert read_off(Trains(lambda losses, t, _of_a_pass: int(1e6 * losses[-1]) % 13 == 0 and t > 3)) == ""


def test_it_is_the_relation_of_all_failed_runs_that_end_early():
    ends, said = RULES["passes"]
    program = Trains(ends)

    (found,) = diagnose(transcripts_of(program), "float64", catalogue(), asking(program))

    assert found.relation == said
    assert len(found.cases) == 7  # four iterations on minibatches are fewer than three passes


def test_a_program_with_full_runs_is_not_asked_for_their_length():
    program, longest = Trains(), [0]

    def ask(operation, params):
        longest.append(params["iterations"])
        return asking(program)(operation, params)

    assert diagnose(Transcripts(), "float64", catalogue(), ask) == []
    assert max(longest) == 0
