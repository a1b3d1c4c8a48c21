"""The transcripts that the tests of the specification would make of a program, and what explains its answers."""

from __future__ import annotations

import contextlib
import itertools

import numpy as np

from nnspec.contract.errors import NoAnswer
from nnspec.diagnosis.inquiry import diagnose
from nnspec.diagnosis.questions import Question
from nnspec.diagnosis.work import Work
from nnspec.judging import cases
from nnspec.judging.agreement import Disagreement
from nnspec.judging.subject import Subject
from nnspec.judging.transcript import Transcripts
from nnspec.mistakes import catalogue
from nnspec.reach.transports import InProcess
from nnspec.reference import Reference
from nnspec.report.record import PASSED

#: More work than any diagnosis needs.
PLENTY = 10**9


def calls():
    """Calls of every operation with one right answer, each with its chapter."""
    random = np.random.default_rng(0)
    yield "functions", [("softmax", {"scores": 2 * random.standard_normal((5, 3))})]
    for name in ("relu", "tanh", "logistic"):
        for operation in ("activation", "activation_derivative"):
            yield "functions", [(operation, {"name": name, "z": random.standard_normal((4, 3))})]
    sizes = itertools.cycle([(2, 5, 3), (4, 3, 6, 2), (3, 4), (3, 4, 2)])
    for objective, activation in itertools.product(cases.OBJECTIVES, ("relu", "tanh", "logistic")):
        problem = cases.problem(random, next(sizes), activation, objective)
        network = {"network": problem["network"], "inputs": problem["inputs"]}
        yield "losses", [("forward", network)]
        yield "losses", [("predict", network)]
        yield "losses", [("loss", problem)]
        yield "gradients", [("gradients", problem)]
        optimizer = cases.optimizer("momentum" if activation == "tanh" else "gradient_descent")
        yield "training", [("train", {**problem, "optimizer": optimizer, "iterations": 3, "batches": None})]
    unlikely = {"scores": np.array([[0.0, 40.0, 1.0]]), "labels": np.array([0]), "reduction": "sum"}
    yield "losses", [("cross_entropy", unlikely)]
    for reduction in ("mean", "sum", "mean"):
        scores = {"scores": random.standard_normal((6, 4)), "labels": np.array([0, 3, 1, 2, 2, 0])}
        yield "losses", [("cross_entropy", {**scores, "reduction": reduction})]
        yield "gradients", [("score_gradient", {**scores, "reduction": reduction})]


def transcripts_of(program):
    """A transcript for each of the calls, and for each optimizer one of four updates."""
    transcripts = Transcripts()
    subject = Subject(InProcess(program, "a program"), transcripts.add)
    for number, (chapter, test_calls) in enumerate(calls()):
        for operation, params in test_calls:
            with contextlib.suppress(NoAnswer, Disagreement):  # any answer is in the transcript already
                subject.call(operation, params)
        close(transcripts, f"{chapter}.clause{number}:test")
    for number, optimizer in enumerate(cases.OPTIMIZERS):
        with contextlib.suppress(NoAnswer):
            four_updates(subject, number, optimizer)
        close(transcripts, f"updates.clause{number}:test")
    return transcripts


def four_updates(subject, seed, optimizer):
    """Four updates, each from the network and the velocity of the one before."""
    random = np.random.default_rng(seed)
    network = cases.network(random, (3, 5, 4), "tanh")
    state = {"network": network, "velocity": Reference().zero_velocity(network)}
    for iteration in range(4):
        params = {"gradients": cases.like(random, (3, 5, 4)), "optimizer": optimizer, "iteration": iteration}
        state = subject.update(**state, **params)


def close(transcripts, case):
    """End a test, which fails if an answer is wrong."""
    passed = len(transcripts.passed)
    transcripts.close(case, PASSED)
    if transcripts.passed[passed:] and Question(transcripts.passed[-1], "float64", Work(PLENTY)).wrong_places:
        transcripts.failed.append(transcripts.passed.pop())


def findings(program, without=(), asked=True):
    """The findings of a diagnosis of the program with the catalogue, ``without`` some of its mistakes.

    asked: whether the program is asked, formula by formula, or its answers to the tests are all that is known.
    """
    suspects = [mistake for mistake in catalogue() if mistake not in without]
    ask = Subject(InProcess(program, "")).call if asked else None
    return diagnose(transcripts_of(program), "float64", suspects, ask)


def minibatch_transcripts(program):
    """Transcripts of a run of two iterations and of a long run, both on minibatches."""
    transcripts, random = Transcripts(), np.random.default_rng(0)
    subject = Subject(InProcess(program, ""), transcripts.add)
    problem = cases.problem(random, (3, 5, 4), "tanh", cases.objective("mean"))
    params = {**problem, "optimizer": cases.optimizer("gradient_descent")}
    one, other, short = np.array([0, 2, 5]), np.array([1, 3, 4]), np.array([6, 1])
    for number, batches in enumerate([[one, short], [one, other, short] * 7]):
        subject.train(**params, iterations=len(batches), batches=batches)
        close(transcripts, f"training.clause{number}:test")
    return transcripts
