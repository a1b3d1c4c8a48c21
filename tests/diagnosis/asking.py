"""What the tests of the specification would ask a program, and what explains its answers."""

from __future__ import annotations

import contextlib
import itertools

import numpy as np

from nnspec.contract.errors import NoAnswer
from nnspec.diagnosis.clock import Clock
from nnspec.diagnosis.findings import diagnose
from nnspec.diagnosis.questions import Question
from nnspec.judging import cases
from nnspec.judging.agreement import Disagreement
from nnspec.judging.subject import Subject
from nnspec.judging.transcript import Transcripts
from nnspec.mistakes import catalogue
from nnspec.reach.transports import InProcess
from nnspec.reference import Reference
from nnspec.report.record import PASSED

#: Seconds that no diagnosis takes, so that none depends on how fast a machine is.
PLENTY = 60.0


def calls():
    """Calls of every operation that has one right answer, by the chapter that makes them."""
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


def asked(program):
    """What the tests would have asked of a program: a transcript for each of the calls, and one of three updates."""
    transcripts = Transcripts()
    subject = Subject(InProcess(program, "a program"), transcripts.add)
    for number, (chapter, made) in enumerate(calls()):
        for operation, params in made:
            with contextlib.suppress(NoAnswer, Disagreement):  # the answer has been heard where there is one
                subject.call(operation, params)
        close(transcripts, f"{chapter}.clause{number}:test")
    for number, optimizer in enumerate(cases.OPTIMIZERS):
        with contextlib.suppress(NoAnswer):
            four_updates(subject, number, optimizer)
        close(transcripts, f"updates.clause{number}:test")
    return transcripts


def four_updates(subject, seed, optimizer):
    """One after the other."""
    random = np.random.default_rng(seed)
    network = cases.network(random, (3, 5, 4), "tanh")
    own = {"network": network, "velocity": Reference().zero_velocity(network)}
    for iteration in range(4):
        told = {"gradients": cases.like(random, (3, 5, 4)), "optimizer": optimizer, "iteration": iteration}
        own = subject.update(**own, **told)


def close(transcripts, case):
    """End a test: it has failed where an answer is wrong."""
    known = len(transcripts.passed)
    transcripts.close(case, PASSED)
    if transcripts.passed[known:] and Question(transcripts.passed[-1], "float64", Clock(PLENTY)).wrong:
        transcripts.failed.append(transcripts.passed.pop())


def findings(program, without=(), seconds=PLENTY):
    suspects = [mistake for mistake in catalogue() if mistake not in without]
    return diagnose(asked(program), "float64", suspects, Subject(InProcess(program, "")).call, seconds)


def trained_on_minibatches(program):
    """What tests of two iterations and of a long run would have asked of a program."""
    transcripts, random = Transcripts(), np.random.default_rng(0)
    subject = Subject(InProcess(program, ""), transcripts.add)
    problem = cases.problem(random, (3, 5, 4), "tanh", cases.objective("mean"))
    told = {**problem, "optimizer": cases.optimizer("gradient_descent")}
    one, other, short = np.array([0, 2, 5]), np.array([1, 3, 4]), np.array([6, 1])
    for number, batches in enumerate([[one, short], [one, other, short] * 7]):
        subject.train(**told, iterations=len(batches), batches=batches)
        close(transcripts, f"training.clause{number}:test")
    return transcripts
