"""Losses of an example that people choose, from the outputs of a batch.

Everything is complex-safe, as in ``activations``. p is the output (N, K), t the one-hot target, y the label.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from nnspec.mistakes.base import format_constant
from nnspec.mistakes.choices.activations import clipped, magnitude, softplus, where_positive
from nnspec.mistakes.choices.keras_losses import KERAS_LOSSES
from nnspec.mistakes.choices.loss_of_outputs import Loss
from nnspec.mistakes.choices.outputs import INDEPENDENT, Outputs, log
from nnspec.reference.values import Array


def _positive(values: Array) -> Array:
    return where_positive(values, values, 0 * values)


def _sum(values: Array) -> Array:
    return values.sum(axis=1)


def _margins(o: Outputs) -> Array:
    """Max(0, 1 + p_k − p_y) of the other classes, 0 for the label."""
    margins = _positive(1 + o.p - o.of_label(o.p)[:, None])
    return margins * (1 - o.targets)


def _hardest(o: Outputs) -> Array:
    margins = _margins(o)
    return margins[np.arange(len(margins)), margins.real.argmax(axis=1)]


def _signs(o: Outputs) -> Array:
    return 2 * o.targets - 1


def _binary(o: Outputs) -> Array:
    """−Σ_k t log p + (1 − t) log(1 − p)."""
    if o.function is INDEPENDENT:
        return _sum(softplus(-_signs(o) * o.scores))
    return -_sum(np.where(o.targets == 1, o.log_p, log(1 - o.p)))


def _huber(error: Array) -> Array:
    return np.where(np.abs(error.real) <= 1, error * error / 2, magnitude(error) - 0.5)


def _log_cosh(error: Array) -> Array:
    return magnitude(error) + softplus(-2 * magnitude(error)) - math.log(2)


def _times_log(p: Array, log_p: Array) -> Array:
    """P log p, which is 0 at 0."""
    return np.where(p == 0, 0, p * np.where(p == 0, 0, log_p))


def _smooth(o: Outputs, epsilon: float) -> Array:
    return (1 - epsilon) * o.targets + epsilon / o.classes


def _scaled(name: str, phrase: str, formula: str, factor: float) -> Loss:
    """The cross-entropy times a factor."""
    return Loss(name, phrase, formula, lambda o: -factor * o.of_label(o.log_p))


def focal(gamma: float) -> Loss:
    """The focal loss."""
    return Loss(
        f"focal {gamma:g}",
        f"the focal loss, −(1 − p_y)^{gamma:g} log p_y",
        f"−(1 − p_y)^{gamma:g} log p_y",
        lambda o: -((1 - o.of_label(o.p)) ** gamma) * o.of_label(o.log_p),
    )


def label_smoothing(epsilon: float) -> Loss:
    """The cross-entropy with smoothed targets."""
    return Loss(
        f"smoothed {epsilon:g}",
        f"the cross-entropy with label smoothing, −Σ_k ((1 − {epsilon:g}) t_k + {epsilon:g}/K) log p_k",
        f"−Σ_k ((1 − {epsilon:g}) t_k + {epsilon:g}/K) log p_k",
        lambda o: -_sum(_smooth(o, epsilon) * o.log_p),
    )


#: What a small number at the logarithm breaks, however small it is.
RANGE = "losses.cross-entropy-range"


def with_epsilon(epsilon: float) -> Loss:
    """The logarithm of a probability plus a small number."""
    number = format_constant(epsilon)
    return Loss(
        f"epsilon {number}",
        f"−log(p_y + {number})",
        f"−log(p_y + {number})",
        lambda o: -log(o.of_label(o.p) + epsilon),
        RANGE,
    )


def with_least(epsilon: float) -> Loss:
    """The logarithm of a probability that is at least a small number; the derivative is 0 there."""
    number = format_constant(epsilon)

    def function(o: Outputs) -> Array:
        p = o.of_label(o.p)
        return -log(np.where(p.real <= epsilon, epsilon, p))  # nan stays nan

    phrase = f"−log max(p_y, {number})"
    return Loss(f"least {number}", phrase, phrase, function, RANGE)


def clipped_both_ways(epsilon: float) -> Loss:
    """The cross-entropy of probabilities clipped to ε … 1 − ε; the derivative is 0 at both ends."""
    number = format_constant(epsilon)
    return Loss(
        f"clipped {number}",
        f"−log of p_y clipped to {number} … 1 − {number}",
        f"−log(max({number}, min(1 − {number}, p_y)))",
        lambda o: -log(clipped(o.of_label(o.p), epsilon, 1 - epsilon)),
        RANGE,
    )


def _loss(name: str, phrase: str, formula: str, function: Callable[[Outputs], Array]) -> Loss:
    """A loss whose phrase has its formula."""
    return Loss(name, f"{phrase}, {formula}", formula, function)


def clipped_binary(epsilon: float, over_classes: bool) -> Loss:
    """The binary cross-entropy of probabilities clipped to ε … 1 − ε; over_classes: divided by K."""
    number = format_constant(epsilon)

    def function(o: Outputs) -> Array:
        p = clipped(o.p, epsilon, 1 - epsilon)
        each = -(o.targets * log(p) + (1 - o.targets) * log(1 - p))
        return each.mean(axis=1) if over_classes else each.sum(axis=1)

    formula = f"−Σ_k (t_k log p_k + (1 − t_k) log(1 − p_k)){' / K' if over_classes else ''}"
    return Loss(
        f"{'mean ' if over_classes else ''}binary clipped {number}",
        f"the binary cross-entropy over all classes, {formula}, clipped to {number} … 1 − {number}",
        formula,
        function,
    )


def binary_with_epsilon(epsilon: float, alone: bool) -> Loss:
    """The binary cross-entropy with a small number in its logarithms; alone: in that of 1 − p alone."""
    number = format_constant(epsilon)

    def function(o: Outputs) -> Array:
        log_p = o.log_p if alone else log(o.p + epsilon)
        return _sum(-np.where(o.targets == 1, log_p, log(1 - o.p + epsilon)))

    formula = f"−Σ_k (t_k log {'p_k' if alone else f'(p_k + {number})'} + (1 − t_k) log(1 − p_k + {number}))"
    name = f"binary epsilon {number}{' of the others' if alone else ''}"
    return _loss(name, "the binary cross-entropy over all classes", formula, function)


#: The small numbers that programs add to a probability, or clip it to.
EPSILONS = (1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-20)

CROSS_ENTROPY = Loss("cross entropy", "the cross-entropy", "−log p_y", lambda o: -o.of_label(o.log_p))
BINARY = _loss(
    "binary cross entropy",
    "the binary cross-entropy over all classes",
    "−Σ_k (t_k log p_k + (1 − t_k) log(1 − p_k))",
    _binary,
)
SQUARED = _loss("squared error", "the squared error", "½ Σ_k (p_k − t_k)²", lambda o: _sum(o.errors**2) / 2)

#: Every loss, the most likely first.
LOSSES = (
    CROSS_ENTROPY,
    SQUARED,
    _loss(
        "whole squared error",
        "the squared error without the half",
        "Σ_k (p_k − t_k)²",
        lambda o: _sum(o.errors**2),
    ),
    _loss(
        "mean squared error",
        "the mean squared error over the classes",
        "Σ_k (p_k − t_k)² / K",
        lambda o: _sum(o.errors**2) / o.classes,
    ),
    _loss(
        "half mean squared error",
        "half the mean squared error over the classes",
        "½ Σ_k (p_k − t_k)² / K",
        lambda o: _sum(o.errors**2) / (2 * o.classes),
    ),
    BINARY,
    _loss(
        "mean binary cross entropy",
        "the mean binary cross-entropy over the classes",
        "−Σ_k (t_k log p_k + (1 − t_k) log(1 − p_k)) / K",
        lambda o: _binary(o) / o.classes,
    ),
    _scaled("cross entropy base 2", "the cross-entropy in bits", "−log₂ p_y", 1 / math.log(2)),
    _scaled(
        "cross entropy base 10",
        "the cross-entropy with a logarithm to base 10",
        "−log₁₀ p_y",
        1 / math.log(10),
    ),
    Loss(
        "cross entropy base K",
        "the cross-entropy with a logarithm to base K",
        "−log p_y / log K",
        lambda o: -o.of_label(o.log_p) / math.log(o.classes),
    ),
    Loss(
        "cross entropy over classes",
        "the cross-entropy divided by K",
        "−log p_y / K",
        lambda o: -o.of_label(o.log_p) / o.classes,
    ),
    _scaled("half cross entropy", "half the cross-entropy", "−½ log p_y", 0.5),
    _scaled("double cross entropy", "twice the cross-entropy", "−2 log p_y", 2.0),
    _scaled("negated cross entropy", "the cross-entropy with the wrong sign", "log p_y", -1.0),
    _loss("absolute error", "the absolute error", "Σ_k |p_k − t_k|", lambda o: _sum(magnitude(o.errors))),
    _loss(
        "mean absolute error",
        "the mean absolute error over the classes",
        "Σ_k |p_k − t_k| / K",
        lambda o: _sum(magnitude(o.errors)) / o.classes,
    ),
    _loss(
        "hinge",
        "the hinge loss (Weston and Watkins)",
        "Σ_{k≠y} max(0, 1 + p_k − p_y)",
        lambda o: _sum(_margins(o)),
    ),
    _loss(
        "squared hinge",
        "the squared hinge loss",
        "Σ_{k≠y} max(0, 1 + p_k − p_y)²",
        lambda o: _sum(_margins(o) ** 2),
    ),
    _loss(
        "greatest hinge",
        "the hinge loss of the hardest class (Crammer and Singer)",
        "max_{k≠y} max(0, 1 + p_k − p_y)",
        _hardest,
    ),
    _loss(
        "hinge one against the rest",
        "the hinge loss of each class against the rest",
        "Σ_k max(0, 1 − (2 t_k − 1) p_k)",
        lambda o: _sum(_positive(1 - _signs(o) * o.p)),
    ),
    _loss("missing probability", "the missing probability", "1 − p_y", lambda o: 1 - o.of_label(o.p)),
    _loss("negated probability", "the negated probability", "−p_y", lambda o: -o.of_label(o.p)),
    *(focal(gamma) for gamma in (1.0, 2.0, 5.0)),
    *(label_smoothing(epsilon) for epsilon in (0.1, 0.05, 0.2)),
    _loss(
        "entropy added",
        "the cross-entropy plus the entropy of p",
        "−log p_y − Σ_k p_k log p_k",
        lambda o: -o.of_label(o.log_p) - _sum(_times_log(o.p, o.log_p)),
    ),
    _loss(
        "entropy subtracted",
        "the cross-entropy minus the entropy of p",
        "−log p_y + Σ_k p_k log p_k",
        lambda o: -o.of_label(o.log_p) + _sum(_times_log(o.p, o.log_p)),
    ),
    _loss(
        "entropy",
        "the entropy of p, without the labels",
        "−Σ_k p_k log p_k",
        lambda o: -_sum(_times_log(o.p, o.log_p)),
    ),
    _loss("all logarithms", "the logarithms of all classes", "−Σ_k log p_k", lambda o: -_sum(o.log_p)),
    _loss(
        "swapped divergence",
        "the divergence with its arguments swapped",
        "Σ_k p_k (log p_k − log max(t_k, 1e-7))",
        lambda o: _sum(_times_log(o.p, o.log_p) - o.p * np.log(np.maximum(o.targets, 1e-7))),
    ),
    _loss(
        "others alone",
        "the logarithms of the other classes alone",
        "−Σ_{k≠y} log(1 − p_k)",
        lambda o: -_sum(np.where(o.targets == 1, 0, log(1 - o.p))),
    ),
    _loss("log cosh", "the log-cosh loss", "Σ_k log cosh(p_k − t_k)", lambda o: _sum(_log_cosh(o.errors))),
    _loss(
        "huber",
        "the Huber loss with δ = 1",
        "Σ_k ½ (p_k − t_k)², or |p_k − t_k| − ½ where that is above 1",
        lambda o: _sum(_huber(o.errors)),
    ),
    _loss(
        "poisson", "the Poisson loss", "Σ_k (p_k − t_k log p_k)", lambda o: _sum(o.p) - o.of_label(o.log_p)
    ),
    _loss(
        "exponential",
        "the exponential loss",
        "Σ_k exp(−(2 t_k − 1) p_k)",
        lambda o: _sum(np.exp(-_signs(o) * o.p)),
    ),
    _loss(
        "soft margin",
        "the soft margin loss",
        "Σ_k log(1 + exp(−(2 t_k − 1) p_k))",
        lambda o: _sum(softplus(-_signs(o) * o.p)),
    ),
    _loss(
        "cosine",
        "one minus the cosine",
        "1 − p_y / ‖p‖",
        lambda o: 1 - o.of_label(o.p) / np.sqrt(_sum(o.p * o.p)),
    ),
    _loss(
        "dice",
        "the Dice loss",
        "1 − 2 p_y / (1 + Σ_k p_k)",
        lambda o: 1 - 2 * o.of_label(o.p) / (1 + _sum(o.p)),
    ),
    _loss("squared logarithm", "the squared logarithm", "(log p_y)²", lambda o: o.of_label(o.log_p) ** 2),
    *KERAS_LOSSES,
    *(with_epsilon(epsilon) for epsilon in EPSILONS),
    *(with_least(epsilon) for epsilon in EPSILONS),
    *(clipped_both_ways(epsilon) for epsilon in EPSILONS),
)
