"""Steps and momentum with constants that were read off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from nnspec.diagnosis.fitted import KINDS, Constants, Role, groups, made, near, read_all, role_of
from nnspec.diagnosis.measurements import Measured
from nnspec.diagnosis.monomials import Monomial, read
from nnspec.mistakes.base import Mistake
from nnspec.mistakes.choices import Choice
from nnspec.reference.values import Array, Network, Optimizer

ONE = Monomial(1.0)


class StepTimes(Choice):
    """Steps of some parameters times constants."""

    clause = "updates.gradient-descent"
    roles: ClassVar[Constants]

    def update(self, **arguments: Any) -> dict[str, Any]:  # type: ignore[override]  # by name, as in Choice
        """Each array moves its constant times as far."""
        network = arguments["network"]
        symbols = _symbols(network, arguments["optimizer"])

        def moved(role: Role, old: Array, new: Array) -> Array:
            return old + self.roles.get(role, ONE).value(symbols) * (new - old)

        return by_arrays(network, super().update(**arguments), moved)


def by_arrays(
    before: Network, after: dict[str, Any], moved: Callable[[Role, Array, Array], Array]
) -> dict[str, Any]:
    """The answer of an update whose arrays are changed; moved: from the role of an array, and it before and after."""
    arrays: Any = before
    layers = len(before["weights"])
    network: dict[str, Any] = {**after["network"]}
    for kind in KINDS:
        pairs = zip(arrays[kind], network[kind], strict=True)
        network[kind] = [moved(role_of(kind, place, layers), *pair) for place, pair in enumerate(pairs)]
    return {**after, "network": network}


def _symbols(network: Network, optimizer: Optimizer) -> dict[str, float]:
    weights = network["weights"]
    found = {"K": weights[-1].shape[1], "D": weights[0].shape[0], "H": weights[0].shape[1]}
    return {**found, "μ": optimizer["learning_rate"], "m": optimizer["momentum"]}


def step_times(measured: Sequence[Measured]) -> Iterator[type[Mistake]]:
    """Parameters move a constant times too far, or not at all."""
    values: dict[Role, list[tuple[float, Mapping[str, float]]]] = {}
    for each in measured:
        layers = len(each.network["weights"])
        symbols = {name: value for name, value in each.symbols.items() if name != "λ"}
        for kind in ("weights", "biases"):
            for place in range(layers):
                part, apart = each.parts[f"{kind}[{place}]"], each.parts[f"apart {kind}[{place}]"]
                factor = float(np.median(part.got))
                still = factor == 0 or not np.isfinite(factor)
                if not part.matches(np.full(part.right.shape, factor)) or (apart.got.any() and not still):
                    return
                values.setdefault(role_of(kind, place, layers), []).append((factor, symbols))
    flat = [value for roles in values.values() for value in roles]
    together = read([value for value, _ in flat], [symbols for _, symbols in flat], max(near(measured), 1e-8))
    if together is not None and together != ONE:
        yield made(
            StepTimes,
            _of_all(together),
            "Move the parameters by −μ times the gradient.",
            roles=dict.fromkeys(_ROLES, together),
        )
        return
    constants = read_all(values, max(near(measured), 1e-8), (ONE, Monomial(0.0))) or {}
    wrong = {role: constant for role, constant in constants.items() if constant != ONE}
    if wrong:
        said = [_sentence(where, constant) for _, where, constant in groups(wrong, constants)]
        fix = "Move all parameters by −μ times the gradient."
        yield made(StepTimes, " ".join(said), fix, roles=wrong)


_ROLES = [(kind, place) for kind in ("weights", "biases") for place in ("only", "first", "middle", "last")]


def _of_all(constant: Monomial) -> str:
    if constant.powers == (("μ", -1.0),):
        sign = ", and the step is along the gradient instead of against it" if constant.number < 0 else ""
        return f"The learning rate is {abs(constant.number):.6g}, whatever the caller asks for{sign}."
    return _sentence("the parameters", constant)


def _sentence(who: str, constant: Monomial) -> str:
    who = who[0].upper() + who[1:]
    if constant.number == 0:
        return f"{who} never move by their gradients."
    if constant.number == -1 and not constant.powers:
        return f"{who} move along the gradient instead of against it."
    return f"{who} move {constant.text} times as far as they should{constant.glossary}."


class Recursion(Choice):
    """A move is a constant times the gradient, plus constants times the last move and the last gradient."""

    clause = "updates.momentum"
    coefficients: ClassVar[tuple[Monomial, Monomial, Monomial]]

    def update(self, **arguments: Any) -> dict[str, Any]:  # type: ignore[override]  # by name, as in Choice
        """The recursion; the velocity holds the last move and the last gradient."""
        network, optimizer, iteration = (arguments[name] for name in ("network", "optimizer", "iteration"))
        gradients, velocity = arguments["gradients"], arguments["velocity"]
        if optimizer["method"] != "momentum":
            return super().update(**arguments)
        rate = self.learning_rate(optimizer, iteration)
        symbols = {"μ": rate, "m": optimizer["momentum"]}
        a, b, c = (constant.value(symbols) for constant in self.coefficients)
        last = velocity.get("last") or {
            kind: [np.zeros_like(array) for array in network[kind]] for kind in ("weights", "biases")
        }
        moved: dict[str, Any] = {**network}
        moves: dict[str, Any] = {}
        for kind in ("weights", "biases"):
            arrays = zip(gradients[kind], velocity[kind], last[kind], strict=True)
            moves[kind] = [a * g + b * v + c * old for g, v, old in arrays]
            moved[kind] = [p + v for p, v in zip(network[kind], moves[kind], strict=True)]
        return {"network": moved, "velocity": {**moves, "last": gradients}}


def recursions(measured: Sequence[Measured]) -> Iterator[type[Mistake]]:
    """The response of momentum is linear, and its coefficients are monomials of μ and m."""
    values: list[tuple[list[float], Mapping[str, float]]] = []
    for each in measured:
        symbols = {name: each.symbols[name] for name in ("μ", "m")}
        for name, part in each.parts.items():
            if name.startswith("left over") and part.got:
                return
            if name.startswith(("weights", "biases")):
                values.append(([float(number) for number in part.got], symbols))
    read_off = []
    for place in range(3):
        numbers = [0.0 if abs(v[place]) < 1e-6 else v[place] for v, _ in values]
        constant = _coefficient(numbers, [symbols for _, symbols in values])
        if constant is None:
            return
        read_off.append(constant)
    a, b, c = read_off
    yield made(
        Recursion,
        _of_recursion(a, b, c),
        "Use V ← λV − μ∇ and θ ← θ + V, with λ the momentum.",
        coefficients=(a, b, c),
    )


def _coefficient(values: Sequence[float], symbols: Sequence[Mapping[str, float]]) -> Any:
    """A monomial of μ and m, perhaps times 1 − m or another sum; None if there is none."""
    if (plain := read(values, symbols, 1e-6)) is not None:
        return plain
    for text, total in SUMS.items():
        sums = [total(each["m"]) for each in symbols]
        rest = read([value / each for value, each in zip(values, sums, strict=True)], symbols, 1e-6)
        if rest is not None and rest.number:
            return Product(rest, text)
    return None


#: Sums that the momentum m makes where a velocity is used twice, or with weights that add up to 1.
SUMS: dict[str, Callable[[float], float]] = {
    "(1 − m)": lambda m: 1 - m,
    "(1 + m)": lambda m: 1 + m,
    "(1 − m²)": lambda m: 1 - m**2,
    "(1 + m²)": lambda m: 1 + m**2,
    "(1 + m − m²)": lambda m: 1 + m - m**2,
    "(1 − m + m²)": lambda m: 1 - m + m**2,
    "(1 + m + m²)": lambda m: 1 + m + m**2,
}


class Product:
    """A monomial times one of these sums."""

    def __init__(self, monomial: Monomial, text: str) -> None:
        self._monomial, self._text = monomial, text
        self.number, self.powers = monomial.number, monomial.powers

    def value(self, symbols: Mapping[str, float]) -> float:
        """Its value for these values of the letters."""
        return self._monomial.value(symbols) * SUMS[self._text](symbols["m"])

    @property
    def text(self) -> str:
        """As in ``−μ · (1 − m)``."""
        return f"{self._monomial.text} · {self._text}"


def _of_recursion(a: Any, b: Any, c: Any) -> str:
    terms = [
        f"{constant.text} · {what}"
        for constant, what in ((a, "∇"), (b, "the last step"), (c, "the last ∇"))
        if constant.number
    ]
    step = " + ".join(terms).replace("+ −", "− ") or "0"
    return (
        f"With momentum, each step is {step}; it should be −μ · ∇ + m · the last step"
        " (μ is the learning rate, m the momentum)."
    )
