"""The formulas of an update, and of the steps of a run: the step, momentum, and schedules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from nnspec.contract.support import Support
from nnspec.diagnosis import fitted_decay, fitted_steps, fixed_rates, formulas, tables
from nnspec.diagnosis.asking import Ask, Unanswered
from nnspec.diagnosis.formulas import Formula
from nnspec.diagnosis.measurements import Measurement, Parts
from nnspec.diagnosis.problems import Problem, problems, usual_activation
from nnspec.documents.experiments import schedule
from nnspec.judging import cases
from nnspec.reference import Reference
from nnspec.reference.values import Array

STEP, MOMENTUM, SCHEDULE = (
    "the step, by its own gradient and without a penalty",
    "momentum, by its own gradients and without a penalty",
    "the schedule",
)
NO_MOMENTUM = "gradient descent, which has no momentum"
#: Steps from which the response of momentum is worked out, and iterations at which schedules are asked.
STEPS, ITERATIONS = 5, 7
#: Steps of plain gradient descent that are looked at.
FIRST = 2
#: Schedules that show within a few iterations, one for each problem.
SCHEDULES = {
    "step": [schedule("step", decay, every=every) for decay, every in ((0.7, 3), (0.55, 2))],
    "exponential": [schedule("exponential", decay) for decay in (0.13, 0.29)],
    "inverse_time": [schedule("inverse_time", decay) for decay in (0.29, 0.17)],
}
#: Iterations far on, at which an update is asked too.
FAR = (49, 50, 99, 100, 101, 1000)
KINDS = ("weights", "biases")
#: The seed of the first gradients that an update is given: another than those of the networks.
GRADIENTS = 1000
#: A step is no multiple of its gradient if it is this far from one, relative to its length.
APART = 1e-6


@dataclass(frozen=True)
class Moves:
    """How the parameters move in the iterations of an operation, and the gradients that moved them.

    gradients: whether the program has gradients of its own; batches: the rows of each iteration, or None for all;
    reduction: one that it supports.
    """

    operation: str
    reduction: str = "sum"
    own_gradients: bool = True
    batches: tuple[tuple[int, ...], ...] | None = None

    def __call__(
        self, ask: Ask, problem: Problem, optimizer: dict[str, Any], iterations: int
    ) -> tuple[list[Any], list[Any]]:
        """The moves and the gradients of these iterations, each a list of parameters."""
        if self.operation == "update":
            return self._updates(ask, problem, optimizer, range(iterations))
        return self._of_run(ask, problem, optimizer, iterations)

    def _updates(
        self, ask: Ask, problem: Problem, optimizer: dict[str, Any], iterations: Any
    ) -> tuple[list[Any], list[Any]]:
        moves: list[Any] = []
        gradients: list[Any] = []
        network: Any = problem.network
        velocity: Any = Reference().zero_velocity(network)
        sizes = [len(network["weights"][0]), *(len(b) for b in network["biases"])]
        for place, iteration in enumerate(iterations):
            gradient = cases.like(np.random.default_rng(GRADIENTS + place), sizes)
            params = {"network": network, "gradients": gradient, "velocity": velocity}
            after = ask("update", {**params, "optimizer": optimizer, "iteration": iteration})
            moves.append(_difference(after["network"], network))
            gradients.append(gradient)
            network, velocity = (
                {**network, **{kind: after["network"][kind] for kind in KINDS}},
                after["velocity"],
            )
        return moves, gradients

    def at(self, ask: Ask, problem: Problem, optimizer: dict[str, Any], iteration: int) -> tuple[Any, Any]:
        """The move and the gradient of one update at an iteration."""
        moves, gradients = self._updates(ask, problem, optimizer, [iteration])
        return moves[0], gradients[0]

    def _of_run(
        self, ask: Ask, problem: Problem, optimizer: dict[str, Any], iterations: int
    ) -> tuple[list[Any], list[Any]]:
        moves: list[Any] = []
        gradients: list[Any] = []
        network: Any = problem.network
        for iteration in range(iterations):
            after = run(ask, self.reduction, problem, optimizer, iteration + 1, self.batches)["network"]
            rows = slice(None) if self.batches is None else np.array(self.batches[iteration])
            params = problem.params(self.reduction, rows=rows, **{kind: network[kind] for kind in KINDS})
            own = ask("gradients", params) if self.own_gradients else Reference().gradients(**params)
            moves.append(_difference(after, network))
            gradients.append(own)
            network = after
        return moves, gradients


def run(
    ask: Ask,
    reduction: str,
    problem: Problem,
    optimizer: dict[str, Any],
    iterations: int,
    batches: tuple[tuple[int, ...], ...] | None = None,
    penalised: bool = False,
) -> Any:
    """The answer of a run."""
    rows = None if batches is None else [np.array(rows) for rows in batches[:iterations]]
    params = {**problem.params(reduction, penalised), "optimizer": optimizer}
    return ask("train", {**params, "iterations": iterations, "batches": rows})


def step_formulas(moves: Moves, support: Support) -> Iterator[Formula]:
    """The formulas of the steps of ``update`` or ``train``."""
    plain = list(problems(support, usual_activation(support)))
    deep = [*plain, *list(problems(support, "relu" if "relu" in support.activations else "tanh"))[1:2]]
    operation = moves.operation
    hooks = formulas.STEP | (formulas.RUN if operation == "train" else set())
    choices = tables.loops if operation == "train" else tables.optimizers
    method = "gradient_descent" if "gradient_descent" in support.methods else "momentum"
    step = Formula(
        operation,
        STEP,
        tuple(Measurement(partial(_first, moves, p, method, 0.0), p.symbols(), p.network) for p in deep),
        fits=(fitted_steps.step_times, fitted_decay.decays, fixed_rates.fixed_rates),
        choices=choices,
        hooks=hooks,
    )
    momentum = Formula(
        operation,
        MOMENTUM,
        tuple(Measurement(partial(_response, moves, p), p.symbols(), p.network) for p in plain),
        fits=(fitted_steps.recursions,),
        choices=tables.momenta,
        hooks=hooks,
        sieve=_sieve(moves, plain[0], plain[0].optimizer("momentum"), STEPS),
    )
    if method == "momentum":  # its first step shows too little of it
        yield from (momentum, step)
    else:
        yield step
        if "momentum" in support.methods:
            yield replace(momentum, needs=(STEP,))
            yield Formula(
                operation,
                NO_MOMENTUM,
                tuple(
                    Measurement(partial(_first, moves, p, method, p.symbols()["m"]), p.symbols(), p.network)
                    for p in plain[:2]
                ),
                choices=tables.momentum_of_gradient_descent,
                needs=(STEP, MOMENTUM),
            )
    for kind in support.schedules:
        yield Formula(
            operation,
            f"{SCHEDULE} ({kind})",
            tuple(
                Measurement(partial(_rates, moves, problem, method, one), problem.symbols())
                for problem, one in zip(plain, SCHEDULES[kind], strict=False)
            ),
            choices=partial(tables.schedules, kind),
            needs=(STEP,),
            hooks=formulas.SCHEDULE | (formulas.RUN if operation == "train" else set()),
            is_apart=True,
            sieve=_sieve(moves, plain[0], _rate_alone(plain[0], method, SCHEDULES[kind][0]), ITERATIONS),
        )


def _sieve(moves: Moves, problem: Problem, optimizer: dict[str, Any], iterations: int) -> Measurement | None:
    """Where the steps of a run end: one call, where the steps themselves take one for each iteration."""
    if moves.operation == "update":
        return None

    def end(ask: Ask) -> Parts:
        network = run(ask, moves.reduction, problem, optimizer, iterations)["network"]
        return {f"{kind}[{place}]": array for kind in KINDS for place, array in enumerate(network[kind])}

    return Measurement(end, problem.symbols(), problem.network)


def _rate_alone(problem: Problem, method: str, decay: Any) -> dict[str, Any]:
    """An optimizer with a schedule and without momentum, which has its own formula."""
    return {**problem.optimizer(method, decay), "momentum": 0.0}


def _difference(after: Any, before: Any) -> Any:
    """How far each array moved; raises Unanswered if it has another shape."""
    moved: dict[str, list[Array]] = {}
    for kind in KINDS:
        pairs = list(zip(after[kind], before[kind], strict=True))
        if any(np.shape(new) != np.shape(old) for new, old in pairs):
            raise Unanswered("another shape")
        moved[kind] = [np.asarray(new) - old for new, old in pairs]
    return moved


def _first(moves: Moves, problem: Problem, method: str, momentum: float, ask: Ask) -> Parts:
    """The first steps, as factors of −μ times their gradients."""
    optimizer = {**problem.optimizer(method), "momentum": momentum}
    moved, gradients = moves(ask, problem, optimizer, FIRST)
    rate = optimizer["learning_rate"]
    found = shares(moved, gradients, rate)
    arrays: Any = problem.network
    for kind in KINDS:
        for place, before in enumerate(arrays[kind]):
            apart, decays = found[f"apart {kind}[{place}]"], f"decay {kind}[{place}]"
            found[decays] = np.zeros(FIRST)
            steps = [each[kind][place] for each in moved]
            slopes = [each[kind][place] for each in gradients]
            if apart.all() and (both := _with_decay(before, steps, slopes)) is not None:
                found[f"{kind}[{place}]"], found[decays] = both[:, 0] / rate, both[:, 1]
    return found


def _with_decay(before: Array, steps: list[Array], gradients: list[Array]) -> Array | None:
    """Of each step: the negative shares of its gradient and of the parameters before it; None if there is more."""
    shares_of_steps = []
    if not (np.isfinite(steps).all() and np.isfinite(gradients).all()):
        return None
    for step, gradient in zip(steps, gradients, strict=True):
        matrix = np.stack([np.ravel(gradient), np.ravel(before)], axis=1)
        found = np.linalg.lstsq(matrix, np.ravel(step), rcond=None)[0]
        if np.linalg.norm(np.ravel(step) - matrix @ found) > APART * np.linalg.norm(step):
            return None
        shares_of_steps.append(-found)
        before = before + step
    return np.array(shares_of_steps)


def shares(moved: list[Any], gradients: list[Any], rate: float) -> dict[str, Array]:
    """Of each array: its steps as factors of −μ times their gradients, and which are no multiples of these."""
    found = {}
    for kind in KINDS:
        for place in range(len(moved[0][kind])):
            steps = np.stack([np.ravel(each[kind][place]) for each in moved])
            slopes = np.stack([np.ravel(each[kind][place]) for each in gradients])
            share = np.sum(steps * slopes, axis=1) / np.sum(slopes * slopes, axis=1)
            left = np.linalg.norm(steps - share[:, None] * slopes, axis=1)
            found[f"{kind}[{place}]"] = -share / rate
            found[f"apart {kind}[{place}]"] = (left > APART * np.linalg.norm(steps, axis=1)).astype(float)
    return found


def _response(moves: Moves, problem: Problem, ask: Ask) -> Parts:
    """Of each array: how a move follows from its gradient, the last move and the last gradient."""
    optimizer = problem.optimizer("momentum")
    rate = optimizer["learning_rate"]
    moved, gradients = moves(ask, problem, optimizer, STEPS)
    found = {}
    for kind in KINDS:
        for place in range(len(moved[0][kind])):
            steps = [np.ravel(each[kind][place]) for each in moved]
            slopes = [np.ravel(each[kind][place]) for each in gradients]
            found[f"{kind}[{place}]"], found[f"left over {kind}[{place}]"] = _recursion(steps, slopes)
            found[f"first {kind}[{place}]"] = -(steps[0] @ slopes[0]) / (slopes[0] @ slopes[0]) / rate
    return found


def _recursion(moved: list[Array], gradients: list[Array]) -> tuple[Array, Array]:
    """The coefficients of the gradient, the last move and the last gradient; and 1 if there are none."""
    rows = [np.stack([gradients[t], moved[t - 1], gradients[t - 1]], axis=1) for t in range(1, len(moved))]
    matrix, right = np.concatenate(rows), np.concatenate(moved[1:])
    if not (np.isfinite(matrix).all() and np.isfinite(right).all()):
        raise Unanswered("not finite")
    scale = np.maximum(np.linalg.norm(matrix, axis=0), 1e-300)
    coefficients = np.linalg.lstsq(matrix / scale, right, rcond=1e-12)[0] / scale
    left = np.linalg.norm(right - matrix @ coefficients) / max(float(np.linalg.norm(right)), 1e-300)
    return coefficients, np.array(left > 1e-6, dtype=float)


def _rates(moves: Moves, problem: Problem, method: str, decay: Any, ask: Ask) -> Parts:
    """The rate of each iteration, over the first learning rate."""
    optimizer = _rate_alone(problem, method, decay)
    pairs = list(zip(*moves(ask, problem, optimizer, ITERATIONS), strict=True))
    later = FAR if moves.operation == "update" else ()
    far = [moves.at(ask, problem, optimizer, iteration) for iteration in later]
    found = {}
    for kind in KINDS:
        for name, some in (("rates", pairs), ("far rates", far)):
            rates = np.array([_rate(kind, move, gradient) for move, gradient in some])
            found[f"{name} of {kind}"] = rates / optimizer["learning_rate"]
    return found


def _rate(kind: str, move: Any, gradient: Any) -> float:
    """How many times the negative gradient the last weights or biases moved."""
    step, slope = np.ravel(move[kind][-1]), np.ravel(gradient[kind][-1])
    return float(-(step @ slope) / (slope @ slope))
