"""Reads off what a run makes of the examples that it is given: which it uses, how often, with which labels and inputs.

A step of the last layer is the sum of what every example adds to it. If that layer has more inputs than there are
examples, the step shows each example's part. It is compared with what the program's own gradients have for each label,
so that whatever else is wrong with the program drops out.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from nnspec.contract.errors import NoAnswer
from nnspec.contract.support import Support
from nnspec.diagnosis.asking import Asker, QuestionsSpent, Unanswered
from nnspec.diagnosis.measurements import ANSWER_UNITS, FURTHER
from nnspec.diagnosis.problems import usual_activation
from nnspec.diagnosis.training_words import VARIES, Uses, words_of_inputs, words_of_uses
from nnspec.diagnosis.views import RATE, one_step
from nnspec.judging import cases
from nnspec.judging.rounding import Precision
from nnspec.reference import Reference
from nnspec.reference.values import Array

#: How many examples there are of each class, and of each of two classes; a usual number of classes.
SIZES, TWO_SIZES, CLASSES = (40, 48, 20, 16, 14, 12, 10, 9, 8, 7), (44, 64), 3
#: The greatest and the least number of examples with a class each.
EACH_ITS_OWN, LEAST = 40, 5
#: Inputs, and hidden outputs, for each example; without a hidden layer there are as many inputs.
INPUTS, HIDDEN = 0.5, 2.2
#: How large the products of the inputs and the first weights are: the hidden outputs are far from linear.
SPREAD = 1.5
#: How often one example may be used.
MOST_USES = 8
#: Factors that are tried as the one that all examples have.
FACTORS = 6
#: How many times the errors that are worked out from the sizes of the numbers may be exceeded.
CAUTION = 4.0


class Step(NamedTuple):
    """How far the last layer's weights and biases move down the slope, and how near these numbers are."""

    weights: Array
    biases: Array
    error: float


class Parts(NamedTuple):
    """What each example adds to a step (N, K), and how near these numbers are."""

    rows: Array
    error: float


@dataclass(frozen=True)
class Subject:
    """The program, and what is known of it."""

    ask: Asker
    support: Support
    precision: Precision
    offered: Collection[str]

    def own(self, params: dict[str, Any]) -> Step:
        """The gradients of the program, or those of the reference if it has none of its own."""
        found = (
            self.ask("gradients", params) if "gradients" in self.offered else Reference().gradients(**params)
        )
        return self._step(found["weights"][-1], found["biases"][-1], 0.0)

    def moved(self, params: dict[str, Any]) -> Step:
        """The step of a run of one iteration."""
        return self._moved(params, self.ask("train", self._run(params)))

    def varies(self, params: dict[str, Any]) -> bool:
        """Whether another run makes another step."""
        again = self._moved(params, self.ask.again("train", self._run(params)))
        return not np.array_equal(again.weights, self.moved(params).weights)

    def fed(self, params: dict[str, Any]) -> Iterator[Array]:
        """What the last layer gets of each example (N, H): as the program says, then as the reference does."""
        if len(params["network"]["weights"]) == 1:
            yield params["inputs"]
            return
        call = {name: params[name] for name in ("network", "inputs")}
        if "forward" in self.offered:
            with contextlib.suppress(Unanswered):
                yield self.ask("forward", call)["hidden"][-1]
        yield Reference().forward(**call)["hidden"][-1]

    def _run(self, params: dict[str, Any]) -> dict[str, Any]:
        methods = self.support.methods
        return one_step(params, "gradient_descent" if "gradient_descent" in methods else methods[0])

    def _moved(self, params: dict[str, Any], answer: Any) -> Step:
        before, after = (
            (net["weights"][-1], net["biases"][-1]) for net in (params["network"], answer["network"])
        )
        weights, biases = ((old - new) / RATE for old, new in zip(before, after, strict=True))
        return self._step(weights, biases, max(float(np.max(np.abs(old))) for old in before) / RATE)

    def _step(self, weights: Array, biases: Array, rounded: float) -> Step:
        """rounded: the size of other numbers that were rounded on the way."""
        greatest = max(float(np.max(np.abs(weights))), float(np.max(np.abs(biases))), rounded)
        if not np.isfinite(greatest):
            raise Unanswered("not finite")
        return Step(weights, biases, FURTHER * ANSWER_UNITS * self.precision.unit * greatest)


def sentence(asker: Asker, support: Support, precision: Precision, offered: Collection[str]) -> str:
    """What ``train`` makes of its examples, if that is not what it should; "" if nothing can be read off."""
    subject = Subject(asker, support, precision, offered)
    for read in (_uses, _inputs):
        try:
            found = read(subject)
        except (Unanswered, QuestionsSpent, NoAnswer, ArithmeticError, ValueError, IndexError):
            found = None  # LinAlgError is a ValueError
        if found is not None:
            return found
    return ""


def _uses(subject: Subject) -> str | None:
    """How often, and with which labels, the examples are used; None if that does not explain the step."""
    classes = cases.classes_for(subject.support, CLASSES)
    if classes > len(SIZES):
        return None
    counts = TWO_SIZES if classes == 2 else SIZES[:classes]
    random = np.random.default_rng(0)
    labels = random.permutation(np.repeat(np.arange(classes), counts))
    params = _problem(subject.support, random, labels, classes)
    slopes = [subject.own({**params, "labels": np.full_like(labels, label)}) for label in range(classes)]
    for fed in subject.fed(params):
        inverse = np.linalg.pinv(fed.T)
        own = [_parts(fed, inverse, slope) for slope in slopes]
        if moved := _parts(fed, inverse, subject.moved(params)):
            found = _counts(moved, [each for each in own if each]) if all(own) else None
            if found is not None:
                said = words_of_uses(Uses(labels, found))
                return f"{said} {VARIES}" if said and subject.varies(params) else said
    return None


def _problem(support: Support, random: np.random.Generator, labels: Array, classes: int) -> dict[str, Any]:
    """The arguments of ``gradients``, with a last layer that has more inputs than there are examples."""
    depths = support.depths or (2,)
    depth = 2 if 2 in depths else min(depths)
    hidden, inputs = int(HIDDEN * len(labels)), int(INPUTS * len(labels))
    sizes = [inputs, *[hidden] * (depth - 1), classes] if depth > 1 else [hidden, classes]
    network = cases.network(random, sizes, usual_activation(support))
    network["weights"][:-1] = [SPREAD * weights for weights in network["weights"][:-1]]
    network["biases"][-1] /= len(labels)  # the smaller, the less is lost in the step from them
    reduction = "sum" if "sum" in support.reductions else support.reductions[0]
    return {
        "network": network,
        "inputs": random.standard_normal((len(labels), sizes[0])),
        "labels": labels,
        "objective": cases.objective(reduction),
    }


def _parts(fed: Array, inverse: Array, step: Step) -> Parts | None:
    """Each example's part of a step; None if it is not made of what the last layer is fed with."""
    rows = inverse @ step.weights
    bound = CAUTION * step.error
    if np.max(np.abs(step.weights - fed.T @ rows)) > bound:
        return None
    return Parts(rows, bound * float(np.max(np.linalg.norm(inverse, axis=1))))


def _counts(moved: Parts, own: list[Parts]) -> Array | None:
    """How often each example is used with each label (N, K), up to a factor that all have; None if it is not so."""
    slopes = np.stack([each.rows for each in own], axis=1)  # (N, label, K)
    ways = np.array(list(_ways(len(own))))
    error = moved.error + ways.sum(axis=1) * max(each.error for each in own)
    for factor in _factors(moved, slopes):
        parts = factor * np.einsum("wl,nlk->nwk", ways, slopes)
        fits = np.max(np.abs(moved.rows[:, None] - parts), axis=2) <= max(factor, 1.0) * error
        if fits.any(axis=1).all() and np.all(fits[:, : len(own) + 1].sum(axis=1) <= 1):
            counts: Array = ways[np.argmax(fits, axis=1)]
            return counts
    return None


def _ways(classes: int) -> Iterator[Array]:
    """The ways to use an example, the simplest first: never, with a label, with two, with one several times."""
    one = np.eye(classes, dtype=int)
    yield np.zeros(classes, dtype=int)
    yield from one
    for pair in itertools.combinations_with_replacement(one, 2):
        yield np.sum(pair, axis=0)
    for times, label in itertools.product(range(3, MOST_USES + 1), one):
        yield times * label


def _factors(moved: Parts, slopes: Array) -> list[float]:
    """The factors that most examples have if each is used with one label, in increasing order."""
    sizes = np.sum(slopes**2, axis=2)
    ratios = np.einsum("nk,nlk->nl", moved.rows, slopes) / sizes
    left = np.max(np.abs(moved.rows[:, None] - ratios[:, :, None] * slopes), axis=2)
    greatest = float(np.max(ratios))
    steady = np.sort(ratios[(left <= moved.error) & (ratios > 1e-3 * greatest)])
    if not len(steady):
        return []
    near = moved.error / np.sqrt(np.median(sizes))
    groups = np.split(steady, np.flatnonzero(np.diff(steady) > near) + 1)
    most = sorted(groups, key=len, reverse=True)[:FACTORS]
    return sorted(float(np.median(group)) for group in most if len(group) > 1)


def _inputs(subject: Subject) -> str | None:
    """What the last layer is fed with, if each example has a class of its own, and the last weights are 0."""
    among = [number for number in subject.support.classes or () if number <= EACH_ITS_OWN + 1]
    examples = max(among, default=0) - 1 if subject.support.classes else EACH_ITS_OWN
    if examples < LEAST:
        return None
    random = np.random.default_rng(1)
    params = _problem(subject.support, random, random.permutation(examples), examples + 1)
    network = params["network"]
    network["biases"][-1] = np.zeros_like(network["biases"][-1])
    drawn = params
    params = {**params, "network": _without_last_weights(network)}
    own, moved = subject.own(params), subject.moved(params)
    for fed in subject.fed(params):
        parts = _parts(fed, np.linalg.pinv(fed.T), own)
        found = None if parts is None else _fed(parts, own, moved)
        if parts is not None and found is not None:
            if not np.any(np.abs(found) > parts.error) and not _ignores_last_weights(subject, drawn, moved):
                return None
            error = CAUTION**2 * parts.error * (1 + np.max(np.abs(fed)))
            said = words_of_inputs(params, fed, found, error)
            return f"{said} {VARIES}" if said and subject.varies(params) else said
    return None


def _without_last_weights(network: Any) -> Any:
    return {**network, "weights": [*network["weights"][:-1], np.zeros_like(network["weights"][-1])]}


def _ignores_last_weights(subject: Subject, drawn: dict[str, Any], moved: Step) -> bool:
    """Whether the biases move as if the last weights, which are not 0, were multiplied by 0; they do not move."""
    step = subject.moved(drawn)
    near = CAUTION * max(step.error, moved.error)
    return bool(np.max(np.abs(step.weights)) <= near and np.max(np.abs(step.biases - moved.biases)) <= near)


def _fed(parts: Parts, own: Step, moved: Step) -> Array | None:
    """What the last layer was fed with in training (N, H), if each example was used once with its own label."""
    inverse = np.linalg.pinv(parts.rows)  # (K, N)
    fed, shares, usual = ((array @ inverse).T for array in (moved.weights, moved.biases, own.biases))
    bound = CAUTION * max(moved.error, parts.error * max(1.0, float(np.max(np.abs(fed)))))
    lost = (moved.weights - fed.T @ parts.rows, moved.biases - shares @ parts.rows)
    if max(np.max(np.abs(each)) for each in lost) > bound * len(parts.rows):
        return None
    factors = shares / usual
    factor = float(np.median(factors))
    if not factor > 0 or np.max(np.abs(factors - factor)) > bound * len(parts.rows):
        return None
    return np.asarray(fed / factor)
