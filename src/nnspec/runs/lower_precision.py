"""Programs that declare float64, but round a constant or compute one function in float32.

Some frameworks compute in float64 but keep a penalty or a momentum in float32, or compute one function in float32.
Their losses match a reference that does the same, and no mistake. Such a program does not contradict the documents, but
is not a float64 program either, so it gets a finding of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from nnspec.documents.experiments import Experiment
from nnspec.reference import Reference
from nnspec.reference.values import Array
from nnspec.runs.envelope import GoldenTrace, tolerance

#: How many iterations to compare after the first refused loss.
ITERATIONS_AFTER = 30
#: A rounding to float32 shows at once; a loss that is first refused later than this has another cause.
LATEST = 200
#: Libraries differ in their float32 functions: one may be off by this many of its units in the last place.
UNITS = 4
#: How many runs with such functions to make, to measure how far apart the losses of such programs lie.
MEMBERS = 8

#: The methods of the reference that some library computes in float32, and their names in a finding.
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
    """An explanation of losses that the golden trace for float64 refuses; None if float32 does not explain them.

    losses: the objective before each update.
    """
    first = golden.judge(losses).iteration
    if first is None or first > LATEST or not np.isfinite(losses[: first + 1]).all():
        return None
    length = int(min(first + ITERATIONS_AFTER, golden.horizon + 1, len(losses)))
    training = experiment.training(length)
    got, right = np.asarray(losses[:length], dtype=float), run(Reference(), training)
    reach = np.interp(np.arange(length), golden.iterations[: len(golden.reach)], golden.reach)
    allowed = tolerance(right, reach, "float64")
    for what, rounded in _constants(training):
        if (np.abs(got - rounded) <= allowed).all() and (np.abs(rounded - right) > allowed).any():
            return f"float64, but {what} rounded to float32"
    fitting = [
        what for method, what in FUNCTIONS.items() if _matches_function(method, training, got, right, allowed)
    ]
    return f"float64, but {' or '.join(fitting)} computed in float32" if fitting else None


def run(implementation: Reference, training: dict[str, Any]) -> Array:
    """The losses of a run."""
    return np.array(implementation.train(**training)["losses"], dtype=float)


def _constants(training: dict[str, Any]) -> Iterator[tuple[str, Array]]:
    """What can be rounded to float32, and the losses of the run with it rounded: each alone, then all."""
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

    reference: Reference = type("PartlyFloat32", (Reference,), {method: in_single})()
    return reference


def _single(value: Any) -> Any:
    """Arrays rounded to float32, of dtype float64."""
    if isinstance(value, dict):
        return {name: _single(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_single(part) for part in value]
    return value if isinstance(value, str) else value.astype(np.float32).astype(np.float64)


def with_function_in_float32(method: str, seed: int | None) -> Reference:
    """The reference with one function in float32; a seed makes it some units in the last place off."""
    random = np.random.default_rng(seed)

    def in_single(self: Reference, *args: Any) -> Array:
        exact = getattr(Reference, method)(self, *args)
        single = np.asarray(exact, dtype=np.float32)
        if seed is not None:
            single += np.spacing(single) * random.integers(-UNITS, UNITS, single.shape, endpoint=True)
        return single.astype(np.float64)

    reference: Reference = type("PartlyFloat32", (Reference,), {method: in_single})()
    return reference


def _matches_function(
    method: str, training: dict[str, Any], got: Array, right: Array, allowed: Array
) -> bool:
    """Whether the losses leave the right ones at the same iteration as such programs do, and lie as near."""
    members = np.array([run(with_function_in_float32(method, seed), training) for seed in range(MEMBERS)])
    reach = np.maximum.accumulate(np.abs(members - right).max(axis=0))
    if not (reach > allowed).any():
        return False
    leaves = int(np.argmax(reach > allowed))
    return int(np.argmax(np.abs(got - right) > allowed)) == leaves and bool(
        (np.abs(got - right) <= np.maximum(2 * reach, allowed)).all()
    )
