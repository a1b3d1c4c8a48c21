"""The formulas of a program, in the order in which they rest on each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from nnspec.diagnosis.measurements import Measured, Measurement
from nnspec.mistakes.base import Mistake

#: Mistakes with constants that were read off from what was measured.
Fitter: TypeAlias = Callable[[Sequence[Measured]], Iterator[type[Mistake]]]


def no_choices() -> Iterable[type[Mistake]]:
    """No choices."""
    return ()


@dataclass(frozen=True, eq=False)
class Formula:
    """A formula of an operation.

    name: in a sentence, after "is right:"; measurements: what is measured of it; fits: mistakes with constants that are
    read off; choices: other formulas that people use in its place; needs: the names of the formulas that its numbers
    rest on, which must be right or explained; activation: the only one that it is about, or ""; hooks: the methods of
    the reference that give it: only a mistake in one of them can be in this formula; pairs: choices that may meet in
    one program; sieve: one call that shows as much, on which programs are tried first; whole: the
    name of the formula without which what is found of this one, for a single example, may not hold of many; spares:
    numbers of an answer that this formula has no part in, by what their names have in common; is_apart: whether its
    choices are in no other formula.
    """

    operation: str
    name: str
    measurements: tuple[Measurement, ...]
    fits: tuple[Fitter, ...] = ()
    choices: Callable[[], Iterable[type[Mistake]]] = field(default=no_choices)
    needs: tuple[str, ...] = ()
    activation: str = ""
    hooks: frozenset[str] = frozenset()
    pairs: Callable[[], Iterable[type[Mistake]]] = field(default=no_choices)
    sieve: Measurement | None = None
    whole: str = ""
    spares: str = ""
    is_apart: bool = False

    def concerns(self, mistake: type[Mistake]) -> bool:
        """Whether a mistake may be in this formula."""
        return any(
            self.hooks.intersection(vars(base)) for base in mistake.__mro__ if issubclass(base, Mistake)
        )


#: The methods of the reference by what they compute.
OUTPUT = frozenset(("softmax", "log_softmax", "shifted"))
FUNCTION = frozenset(("activation", "relu", "tanh", "logistic"))
DERIVATIVE = frozenset(
    (
        "derivative_from_output",
        "relu_derivative",
        "tanh_derivative",
        "logistic_derivative",
        "activation_derivative",
    )
)
SCORES = FUNCTION | {"forward", "affine"}
LOSS = OUTPUT | {"cross_entropy", "objective", "loss", "forward"}
PENALTY = frozenset(("penalty", "objective", "loss"))
DELTA = OUTPUT | {"score_gradient", "backward", "gradients", "bias_gradient"}
BACKWARD = DERIVATIVE | {"hidden_gradient", "weight_gradient", "bias_gradient", "backward", "gradients"}
PENALTY_GRADIENT = frozenset(
    ("penalty_gradient", "weight_gradient", "bias_gradient", "backward", "gradients")
)
STEP = frozenset(("update", "velocity", "velocities", "moved", "zero_velocity"))
SCHEDULE = frozenset(("learning_rate", "step", "exponential", "inverse_time", "update"))
RUN = frozenset(("train", "batch"))
INITIAL = frozenset(("initialize",))
