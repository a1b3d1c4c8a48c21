"""Output functions that people choose: from the scores to what the loss takes for probabilities.

Everything is complex-safe, as in ``activations``. Scores f (N, K), labels y (N,), outputs p (N, K).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from nnspec.mistakes.choices.activations import logistic, magnitude, softplus, where_positive
from nnspec.reference.values import Array


@dataclass(frozen=True)
class OutputFunction:
    """From scores to outputs p; ``logarithm`` gives log p without underflow.

    rowwise: whether the outputs of an example depend on its own scores alone.
    """

    name: str
    phrase: str
    formula: str
    function: Callable[[Array], Array] = field(compare=False, repr=False)
    logarithm: Callable[[Array], Array] | None = field(default=None, compare=False, repr=False)
    rowwise: bool = True


class Outputs:
    """The outputs of a batch, with its labels, computed once and only if they are needed."""

    def __init__(self, function: OutputFunction, scores: Array, labels: Array) -> None:
        """From scores (N, K) and labels (N,)."""
        self.function, self.scores = function, scores
        self.labels = np.asarray(labels)

    @cached_property
    def p(self) -> Array:
        """The outputs, (N, K)."""
        return self.function.function(self.scores)

    @cached_property
    def log_p(self) -> Array:
        """Their logarithms; −inf for an output of 0."""
        if self.function.logarithm is not None:
            return self.function.logarithm(self.scores)
        return log(self.p)

    @cached_property
    def targets(self) -> Array:
        """1 for the label of an example, else 0; (N, K)."""
        return (np.arange(self.scores.shape[1]) == self.labels[:, None]).astype(self.scores.real.dtype)

    @property
    def classes(self) -> int:
        """K."""
        return int(self.scores.shape[1])

    @property
    def errors(self) -> Array:
        """p − t, (N, K)."""
        return self.p - self.targets

    def of_label(self, values: Array) -> Array:
        """The value of each example's label, (N,)."""
        return values[np.arange(len(self.labels)), self.labels]


def log(p: Array) -> Array:
    """log p; −inf for 0 and nan below, without a warning."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(p)


# ---- the functions ----


def _shifted(scores: Array) -> Array:
    """Minus the greatest score of each row."""
    return np.asarray(scores - scores.real.max(axis=1, keepdims=True))


def _softmax(scores: Array) -> Array:
    exponentials = np.exp(_shifted(scores))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def _log_softmax(scores: Array) -> Array:
    shifted = _shifted(scores)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def _relu(scores: Array) -> Array:
    return where_positive(scores, scores, 0 * scores)


def _normalised(parts: Array) -> Array:
    """Each row divided by its sum, without a guard against 0, as people type it."""
    with np.errstate(divide="ignore", invalid="ignore"):
        quotients: Array = parts / parts.sum(axis=1, keepdims=True)
    return quotients


def softmax_of(name: str, phrase: str, formula: str, inner: Callable[[Array], Array]) -> OutputFunction:
    """Softmax of a function of the scores."""
    return OutputFunction(
        name, phrase, formula, lambda f: _softmax(inner(f)), lambda f: _log_softmax(inner(f))
    )


def temperature(value: float) -> OutputFunction:
    """Softmax of the scores divided by a temperature."""
    phrase = f"softmax with a temperature of {value:g}"
    return softmax_of(f"softmax at {value:g}", phrase, f"softmax(f / {value:g})", lambda f: f / value)


SOFTMAX = OutputFunction("softmax", "softmax", "exp(f_k) / Σ_j exp(f_j)", _softmax, _log_softmax)
INDEPENDENT = OutputFunction(
    "logistics",
    "the logistic function of each score",
    "1 / (1 + exp(−f_k))",
    logistic,
    lambda f: -softplus(-f),
)
SCORES = OutputFunction("scores", "the scores themselves", "f_k", lambda f: 1 * f)

#: What softmax becomes by a slip.
SLIPPED_OUTPUTS = (
    OutputFunction(
        "shifted exponentials",
        "the exponentials of the shifted scores, not divided by their sum",
        "exp(f_k − max f)",
        lambda f: np.exp(_shifted(f)),
        lambda f: 1 * _shifted(f),
    ),
    softmax_of(
        "softmax of exponentials",
        "softmax of the exponentials of the shifted scores, as where softmax was computed in the scores' own memory",
        "softmax(exp(f_k − max f))",
        lambda f: np.exp(_shifted(f)),
    ),
    OutputFunction(
        "exponentials over their mean",
        "the exponentials divided by their mean instead of their sum, K times softmax",
        "exp(f_k) / mean_j exp(f_j)",
        lambda f: _softmax(f) * f.shape[1],
        lambda f: _log_softmax(f) + math.log(f.shape[1]),
    ),
    OutputFunction(
        "softmax shifted over examples",
        "softmax of the scores minus the greatest score of each class in the batch, not of each row",
        "softmax(f_nk − max_m f_mk)",
        lambda f: _softmax(f - f.real.max(axis=0)),
        lambda f: _log_softmax(f - f.real.max(axis=0)),
        rowwise=False,
    ),
)

OUTPUT_FUNCTIONS = (
    SOFTMAX,
    INDEPENDENT,
    SCORES,
    softmax_of("softmax twice", "softmax applied twice", "softmax(softmax(f))", _softmax),
    OutputFunction(
        "softmax over examples",
        "softmax over the examples, not over the classes",
        "exp(f_nk) / Σ_m exp(f_mk)",
        lambda f: _softmax(f.T).T,
        lambda f: _log_softmax(f.T).T,
        rowwise=False,
    ),
    OutputFunction(
        "softmax over all",
        "softmax over the whole matrix",
        "exp(f_nk) / Σ_mj exp(f_mj)",
        lambda f: _softmax(f.reshape(1, -1)).reshape(f.shape),
        lambda f: _log_softmax(f.reshape(1, -1)).reshape(f.shape),
        rowwise=False,
    ),
    OutputFunction("log softmax", "the logarithms of softmax", "log softmax(f)", _log_softmax),
    softmax_of("softmax base 2", "softmax with powers of 2", "2^f_k / Σ_j 2^f_j", lambda f: f * math.log(2)),
    softmax_of(
        "softmax base 10", "softmax with powers of 10", "10^f_k / Σ_j 10^f_j", lambda f: f * math.log(10)
    ),
    temperature(2.0),
    temperature(0.5),
    temperature(10.0),
    softmax_of("softmax negated", "softmax of the negated scores", "softmax(−f)", lambda f: -f),
    softmax_of("softmax of magnitudes", "softmax of the scores' magnitudes", "softmax(|f|)", magnitude),
    softmax_of("softmax of relu", "softmax of ReLU of the scores", "softmax(max(0, f))", _relu),
    softmax_of("softmax of tanh", "softmax of tanh of the scores", "softmax(tanh(f))", np.tanh),
    softmax_of(
        "softmax of logistics",
        "softmax of the scores' logistic functions",
        "softmax(1 / (1 + exp(−f)))",
        logistic,
    ),
    OutputFunction(
        "normalised logistics",
        "the scores' logistic functions divided by their sum",
        "σ(f_k) / Σ_j σ(f_j)",
        lambda f: _normalised(logistic(f)),
    ),
    OutputFunction(
        "normalised relu",
        "ReLU of the scores divided by its sum",
        "max(0, f_k) / Σ_j max(0, f_j)",
        lambda f: _normalised(_relu(f)),
    ),
    OutputFunction(
        "normalised softplus",
        "softplus of the scores divided by its sum",
        "log(1 + exp(f_k)) / Σ_j log(1 + exp(f_j))",
        lambda f: _normalised(softplus(f)),
    ),
    OutputFunction(
        "normalised scores",
        "the scores divided by their sum",
        "f_k / Σ_j f_j",
        lambda f: _normalised(1 * f),
    ),
    OutputFunction(
        "normalised squares",
        "the squares of the scores divided by their sum",
        "f_k² / Σ_j f_j²",
        lambda f: _normalised(f * f),
    ),
    OutputFunction("tanh", "tanh of each score", "tanh(f_k)", np.tanh),
    OutputFunction("relu", "ReLU of each score", "max(0, f_k)", _relu),
    OutputFunction(
        "exponentials",
        "the exponentials of the scores, not divided by their sum",
        "exp(f_k)",
        np.exp,
        lambda f: 1 * f,
    ),
    *SLIPPED_OUTPUTS,
)
