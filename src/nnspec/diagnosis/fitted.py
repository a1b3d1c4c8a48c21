"""What the form of a fitted network shows. Its numbers show nothing: a fit has randomness of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnspec.diagnosis.questions import answered
from nnspec.judging.transcript import Call, Transcript
from nnspec.reference import Reference
from nnspec.reference.values import Array

#: Two units are alike where no number that leads into them differs by more than this share of the layer's greatest.
ALIKE = 1e-3
#: Iterations after which another program's fit has the form that it ends with.
ITERATIONS = 1


@dataclass(frozen=True)
class Form:
    """sizes: the inputs, and the units of each layer; uniform: the hidden layers whose units are all alike, from 1."""

    sizes: tuple[int, ...]
    uniform: tuple[int, ...] = ()


@dataclass(frozen=True)
class Fit:
    """A fit that gave a network, and the test that asked for it."""

    case: str
    call: Call
    form: Form

    @property
    def expected(self) -> Form:
        """What the recipe asks for."""
        return Form(tuple(self.call.params["experiment"]["sizes"]))

    def is_made_by(self, program: type[Reference]) -> bool:
        """Whether the program's fit of the same comes out in this form."""
        experiment = {**self.call.params["experiment"], "iterations": ITERATIONS}
        call = Call("fit", {**self.call.params, "experiment": experiment}, None)
        try:
            with np.errstate(all="ignore"):
                return form(answered(program(), call)) == self.form
        except Exception:  # a mistake met arguments that it was not made for: it gives no network
            return False


def fits(transcripts: Iterable[Transcript]) -> list[Fit]:
    """The first fit of each test that gave a network."""
    found = []
    for transcript in transcripts:
        made = ((call, form(call.answer)) for call in transcript.calls if is_fit(call))
        found += [Fit(transcript.case, call, told) for call, told in made if told is not None][:1]
    return found


def is_fit(call: Call) -> bool:
    """A call that gave what was fitted."""
    return call.operation == "fit" and not call.changes


def form(network: Any) -> Form | None:
    """That of a network; None of a handle, or of what is no network."""
    if not isinstance(network, Mapping) or not {"weights", "biases"} <= set(network):
        return None
    try:
        weights = [np.asarray(array, dtype=float) for array in network["weights"]]
        biases = [np.asarray(array, dtype=float).ravel() for array in network["biases"]]
        led = [np.vstack(both) for both in zip(weights, biases, strict=True)]
    except (TypeError, ValueError):
        return None
    if not weights:
        return None
    sizes = (len(weights[0]), *(len(array) for array in biases))
    hidden = led[:-1]
    return Form(sizes, tuple(layer for layer, units in enumerate(hidden, 1) if _are_alike(units)))


def _are_alike(units: Array) -> bool:
    """Whether all columns are the same, of which there are several."""
    return units.shape[1] > 1 and bool(np.ptp(units, axis=1).max() <= ALIKE * np.abs(units).max())


def told(wrong: list[Fit]) -> str:
    """What is wrong with all of them, in words, and of the first alone which sizes; "" where they differ."""
    first = wrong[0]
    if all(fit.form.sizes != fit.expected.sizes for fit in wrong):
        given, asked = _listed(first.form.sizes), _listed(first.expected.sizes)
        return f"fit: a network of the sizes {given}, where {asked} are asked for"
    if all(fit.form.uniform for fit in wrong):
        return f"fit: all units of hidden layer {first.form.uniform[0]} are alike, as if they had begun so"
    return ""


def _listed(sizes: tuple[int, ...]) -> str:
    """Sizes as ``2, 3 and 1``."""
    *first, last = map(str, sizes)
    return f"{', '.join(first)} and {last}"
