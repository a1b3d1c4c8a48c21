"""Penalties and their gradients with constants that were read off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

import numpy as np

from nnspec.diagnosis.fitted import (
    Constants,
    by_role,
    groups,
    made,
    near,
    read_all,
    role_of,
    symbols_of,
)
from nnspec.diagnosis.measurements import Measured
from nnspec.diagnosis.monomials import Monomial
from nnspec.mistakes.base import Mistake
from nnspec.reference.values import Array, Network, Objective, Parameters

ZERO = Monomial(0.0)
#: λ for the weights, which both sides have.
RIGHT = {"weights": Monomial(1.0, (("λ", 1.0),)), "biases": ZERO}
Norm = Callable[[Array], Any]
#: Of the parameters of a layer, with their words.
NORMS: dict[str, tuple[Norm, str]] = {
    "squares": (lambda a: 0.5 * (a * a).sum(), "½ Σ w²"),
    "magnitudes": (lambda a: np.abs(a).sum(), "Σ |w|"),
    "length": (lambda a: np.sqrt((a * a).sum()), "√Σ w²"),
    "mean": (lambda a: 0.5 * (a * a).mean(), "½ of the mean of w²"),
    "sum": (lambda a: a.sum(), "Σ w"),
}


class PenaltyOf(Mistake):
    """Another penalty in the loss: for each role a constant times a norm."""

    clause = "losses.penalty"
    norm: ClassVar[str]
    constants: ClassVar[Any]

    def objective(self, network: Network, scores: Array, labels: Array, objective: Objective) -> float:
        """The cross-entropy plus this penalty."""
        rest = super().objective(network, scores, labels, {**objective, "l2": 0.0})
        l2, layers = objective["l2"], len(network["weights"])
        symbols = symbols_of(network, len(labels), l2)
        for kind in ("weights", "biases"):
            for place, array in enumerate(network[kind]):
                constant = self.constants.get(role_of(kind, place, layers))
                if constant is not None and l2:
                    rest = rest + constant.value(symbols) * NORMS[self.norm][0](array)
        return rest


def penalties(measured: Sequence[Measured]) -> Iterator[type[Mistake]]:
    """A norm of each array times a constant; the constants are read off."""
    for norm, (function, text) in NORMS.items():

        def strength(each: Measured, kind: str, place: int, function: Norm = function) -> float:
            got = float(each.parts[f"{kind}[{place}]"].got)
            return got / function(each.network[kind][place]) if abs(got) > 1e-9 else 0.0

        constants = read_all(by_role(measured, strength), near(measured), (RIGHT["weights"], ZERO))
        if constants is not None:
            said = _said_of_penalty(constants, norm)
            if said:
                yield made(
                    PenaltyOf,
                    f"The penalty in the loss {said}",
                    "Add λ/2 · Σ W² over the weights of all layers, and nothing for the biases.",
                    norm=norm,
                    constants=constants,
                    text=text,
                )


def _said_of_penalty(constants: Constants, norm: str) -> str:
    """What is wrong with a penalty; "" if nothing is."""
    wrong = _wrong(constants, norm)
    said = []
    for kind, where, constant in groups(wrong, constants, by_kind=True):
        if constant.number:
            said.append(f"is {constant.text} · {NORMS[norm][1]} for {where}{constant.glossary}")
        elif kind == "weights":
            said.append(f"leaves out {where}")
    return f"{' and '.join(said)}: it should be λ · ½ Σ w² for the weights alone." if said else ""


def _wrong(constants: Constants, function: str) -> Constants:
    """All constants of another function; else those that are not the right ones."""
    return {role: one for role, one in constants.items() if function != "squares" or one != RIGHT[role[0]]}


class PenaltyGradientTimes(Mistake):
    """The gradient of the penalty: for each role a constant times a function of the array."""

    clause = "gradients.penalty"
    function: ClassVar[str]
    roles: ClassVar[Constants]

    def backward(
        self,
        network: Network,
        inputs: Array,
        hidden: list[Array],
        scores: Array,
        labels: Array,
        objective: Objective,
    ) -> Parameters:
        """The data's gradient plus this penalty's."""
        plain: Any = {**objective, "l2": 0.0}
        data: Any = super().backward(network, inputs, hidden, scores, labels, plain)
        of: Any = network
        l2, layers = objective["l2"], len(network["weights"])
        symbols = symbols_of(network, len(labels), l2)
        found: Any = {"weights": [], "biases": []}
        for kind in ("weights", "biases"):
            for place, array in enumerate(of[kind]):
                constant = self.roles.get(role_of(kind, place, layers))
                share = (
                    constant.value(symbols) * GRADIENTS[self.function][0](array) if constant and l2 else 0.0
                )
                found[kind].append(data[kind][place] + share)
        return found


#: What their gradients are, with their words.
GRADIENTS: dict[str, tuple[Norm, str]] = {
    "squares": (lambda a: a, "W"),
    "magnitudes": (np.sign, "sign W"),
    "length": (lambda a: a / np.sqrt((a * a).sum()), "W/‖W‖"),
    "cubes": (lambda a: a**3, "W³"),
    "ones": (np.ones_like, "1"),
}


def penalty_gradients(measured: Sequence[Measured]) -> Iterator[type[Mistake]]:
    """A function of each array times a constant; the constants are read off."""
    for name, (function, text) in GRADIENTS.items():

        def strength(each: Measured, kind: str, place: int, function: Norm = function) -> float:
            part, base = each.parts[f"{kind}[{place}]"], function(each.network[kind][place])
            factor = float(np.sum(part.got * base) / np.sum(base * base))
            if not np.isfinite(factor) or not part.matches(factor * base):
                return np.nan
            return 0.0 if abs(factor) < 1e-9 else factor

        constants = read_all(by_role(measured, strength), near(measured), (RIGHT["weights"], ZERO))
        if constants is None:
            continue
        said = _said_of_gradient(_wrong(constants, name), constants, text)
        if said:
            yield made(
                PenaltyGradientTimes,
                f"The gradient of the penalty {said}",
                "Add λ W to the gradient on the weights of every layer, and nothing to that on the biases.",
                function=name,
                roles=constants,
            )


def _said_of_gradient(wrong: Constants, every: Constants, text: str) -> str:
    """What is wrong with the gradient of a penalty; "" if nothing is."""
    said = []
    for kind, where, constant in groups(wrong, every, by_kind=True):
        if constant.number:
            what = f"{constant.text} · {text.replace('W', 'b') if kind == 'biases' else text}"
            said.append(f"is {what} for {where}{constant.glossary}")
        elif kind == "weights":
            said.append(f"is missing for {where}")
    return f"{' and '.join(said)}: it should be λ W for the weights alone." if said else ""
