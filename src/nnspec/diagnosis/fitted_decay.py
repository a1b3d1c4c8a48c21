"""Steps that shrink the parameters as well, by a share that nobody asked for: weight decay, read off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from nnspec.diagnosis.fitted import Constants, Role, by_role, groups, made, near, read_all
from nnspec.diagnosis.fitted_steps import by_arrays
from nnspec.diagnosis.measurements import Measured
from nnspec.diagnosis.monomials import Monomial
from nnspec.mistakes.base import Mistake
from nnspec.mistakes.choices import Choice
from nnspec.reference.values import Array

NONE = Monomial(0.0)
#: How near the shares of several steps must be, relative to them.
LIKE = 1e-6


class StepDecays(Choice):
    """Each step also subtracts a share of the parameters."""

    clause = "updates.gradient-descent"
    roles: ClassVar[Constants]

    def update(self, **arguments: Any) -> dict[str, Any]:  # type: ignore[override]  # by name, as in Choice
        """The step, and then the share of the parameters before it."""
        symbols = {"μ": self.learning_rate(arguments["optimizer"], arguments["iteration"])}

        def moved(role: Role, old: Array, new: Array) -> Array:
            return new - self.roles.get(role, NONE).value(symbols) * old

        return by_arrays(arguments["network"], super().update(**arguments), moved)


def decays(measured: Sequence[Measured]) -> Iterator[type[Mistake]]:
    """The steps have the right share of the gradient, and each has the same share of the parameters besides."""
    parts = [(name, part) for each in measured for name, part in each.parts.items()]
    if any(part.is_wrong for name, part in parts if name.startswith(("weights", "biases"))):
        return
    of_parameters = [part.got for name, part in parts if name.startswith("decay")]
    if not all(np.allclose(found, found[0], rtol=LIKE, atol=0) for found in of_parameters):
        return
    values: dict[Role, list[tuple[float, Mapping[str, float]]]] = {
        role: [(value, {"μ": symbols["μ"]}) for value, symbols in found]
        for role, found in by_role(measured, _share).items()
    }
    constants = read_all(values, max(near(measured), LIKE), (NONE,)) or {}
    wrong = {role: constant for role, constant in constants.items() if constant.number}
    if wrong:
        yield made(
            StepDecays,
            f"Each step also subtracts {_said(wrong, constants)}, which nobody asked for: weight decay.",
            "Move the parameters by −μ times the gradient and by nothing else; the penalty is in the gradient.",
            roles=wrong,
        )


def _said(wrong: Constants, every: Constants) -> str:
    """Such as "0.001 · μ times the weights"."""
    if len({*every.values()}) == 1:
        whole = [("the weights and the biases", next(iter(wrong.values())))]
    else:
        whole = [(where, constant) for _, where, constant in groups(wrong, every, by_kind=True)]
    return " and ".join(f"{constant.text} times {where}{constant.glossary}" for where, constant in whole)


def _share(measured: Measured, kind: str, place: int) -> float:
    """The share of the parameters that a step subtracts."""
    return float(measured.parts[f"decay {kind}[{place}]"].got[0])
