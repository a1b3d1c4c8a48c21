"""Mistakes with constants that were read off from a program's answers.

Each is the reference with one formula changed, so it can be tried, and composed with others, like any mistake. A
constant is a monomial that holds in questions of several sizes.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from nnspec.diagnosis.measurements import Measured
from nnspec.diagnosis.monomials import Monomial, read
from nnspec.mistakes.base import Mistake
from nnspec.reference.values import Network

#: How near constants of several questions must be, over the reach of rounding; and at the least.
NEAR, LEAST = 8.0, 1e-9
#: The kinds of parameters.
KINDS = ("weights", "biases")
#: A kind of parameters and the place of its layer: ("weights", "last").
Role: TypeAlias = tuple[str, str]
Constants: TypeAlias = Mapping[Role, Monomial]


def role_of(kind: str, place: int, layers: int) -> Role:
    """The role of the parameters of a layer."""
    if layers == 1:
        return kind, "only"
    return kind, "first" if place == 0 else "last" if place == layers - 1 else "middle"


def made(base: type[Mistake], sentence: str, fix: str, **values: Any) -> type[Mistake]:
    """A mistake of a kind, with its sentence and its constants."""
    return type(base.__name__, (base,), {"__doc__": sentence, "fix": fix, **values})


def near(measured: Sequence[Measured]) -> float:
    """How near constants must be: relative, from the reach of rounding in these measurements."""
    shares = [
        np.max(part.tolerance / np.maximum(np.abs(part.right), np.finfo(float).tiny), initial=0.0)
        for each in measured
        for part in each.parts.values()
        if np.all(part.right != 0)
    ]
    return float(min(max(LEAST, NEAR * max(shares, default=0.0)), 1e-2))


def ratio(measured: Measured, name: str) -> float | None:
    """The one factor by which the numbers of a part differ from the right ones; None if there is none."""
    part = measured.parts[name]
    if part.got.shape != part.right.shape or not part.right.any():
        return None
    clearest = np.unravel_index(np.argmax(np.abs(part.right)), part.right.shape)
    factor = float(part.got[clearest] / part.right[clearest])
    return factor if np.isfinite(factor) and part.matches(factor * part.right) else None


def by_reduction(measured: Sequence[Measured]) -> dict[str, list[Measured]]:
    """What was measured with each reduction."""
    found: dict[str, list[Measured]] = {}
    for each in measured:
        found.setdefault(each.measurement.reduction, []).append(each)
    return found


def common_factor(measured: Sequence[Measured]) -> Monomial | None:
    """The monomial by which all numbers differ from the right ones."""
    factors = [(ratio(each, name), each.symbols) for each in measured for name in each.parts]
    if any(factor is None for factor, _ in factors):
        return None
    found = read(
        [factor or 0.0 for factor, _ in factors], [symbols for _, symbols in factors], near(measured)
    )
    return None if found is None or (found.number == 1 and not found.powers) else found


def times(monomial: Monomial) -> str:
    """In a sentence: "is 0.1 times what it should be"."""
    if monomial.number == 0:
        return "is 0"
    if monomial.number == -1 and not monomial.powers:
        return "has the wrong sign"
    return f"is {monomial.text} times what it should be{monomial.glossary}"


def without(monomial: Monomial) -> str:
    """How to fix a factor."""
    if monomial.number == 0:
        return "Compute it."
    if monomial.number == -1 and not monomial.powers:
        return "Change its sign."
    return f"Leave out the factor {monomial.text}."


def read_all(
    values: Mapping[Role, list[tuple[float, Mapping[str, float]]]],
    tolerance: float,
    right: Sequence[Monomial] = (),
) -> dict[Role, Monomial] | None:
    """A monomial for each role, the same for all roles where one will do; None if a role has none.

    right: constants that need no second question to be believed. Any other must hold in two questions, or for another
    role of its kind too.
    """
    found: dict[Role, Monomial] = {}
    for kind in KINDS:
        roles = [role for role in values if role[0] == kind]
        together = _read([value for role in roles for value in values[role]], tolerance)
        for role in roles:
            sure = len(values[role]) > 1
            one = together or (_read(values[role], tolerance) if sure else None)
            if one is None and not sure:
                known = [*right, *(constant for other, constant in found.items() if other[0] == kind)]
                one = next((each for each in known if _holds(each, values[role], tolerance)), None)
            if one is None:
                return None
            found[role] = one
    return found


def _read(values: Sequence[tuple[float, Mapping[str, float]]], tolerance: float) -> Monomial | None:
    return read([value for value, _ in values], [symbols for _, symbols in values], tolerance)


def _holds(monomial: Monomial, values: Sequence[tuple[float, Mapping[str, float]]], tolerance: float) -> bool:
    return all(
        np.isclose(value, monomial.value(symbols), rtol=tolerance, atol=1e-12) for value, symbols in values
    )


def by_role(
    measured: Sequence[Measured], value: Callable[[Measured, str, int], float], kinds: Sequence[str] = KINDS
) -> dict[Role, list[tuple[float, Mapping[str, float]]]]:
    """What was measured of each role, with the symbols of its question; value: of a kind of parameters and a place."""
    found: dict[Role, list[tuple[float, Mapping[str, float]]]] = {}
    for each in measured:
        layers = len(each.network["weights"])
        for kind, place in itertools.product(kinds, range(layers)):
            found.setdefault(role_of(kind, place, layers), []).append(
                (value(each, kind, place), each.symbols)
            )
    return found


def groups(
    wrong: Constants, every: Constants, *, by_kind: bool = False
) -> Iterator[tuple[str, str, Monomial]]:
    """Roles that have one constant, as a kind, in words, and the constant; by_kind: weights and biases apart."""
    found: dict[tuple[str, Monomial], list[Role]] = {}
    for role, constant in wrong.items():
        found.setdefault((role[0] if by_kind else "", constant), []).append(role)
    for (_, constant), roles in found.items():
        kinds = {kind for kind, _ in roles}
        whole = len(kinds) == 1 and len(roles) == sum(kind in kinds for kind, _ in every)
        kind = roles[0][0]
        yield kind, f"the {kind}" if whole else layers_of(roles), constant


def layers_of(roles: Sequence[Role]) -> str:
    """In a sentence: "the weights of the last layer"; the only layer of a network is its last and its first."""
    named = [role for role in roles if role[1] != "only"] or roles
    places = {
        "only": "",
        "first": " of the first layer",
        "last": " of the last layer",
        "middle": " of the layers between",
    }
    return " and ".join(f"the {kind}{places[place]}" for kind, place in named)


def symbols_of(network: Network, examples: int, l2: float) -> dict[str, float]:
    weights = network["weights"]
    found = {
        "N": examples,
        "K": weights[-1].shape[1],
        "D": weights[0].shape[0],
        "λ": l2,
        "H": weights[0].shape[1],
    }
    return {name: float(value) for name, value in found.items()}
