"""Initial parameters that are constants times the normals, with constants that were read off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, TypeAlias

import numpy as np

from nnspec.diagnosis.fitted import Constants, Role, layers_of, made, near, read_all, role_of
from nnspec.diagnosis.measurements import Measured
from nnspec.diagnosis.monomials import Monomial
from nnspec.mistakes.base import Mistake
from nnspec.mistakes.choices import Choice, with_initializer, with_initializer_of
from nnspec.mistakes.choices.initializers import constant_weights
from nnspec.mistakes.choices.memory_order import FIX as TRANSPOSE
from nnspec.mistakes.choices.memory_order import MISREAD_NORMALS, misread, written_back
from nnspec.mistakes.choices.placed_initializers import PLACES
from nnspec.reference.values import Array, Initialization, Network, Parameters

#: What the normals are multiplied by without and with a division by √fan_in, where all is right.
RIGHT = {
    False: Monomial(1.0, (("scale", 1.0),)),
    True: Monomial(1.0, (("fan_in", -0.5), ("scale", 1.0))),
}
#: Sums of sizes that people divide by, the second where a layer's inputs count its bias too.
_BOTH, _WITH_BIAS = "(fan_in + fan_out)", "(fan_in + 1)"
#: Factors of the normals of a role, each with the sizes of its layer.
Factors: TypeAlias = dict[Role, list[tuple[float, Mapping[str, float]]]]


def symbols_of(shape: tuple[int, ...], initialization: Initialization) -> dict[str, float]:
    """What the letters of a constant stand for in a layer with weights of this shape."""
    fan_in, fan_out = shape
    sums = {_BOTH: fan_in + fan_out, _WITH_BIAS: fan_in + 1}
    return {"fan_in": fan_in, "fan_out": fan_out, **sums, "scale": initialization["scale"]}


def initial_factors(
    constants: Mapping[bool, Mapping[Role, Any]], only_with: str, order: Callable[[Array], Array]
) -> type[Choice]:
    """The class of initial weights that are constants times the normals; two of them compose.

    constants: by whether the initialization divides by √fan_in, then by role; only_with: the activation of the networks
    that they are of, or "" for all; order: what is made of the normals first.
    """

    class InitialFactors(Choice):
        clause = "training.small-initialization"

        def initialize(
            self, normals: Parameters, sizes: list[int], activation: str, initialization: Initialization
        ) -> Network:
            if activation != only_with != "":
                return super().initialize(normals, sizes, activation, initialization)
            normals = {**normals, "weights": [order(given) for given in normals["weights"]]}
            network = super().initialize(normals, sizes, activation, initialization)
            weights = [*network["weights"]]
            for place, given in enumerate(normals["weights"]):
                constant = constants[initialization["fan_in"]].get(role_of("weights", place, len(weights)))
                if constant is not None:
                    weights[place] = constant.value(symbols_of(given.shape, initialization)) * given
            return {**network, "weights": weights}

    return InitialFactors


class InitialBiases(Choice):
    """Initial biases that are a constant where they should be 0, and constants times the normals elsewhere.

    drawn: the constant by whether the initialization divides the weights by √fan_in.
    """

    clause = "training.initialization-with-biases"
    still: ClassVar[float]
    drawn: ClassVar[Mapping[bool, Monomial]]

    def initialize(
        self, normals: Parameters, sizes: list[int], activation: str, initialization: Initialization
    ) -> Network:
        """The biases by the constants."""
        network = super().initialize(normals, sizes, activation, initialization)
        if initialization["biases"] == "zeros":
            return {**network, "biases": [np.full(size, self.still) for size in sizes[1:]]}
        shapes = [array.shape for array in normals["weights"]]
        drawn = self.drawn[initialization["fan_in"]]
        factors = [drawn.value(symbols_of(shape, initialization)) for shape in shapes]
        biases = [factor * given for factor, given in zip(factors, normals["biases"], strict=True)]
        return {**network, "biases": biases}


def weights(activation: str, measured: Sequence[Measured]) -> Iterator[type[Mistake]]:
    """Weights that are multiples of their normals, which may come in the other order.

    They are constants, or constants times what is right; first with this activation alone ("" if there is no other).
    """
    for order in (_as_they_are, misread, written_back):
        factors: dict[bool, Factors] = {False: {}, True: {}}
        if not all(_add_factors(each, order, factors) for each in measured):
            continue
        tolerance = max(near(measured), 1e-8)
        for only_with in dict.fromkeys((activation, "")):
            for constants, said in _constants(factors, tolerance):
                yield _made(said, constants, only_with, order)


def _as_they_are(normals: Array) -> Array:
    return normals


def _add_factors(measured: Measured, order: Callable[[Array], Array], factors: dict[bool, Factors]) -> bool:
    """Add what normals in this order were multiplied by; False if these weights are no multiples of them."""
    normals, recipe = measured.network["normals"]["weights"], measured.network["initialization"]
    for place, given in enumerate(normals):
        factor = factor_of(measured.parts[f"weights[{place}]"].got, order(given), measured.precision.unit)
        if factor is None:
            return False
        role, symbols = role_of("weights", place, len(normals)), symbols_of(given.shape, recipe)
        factors[recipe["fan_in"]].setdefault(role, []).append((factor, symbols))
    return True


def _constants(
    factors: Mapping[bool, Factors], tolerance: float
) -> Iterator[tuple[Mapping[bool, Mapping[Role, Any]], list[str]]]:
    """Constants that give these factors, and what is said of them."""
    wrong = {fan: _wrong(values, RIGHT[fan], tolerance) for fan, values in factors.items()}
    roles = dict.fromkeys((*wrong[False], *wrong[True]))
    every = len({*factors[False], *factors[True]}) == len(roles)
    both = {role: factors[False].get(role, []) + factors[True].get(role, []) for role in roles}
    if roles and (together := read_all(both, tolerance)) is not None:
        yield {False: together, True: together}, [_sentence(together, "times the normals", every)]
    shares = {
        role: [v for fan in factors for v in _over(factors[fan].get(role, []), RIGHT[fan])] for role in roles
    }
    if roles and (together := read_all(shares, tolerance)) is not None:
        said = [_sentence(together, "times what they should be", every)]
        yield {fan: _product(together, RIGHT[fan]) for fan in (False, True)}, said
    apart = {fan: read_all(values, tolerance) for fan, values in wrong.items()}
    found = {fan: constants for fan, constants in apart.items() if constants is not None}
    if roles and len(found) == len(apart):
        yield (
            found,
            [
                _sentence(found[fan], _WHEN[fan], len(found[fan]) == len(factors[fan]))
                for fan in found
                if found[fan]
            ],
        )


def _made(
    said: Sequence[str],
    constants: Mapping[bool, Mapping[Role, Any]],
    only_with: str,
    order: Callable[[Array], Array],
) -> type[Mistake]:
    words = " ".join(f"With {only_with}, {each[0].lower()}{each[1:]}" if only_with else each for each in said)
    fix = _FIX
    if order is not _as_they_are:
        words, fix = f"{MISREAD_NORMALS} {words}", f"{TRANSPOSE} {_FIX}"
    return made(initial_factors(constants, only_with, order), words, fix)


def _wrong(values: Factors, right: Monomial, tolerance: float) -> Factors:
    """The roles that have any wrong factor."""
    return {
        role: factors
        for role, factors in values.items()
        if any(abs(factor / right.value(symbols) - 1) > tolerance for factor, symbols in factors)
    }


def _over(values: Sequence[tuple[float, Mapping[str, float]]], right: Monomial) -> Any:
    return [(factor / right.value(symbols), symbols) for factor, symbols in values]


def _product(constants: Constants, right: Monomial) -> dict[Role, Any]:
    return {role: _Product(constant, right) for role, constant in constants.items()}


class _Product:
    """The product of two monomials."""

    def __init__(self, one: Monomial, other: Monomial) -> None:
        self._factors = one, other

    def value(self, symbols: Mapping[str, float]) -> float:
        """Its value for these values of the letters."""
        one, other = self._factors
        return one.value(symbols) * other.value(symbols)


def constants(measured: Sequence[Measured]) -> Iterator[type[Mistake]]:
    """All weights are one number: those of every layer, or those of the first or the last."""
    numbers: dict[int, set[float]] = {}
    for each in measured:
        for place, part in enumerate(each.parts.values()):
            for name in (place, place - len(each.parts)):
                numbers.setdefault(name, set()).update(np.ravel(part.got).tolist())
    if len(set().union(*numbers.values())) == 1:
        yield with_initializer(constant_weights(numbers[0].pop()))
    for layer, place in PLACES.items():
        if len(numbers.get(place, ())) == 1:
            yield with_initializer_of(constant_weights(numbers[place].pop()), layer)


def biases(measured: Sequence[Measured]) -> Iterator[type[Mistake]]:
    """Biases that are one number, or multiples of their normals, which may be others where weights have √fan_in."""
    still: set[float] = set()
    drawn: dict[bool, list[tuple[float, Mapping[str, float]]]] = {False: [], True: []}
    for each in measured:
        normals, recipe = each.network["normals"], each.network["initialization"]
        for place, given in enumerate(normals["biases"]):
            got = each.parts[f"biases[{place}]"].got
            if recipe["biases"] == "zeros":
                still |= set(np.ravel(got).tolist())
                continue
            factor = factor_of(got, given, each.precision.unit)
            if factor is None:
                return
            symbols = symbols_of(normals["weights"][place].shape, recipe)
            drawn[recipe["fan_in"]].append((factor, symbols))
    constant, times = next(iter(still), 0.0), _times(drawn, max(near(measured), 1e-8))
    if len(still) > 1 or times is None:
        return
    said = [f"Initial biases that should be 0 are {constant:g}."] if constant else []
    said += _said_of_biases(times)
    if said:
        yield made(
            InitialBiases,
            " ".join(said),
            "Start with biases of 0, or of scale · N(0, 1) where the initialization says normals.",
            still=constant,
            drawn=times,
        )


def _times(
    drawn: Mapping[bool, Sequence[tuple[float, Mapping[str, float]]]], tolerance: float
) -> dict[bool, Monomial] | None:
    """What biases are times their normals: always the same, or one constant without and one with √fan_in."""
    right, role = RIGHT[False], ("biases", "only")
    if (same := read_all({role: [*drawn[False], *drawn[True]]}, tolerance, (right,))) is not None:
        return dict.fromkeys(drawn, same[role])
    found: dict[bool, Monomial] = {}
    for fan, values in drawn.items():
        shares = read_all({role: _over(values, right)}, tolerance)
        if shares is None:
            return None
        found[fan] = _times_scale(shares[role]) if values else right
    return found


def _times_scale(share: Monomial) -> Monomial:
    """A monomial that is not of the scale, times the scale."""
    powers = {name: power for name, power in share.powers if name != "scale"}
    return Monomial(share.number, tuple(sorted({**powers, "scale": 1.0}.items())))


def _said_of_biases(times: Mapping[bool, Monomial]) -> list[str]:
    """The constants in words, where they are wrong."""
    right = RIGHT[False]
    with_root = {} if times[False] == times[True] else {True: " where the weights are divided by √fan_in"}
    where = {False: "", **with_root}
    return [
        f"Initial biases that should be scale times the normals are {times[fan].text} times the normals{text}."
        for fan, text in where.items()
        if times[fan] != right
    ]


def factor_of(got: Array, normals: Array, unit: float) -> float | None:
    """The one number by which the normals were multiplied; None if there is none."""
    if got.shape != normals.shape or not np.isfinite(got).all():
        return None
    factor = float(np.sum(got * normals) / np.sum(normals * normals))
    near_it = np.abs(got - factor * normals) <= 16 * unit * np.max(np.abs(got), initial=0.0)
    return factor if near_it.all() else None


_FIX = "Multiply the normals by the scale, divided by √fan_in if the initialization says so."
_WHEN = {
    False: "times the normals where the initialization asks for scale · N(0, 1)",
    True: "times the normals where the initialization asks for scale · N(0, 1) / √fan_in",
}


def _sentence(constants: Constants, what: str, every: bool) -> str:
    """The constants in words; what: what they multiply; every: whether they are those of all layers."""
    groups: dict[Monomial, list[Role]] = {}
    for role, constant in constants.items():
        groups.setdefault(constant, []).append(role)
    said = []
    for constant, roles in groups.items():
        whole = every and len(groups) == 1
        where = "weights" if whole else layers_of(roles).removeprefix("the ")
        number = "0" if constant.number == 0 else f"{constant.text} {what}"
        said.append(f"The initial {where} are {number}.")
    return " ".join(said)
