"""The form of a fitted network. Its numbers show nothing, because a fit draws its own random numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nnspec.diagnosis.questions import answer_of
from nnspec.judging.transcript import Call, Transcript
from nnspec.reference import Reference
from nnspec.reference.values import Array

#: Units are alike if no weight or bias that leads into them differs by more than this share of the layer's greatest.
ALIKE = 1e-3
#: Iterations after which a mistake's fit has its final form.
ITERATIONS = 1


@dataclass(frozen=True)
class Form:
    """sizes: the inputs, and the units of each layer; uniform: the hidden layers whose units are all alike, from 1."""

    sizes: tuple[int, ...]
    uniform: tuple[int, ...] = ()


@dataclass(frozen=True)
class Fit:
    """A fit that returned a network, and the test that called it."""

    case: str
    call: Call
    form: Form

    @property
    def expected(self) -> Form:
        """The form that the recipe asks for."""
        return Form(tuple(self.call.params["experiment"]["sizes"]))

    def is_reproduced_by(self, program: type[Reference]) -> bool:
        """Whether the program's fit with the same arguments has the same form."""
        experiment = {**self.call.params["experiment"], "iterations": ITERATIONS}
        call = Call("fit", {**self.call.params, "experiment": experiment}, None)
        try:
            with np.errstate(all="ignore"):
                return form_after(call, answer_of(program(), call)) == self.form
        except Exception:  # a mistake got arguments that it was not written for: it has no network
            return False


def fits(transcripts: Iterable[Transcript]) -> list[Fit]:
    """The first fit of each test that returned a network."""
    first_fits = []
    for transcript in transcripts:
        forms = ((call, form_after(call, call.answer)) for call in transcript.calls if is_fit(call))
        of_test = (Fit(transcript.case, call, its_form) for call, its_form in forms if its_form is not None)
        first_fits += list(of_test)[:1]
    return first_fits


def is_fit(call: Call) -> bool:
    """Whether the call answers with a fitted network or a handle."""
    return call.operation == "fit" and not call.changes


def form_after(fit: Call, network: Any) -> Form | None:
    """The form of what a fit returned; from initial weights of nearly 0, the units of a right one are alike too."""
    found = form(network)
    starts_alike = fit.params["experiment"]["initialization"]["scale"] < ALIKE
    return replace(found, uniform=()) if found and starts_alike else found


def form(network: Any) -> Form | None:
    """The form of a network; None for a handle or anything else that is not a network."""
    if not isinstance(network, Mapping) or not {"weights", "biases"} <= set(network):
        return None
    try:
        weights = [np.asarray(array, dtype=float) for array in network["weights"]]
        biases = [np.asarray(array, dtype=float).ravel() for array in network["biases"]]
        layers = [np.vstack(arrays) for arrays in zip(weights, biases, strict=True)]
    except (TypeError, ValueError):
        return None
    if not weights:
        return None
    sizes = (len(weights[0]), *(len(array) for array in biases))
    hidden = layers[:-1]
    return Form(sizes, tuple(number for number, layer in enumerate(hidden, 1) if _has_units_alike(layer)))


def _has_units_alike(layer: Array) -> bool:
    """Whether a layer has several units, and all its columns, one for each unit, are the same."""
    return layer.shape[1] > 1 and bool(np.ptp(layer, axis=1).max() <= ALIKE * np.abs(layer).max())


def description(fits: list[Fit], *, is_trained_right: bool) -> str:
    """What is wrong with all of these fits, with the sizes of the first; "" if they differ in what is wrong.

    is_trained_right: False if unknown mistakes in training may be what makes units alike.
    """
    first = fits[0]
    if all(fit.form.sizes != fit.expected.sizes for fit in fits):
        got, expected = _listed(first.form.sizes), _listed(first.expected.sizes)
        return f"fit: the network has sizes {got}, expected {expected}"
    if is_trained_right and all(fit.form.uniform for fit in fits):
        return f"fit: all units of hidden layer {first.form.uniform[0]} are alike, as if initialized alike"
    return ""


def _listed(sizes: tuple[int, ...]) -> str:
    """Sizes as ``2, 3 and 1``."""
    *first, last = map(str, sizes)
    return f"{', '.join(first)} and {last}"
