"""The formulas of a run: its losses, its minibatches, and all of it together."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from nnspec.contract.support import Support
from nnspec.diagnosis import fitted_steps, formulas, tables
from nnspec.diagnosis.asking import Ask
from nnspec.diagnosis.formulas import Formula
from nnspec.diagnosis.measurements import Measurement, Parts
from nnspec.diagnosis.problems import Problem, problems, usual_activation
from nnspec.diagnosis.update_formulas import MOMENTUM, SCHEDULE, SCHEDULES, STEP, Moves, run, shares
from nnspec.reference import Reference

LOSSES, BATCHES, BATCH_LOSSES, RUN = (
    "the losses of a run, by its own loss of each network",
    "the steps on minibatches, by its own gradients",
    "the losses on minibatches, by its own loss of each network",
    "a whole run",
)
#: The methods that make a run what it is.
HOOKS = formulas.RUN | formulas.STEP
#: How many times the rate is in a run whose loss rises too.
RISING = 10.0
#: Iterations of a run, and of one on which pairs of choices are tried first.
ITERATIONS, FEW = 5, 2
#: The rows of minibatches, in an order that is not theirs; one batch is short.
ROWS = ((0, 3, 5), (6, 1, 4), (2,), (5, 4, 0), (1,), (3, 6, 2))


def training_formulas(
    reduction: str, support: Support, *, own_losses: bool, own_gradients: bool
) -> Iterator[Formula]:
    """The formulas of ``train`` beyond its steps."""
    plain = list(problems(support, usual_activation(support)))
    method = "gradient_descent" if "gradient_descent" in support.methods else "momentum"
    yield Formula(
        "train",
        LOSSES,
        tuple(
            Measurement(partial(_losses, own_losses, each, p, method, None, faster), p.symbols(), p.network)
            for p in plain[:2]
            for each in support.reductions
            for faster in (1.0, RISING)[: 1 + (each == reduction and p is plain[0])]
        ),
        choices=tables.loops,
        hooks=HOOKS,
        needs=(STEP,),
        pairs=tables.loops_of_pairs,
        sieve=_sieve(reduction, plain[0], method, None),
    )
    if support.batches:
        moves = Moves("train", reduction, own_gradients, ROWS)
        yield Formula(
            "train",
            BATCHES,
            tuple(Measurement(partial(_steps, moves, p, method), p.symbols(), p.network) for p in plain[:2]),
            choices=tables.loops,
            hooks=HOOKS,
            fits=(fitted_steps.step_times,),
            needs=(STEP,),
            pairs=tables.loops_of_pairs,
            sieve=_sieve(reduction, plain[0], method, ROWS),
        )
        yield Formula(
            "train",
            BATCH_LOSSES,
            tuple(
                Measurement(partial(_losses, own_losses, each, p, method, ROWS, 1.0), p.symbols(), p.network)
                for p in plain[:2]
                for each in support.reductions
            ),
            choices=tables.loops,
            hooks=HOOKS,
            needs=(STEP, BATCHES),
            pairs=tables.loops_of_pairs,
            sieve=_sieve(reduction, plain[0], method, ROWS),
        )
    measurements = tuple(
        Measurement(partial(_run, reduction, problem, support, batches), problem.symbols(), problem.network)
        for problem in plain[:2]
        for batches in ((None, ROWS) if support.batches else (None,))
    )
    yield Formula(
        "train",
        RUN,
        measurements,
        choices=tables.loops,
        hooks=HOOKS,
        needs=(
            STEP,
            MOMENTUM,
            LOSSES,
            BATCHES,
            BATCH_LOSSES,
            *(f"{SCHEDULE} ({kind})" for kind in SCHEDULES),
        ),
    )


def first_step(support: Support) -> Formula:
    """The loss and the network of one iteration, as they are: they tell which losses and gradients a run has."""
    plain = list(problems(support, usual_activation(support)))
    method = support.methods[0]
    return Formula(
        "train",
        "the first iteration",
        tuple(
            Measurement(partial(_step, each, p, method, support.l2), p.symbols(), p.network)
            for p in plain
            for each in support.reductions
        ),
    )


def _step(reduction: str, problem: Problem, method: str, penalised: bool, ask: Ask) -> Parts:
    return _answer(run(ask, reduction, problem, problem.optimizer(method), 1, None, penalised))


def _sieve(reduction: str, problem: Problem, method: str, batches: Any) -> Measurement:
    """A few plain steps of one run, as they are."""

    def plain(ask: Ask) -> Parts:
        return _answer(run(ask, reduction, problem, problem.optimizer(method), FEW, rows))

    rows = None if batches is None else batches[1:]  # the second is short
    return Measurement(plain, problem.symbols(), problem.network)


def _answer(answer: Any) -> Parts:
    """The losses and the network of a run."""
    arrays = {f"{k}[{i}]": a for k in ("weights", "biases") for i, a in enumerate(answer["network"][k])}
    return {"losses": np.ravel(answer["losses"]), **arrays}


def _losses(
    own: bool, reduction: str, problem: Problem, method: str, batches: Any, faster: float, ask: Ask
) -> Parts:
    """The losses of a run over the program's own loss of the network of each iteration."""
    optimizer, count = problem.optimizer(method), ITERATIONS if batches is None else len(batches)
    optimizer["learning_rate"] *= faster
    losses = np.ravel(run(ask, reduction, problem, optimizer, count, batches)["losses"])
    later = (run(ask, reduction, problem, optimizer, iteration, batches) for iteration in range(1, count))
    networks = [problem.network, *(answer["network"] for answer in later)]
    right = []
    for iteration, network in enumerate(networks):
        rows = slice(None) if batches is None else np.array(batches[iteration])
        arrays = {kind: network[kind] for kind in ("weights", "biases")}
        params = problem.params(reduction, rows=rows, **arrays)
        right.append(ask("loss", params) if own else Reference().loss(**params))
    return {"losses": losses / np.array(right)[: len(losses)]}


def _steps(moves: Moves, problem: Problem, method: str, ask: Ask) -> Parts:
    """Each array's step on each minibatch, as a factor of the program's own gradient on it."""
    optimizer = {**problem.optimizer(method), "momentum": 0.0}
    return shares(*moves(ask, problem, optimizer, len(ROWS)), optimizer["learning_rate"])


def _run(reduction: str, problem: Problem, support: Support, batches: Any, ask: Ask) -> Parts:
    """Losses and network after several iterations with all that the program supports."""
    method = support.methods[-1]
    kinds = [kind for kind in SCHEDULES if kind in support.schedules]
    schedule = SCHEDULES[kinds[problem.number % len(kinds)]][0] if kinds and method != "momentum" else None
    optimizer = problem.optimizer(method, schedule)
    return _answer(run(ask, reduction, problem, optimizer, len(ROWS), batches, penalised=support.l2))
