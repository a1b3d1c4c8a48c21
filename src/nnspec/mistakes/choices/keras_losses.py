"""Losses of Keras, with its means over the classes and its small number ε = 1e-7.

Their formulas are those of Keras's documentation of its losses; p is the output (N, K), t the one-hot target.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnspec.mistakes.choices.activations import clipped, magnitude, softplus, where_positive
from nnspec.mistakes.choices.loss_of_outputs import Loss
from nnspec.mistakes.choices.outputs import Outputs, log
from nnspec.reference.values import Array

EPSILON = 1e-7


def _mean(values: Array) -> Array:
    return values.mean(axis=1)


def _short(o: Outputs) -> Array:
    """By how much (2t − 1) p is below 1."""
    short = 1 - (2 * o.targets - 1) * o.p
    return where_positive(short, short, 0 * short)


def _log_cosh(error: Array) -> Array:
    return magnitude(error) + softplus(-2 * magnitude(error)) - np.log(2)


def _binary(o: Outputs) -> Array:
    p = clipped(o.p, EPSILON, 1 - EPSILON)
    return -(o.targets * log(p) + (1 - o.targets) * log(1 - p))


def _logarithms(o: Outputs) -> Array:
    """Of 1 + p over 1 + t, neither below 1 + ε."""
    return log(1 + np.where(o.p.real <= EPSILON, EPSILON, o.p)) - np.log1p(np.maximum(o.targets, EPSILON))


def _divergence(o: Outputs) -> Array:
    t, p = np.maximum(o.targets, EPSILON), clipped(o.p, EPSILON, 1.0)
    return (t * (np.log(t) - log(p))).sum(axis=1)


def _keras(name: str, phrase: str, formula: str, function: Callable[[Outputs], Array]) -> Loss:
    return Loss(f"keras {name}", f"Keras's {phrase}, {formula}", formula, function)


KERAS_LOSSES = (
    _keras(
        "binary cross entropy",
        "binary cross-entropy",
        "−Σ_k (t_k log p_k + (1 − t_k) log(1 − p_k)) / K with p_k clipped to 1e-7 … 1 − 1e-7",
        lambda o: _mean(_binary(o)),
    ),
    _keras("hinge", "hinge loss", "Σ_k max(0, 1 − (2 t_k − 1) p_k) / K", lambda o: _mean(_short(o))),
    _keras(
        "squared hinge",
        "squared hinge loss",
        "Σ_k max(0, 1 − (2 t_k − 1) p_k)² / K",
        lambda o: _mean(_short(o) ** 2),
    ),
    _keras("log cosh", "log-cosh loss", "Σ_k log cosh(p_k − t_k) / K", lambda o: _mean(_log_cosh(o.errors))),
    _keras(
        "percentage error",
        "mean absolute percentage error",
        "100 Σ_k |p_k − t_k| / max(|t_k|, 1e-7) / K",
        lambda o: 100 * _mean(magnitude(o.errors) / np.maximum(o.targets, EPSILON)),
    ),
    _keras(
        "logarithmic error",
        "mean squared logarithmic error",
        "Σ_k (log(1 + p_k) − log(1 + t_k))² / K",
        lambda o: _mean(_logarithms(o) ** 2),
    ),
    _keras(
        "divergence", "Kullback-Leibler divergence", "Σ_k t_k log(t_k / p_k), both at least 1e-7", _divergence
    ),
    _keras(
        "poisson",
        "Poisson loss",
        "Σ_k (p_k − t_k log(p_k + 1e-7)) / K",
        lambda o: _mean(o.p - o.targets * log(o.p + EPSILON)),
    ),
    _keras(
        "cosine",
        "cosine similarity",
        "−p_y / ‖p‖",
        lambda o: -o.of_label(o.p) / np.sqrt((o.p * o.p).sum(axis=1)),
    ),
)
