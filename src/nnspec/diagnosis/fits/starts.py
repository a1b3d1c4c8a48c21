"""What a fit draws its first network from: normals as the experiment asks for, or other numbers.

A fit without iterations returns its first network. The numbers of several seeds are judged together, by the margins of
``draws``, each of which right numbers leave less than once in 10⁸ times.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np

from nnspec.contract.errors import NoAnswer
from nnspec.contract.support import Support
from nnspec.diagnosis.asking import Asker, QuestionsSpent, Unanswered
from nnspec.diagnosis.draws import FEWEST, NORMAL, Draws, constant_width, family, widths
from nnspec.diagnosis.fits.calls import STILL, network_from
from nnspec.diagnosis.fits.guesses import far
from nnspec.diagnosis.initial_numbers import drawn, exactly
from nnspec.diagnosis.problems import usual_activation
from nnspec.documents.experiments import FAN_IN, SMALL
from nnspec.judging import cases
from nnspec.reference.values import Array, Initialization, Network

#: Sizes of the networks, the number of seeds, and what is asked for.
_SIZES, _SEEDS, _RECIPES = ((80, 120, 5), (120, 80, 5)), 7, (SMALL, FAN_IN)
#: Numbers of one layer that are judged, at most.
_MOST = 20_000
#: Sizes of a network, and the recipe for its first weights.
Asked: TypeAlias = tuple[Sequence[int], Initialization]
#: A number that is no more than a step at a rate of nearly 0.
_NOTHING = 1e-12


def sentences(asker: Asker, support: Support) -> list[str]:
    """What the first weights and biases of fits are, if they are not what is asked for; [] if that is not shown."""
    try:
        with np.errstate(all="ignore"):
            return _sentences(asker, support)
    except (Unanswered, QuestionsSpent, NoAnswer, ArithmeticError, ValueError, IndexError, TypeError):
        return []


def _sentences(asker: Asker, support: Support) -> list[str]:
    sizes = list(dict.fromkeys(cases.sizes_for(support, like) for like in _SIZES))
    answered = _answered(asker, support, sizes)
    if not answered:
        return []
    found, asked = zip(*answered, strict=True)
    if _depends_on_data(asker, support, asked[0]):
        return []
    said = list(_of_weights(found, asked))
    biases = [[b for net in of for b in net["biases"]] for of in found]
    if any(np.max(np.abs(b)) > _NOTHING for of in biases for b in of):
        said.append(f"fit() starts with biases that are not 0{_of_biases(found, asked)}.")
    return said


def _of_weights(found: Sequence[Sequence[Network]], asked: Sequence[Asked]) -> Iterator[str]:
    """A sentence for all layers if one phrase holds for them, or one for each that is wrong."""
    layers = [
        [_draws(of, each[1], layer) for of, each in zip(found, asked, strict=True)]
        for layer in range(len(found[0][0]["weights"]))
    ]
    phrases = [_phrase(draws) for draws in layers]
    together = _phrase([each for draws in layers for each in draws]) if all(phrases) else ""
    if together and " in a layer of " not in together:
        yield f"fit() starts with other weights than the experiment says: they are {together}."
        return
    for number, phrase in enumerate(phrases, 1):
        if phrase:
            yield f"fit() starts with other weights of layer {number} than it should: they are {phrase}."


def _answered(
    asker: Asker, support: Support, sizes: Sequence[Sequence[int]]
) -> list[tuple[list[Network], Asked]]:
    """The first networks of each size by each recipe that the program takes, and what was asked."""
    found = []
    for place, (recipe, each) in enumerate(itertools.product(_RECIPES, sizes)):
        seeds = range(_SEEDS * place + 1, _SEEDS * (place + 1) + 1)
        with contextlib.suppress(Unanswered):
            networks = [_first(asker, support, each, recipe, seed) for seed in seeds]
            found.append((networks, (each, recipe)))
    return found


def _depends_on_data(asker: Asker, support: Support, asked: Asked) -> bool:
    """Whether it is the data by which two first networks of one seed differ: they are trained already."""
    one, again, other = (_first(asker, support, *asked, 1, data) for data in (1, 1, 2))
    return far(one, again) == 0 and far(one, other) > _NOTHING


def _first(
    asker: Asker, support: Support, sizes: Sequence[int], recipe: Initialization, seed: int, data: int = 1
) -> Network:
    """The network that a fit starts with."""
    objective = cases.objective_for(support, "mean")
    optimizer: Any = {**cases.optimizer(support.methods[0]), "learning_rate": STILL}
    experiment = cases.recipe(sizes, usual_activation(support), objective, optimizer)
    random, classes = np.random.default_rng(data), sizes[-1]
    params: dict[str, Any] = {
        "inputs": random.standard_normal((2 * classes, sizes[0])),
        "labels": random.permutation(2 * classes) % classes,
        "seed": seed,
    }
    experiment["initialization"] = recipe
    try:
        answer = asker("fit", {**params, "experiment": {**experiment, "iterations": 0}})
    except Unanswered:
        answer = asker("fit", {**params, "experiment": {**experiment, "iterations": 1}})
    return network_from(answer, sizes)


def _draws(networks: Sequence[Network], recipe: Initialization, layer: int, kind: str = "weights") -> Draws:
    """All numbers of one layer; those of a seed that gives the same ones again are left out."""
    arrays: dict[bytes, Array] = {net[kind][layer].tobytes(): net[kind][layer] for net in networks}  # type: ignore[literal-required]  # both kinds in turn
    i, o = networks[0]["weights"][layer].shape
    return Draws(np.concatenate([np.ravel(each) for each in arrays.values()])[:_MOST], (i, o), recipe)


def _phrase(draws: Sequence[Draws]) -> str:
    """What the weights of a layer are; "" if they may be the normals that are asked for."""
    if all(_is_right(each) for each in draws):
        return ""
    if phrase := exactly([each.flat[:, None] for each in draws]) if _are_constant(draws) else "":
        return phrase
    if any(each.flat.size < FEWEST for each in draws):
        return ""
    ratios = [(low / each.asked, high / each.asked) for each, (low, high) in _with_widths(draws)]
    if ratios and (times := constant_width(ratios)) and float(times) != 1:
        return f"normal with about {times} times the standard deviation that is asked for"
    return drawn(draws)


def _are_constant(draws: Sequence[Draws]) -> bool:
    return all(np.ptp(each.flat) == 0 for each in draws)


def _with_widths(draws: Sequence[Draws]) -> list[tuple[Draws, tuple[float, float]]]:
    """Each with its width, if all are normal and wide as nothing else than a multiple of what is asked for."""
    if family(draws) is not NORMAL:
        return []
    return list(zip(draws, widths(NORMAL, draws), strict=True))


def _is_right(draws: Draws) -> bool:
    """Whether the numbers may be normals of the standard deviation that is asked for; so if they are too few."""
    if np.ptp(draws.flat) == 0:
        return False
    if draws.flat.size < FEWEST:
        return True
    low, high = NORMAL.width(draws.flat)
    return low <= draws.asked <= high and NORMAL.fits(draws.flat)


def _of_biases(found: Sequence[Sequence[Network]], asked: Sequence[Asked]) -> str:
    """What the biases of the first layer are, after a colon."""
    draws = [_draws(of, each[1], 0, "biases") for of, each in zip(found, asked, strict=True)]
    if any(each.flat.size < FEWEST // 2 for each in draws):
        return ""
    phrase = (
        exactly([each.flat[:, None] for each in draws]) if _are_constant(draws) else drawn(_joined(draws))
    )
    return f": they are {phrase}" if phrase else ""


def _joined(draws: Sequence[Draws]) -> list[Draws]:
    """Those of one shape together, if all recipes give the same width, so that there are enough numbers."""
    shapes = dict.fromkeys(each.shape for each in draws)
    return [
        Draws(np.concatenate([each.flat for each in draws if each.shape == shape]), shape, draws[0].recipe)
        for shape in shapes
    ]
