"""What the word float64 can hide: a run in which a constant, or one function, is rounded to float32.

Some frameworks compute in float64 but keep a penalty or a momentum in float32, or compute one function there. Their
losses match those of a reference that does the same, and no mistake's. Such a program is not wrong in the sense of the
documents, and not a float64 program either: that is a finding of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from nnspec.documents.experiments import Experiment
from nnspec.reference import Reference
from nnspec.reference.values import Array
from nnspec.runs.envelope import GoldenTrace, tolerance

#: A run is compared to so many iterations after the first loss that is refused.
BEYOND = 30
#: What is rounded to float32 shows at once; what shows later than this is something else.
LATEST = 200
#: A function in float32 is another one in every library: it may be this many of its own units in the last place off.
UNITS = 4
#: Members whose functions are so far off, which show how far apart the losses of such programs lie.
MEMBERS = 8

#: The methods of the reference that some library computes in float32, and what they are called.
FUNCTIONS = {
    "activation": "the activation",
    "derivative_from_output": "the activation's derivative",
    "softmax": "softmax",
    "log_softmax": "the logarithm of softmax",
}
CONSTANTS = {"l2": "the penalty's factor", "momentum": "the momentum", "learning_rate": "the learning rate"}
PENALTY = {"penalty": "in the loss", "penalty_gradient": "in the gradient"}
DATA = {"inputs": "the inputs", "network": "the initial parameters"}


def finding(experiment: Experiment, golden: GoldenTrace, losses: Array) -> str | None:
    """What explains losses that the golden trace for float64 refuses, in words; None where this does not.

    losses: the objective before each update.
    """
    first = golden.judge(losses).iteration
    if first is None or first > LATEST or not np.isfinite(losses[: first + 1]).all():
        return None
    length = int(min(first + BEYOND, golden.horizon + 1, len(losses)))
    training = experiment.training(length)
    got, right = np.asarray(losses[:length], dtype=float), run(Reference(), training)
    reach = np.interp(np.arange(length), golden.iterations[: len(golden.reach)], golden.reach)
    allowed = tolerance(right, reach, "float64")
    for what, made in _constants(training):
        if (np.abs(got - made) <= allowed).all() and (np.abs(made - right) > allowed).any():
            return f"float64, but {what} rounded to float32"
    fitting = [
        what for method, what in FUNCTIONS.items() if _is_with_function(method, training, got, right, allowed)
    ]
    return f"float64, but {' or '.join(fitting)} computed in float32" if fitting else None


def run(implementation: Reference, training: dict[str, Any]) -> Array:
    """The losses of a run."""
    return np.array(implementation.train(**training)["losses"], dtype=float)


def _constants(training: dict[str, Any]) -> Iterator[tuple[str, Array]]:
    """What can be rounded to float32, in words, and the losses of the run where it is: each alone, then all."""
    for name, what in CONSTANTS.items():
        yield what, run(Reference(), _with_constant(training, name))
    for method, where in PENALTY.items():
        yield f"the penalty's factor, {where},", run(_with_penalty(method), training)
    for name, what in DATA.items():
        yield what, run(Reference(), {**training, name: _single(training[name])})
    everything = training
    for name in CONSTANTS:
        everything = _with_constant(everything, name)
    yield "its constants", run(Reference(), everything)


def _with_constant(training: dict[str, Any], name: str) -> dict[str, Any]:
    part = "objective" if name == "l2" else "optimizer"
    return {**training, part: {**training[part], name: float(np.float32(training[part][name]))}}


def _with_penalty(method: str) -> Reference:
    """The reference with the factor of the penalty rounded to float32 in one place alone."""

    def in_single(self: Reference, of: Any, l2: float) -> Any:
        return getattr(Reference, method)(self, of, float(np.float32(l2)))

    made: Reference = type("Lowered", (Reference,), {method: in_single})()
    return made


def _single(value: Any) -> Any:
    """Arrays rounded to float32, and still float64."""
    if isinstance(value, dict):
        return {name: _single(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_single(part) for part in value]
    return value if isinstance(value, str) else value.astype(np.float32).astype(np.float64)


def lowered(method: str, seed: int | None) -> Reference:
    """The reference with one function in float32, some units in the last place off where a seed says how."""
    random = np.random.default_rng(seed)

    def in_single(self: Reference, *told: Any) -> Array:
        exactly = getattr(Reference, method)(self, *told)
        single = np.asarray(exactly, dtype=np.float32)
        if seed is not None:
            single += np.spacing(single) * random.integers(-UNITS, UNITS, single.shape, endpoint=True)
        return single.astype(np.float64)

    made: Reference = type("Lowered", (Reference,), {method: in_single})()
    return made


def _is_with_function(
    method: str, training: dict[str, Any], got: Array, right: Array, allowed: Array
) -> bool:
    """Whether the losses leave the right ones when those of such programs do, and lie as near as they do."""
    members = np.array([run(lowered(method, seed), training) for seed in range(MEMBERS)])
    reach = np.maximum.accumulate(np.abs(members - right).max(axis=0))
    if not (reach > allowed).any():
        return False
    leaves = int(np.argmax(reach > allowed))
    return int(np.argmax(np.abs(got - right) > allowed)) == leaves and bool(
        (np.abs(got - right) <= np.maximum(2 * reach, allowed)).all()
    )
