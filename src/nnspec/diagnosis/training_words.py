"""What is said of the examples that a run uses, and of what it makes of their inputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nnspec.reference import Reference
from nnspec.reference.values import Array

#: What is said besides, if it is drawn.
VARIES = "When the call is repeated, they are others: it draws them at random."
#: Steps by which inputs are worked out from hidden outputs.
STEPS = 30
#: The share of examples with other labels from which on it is said that every class keeps its size.
MANY = 0.3


@dataclass(frozen=True)
class Uses:
    """How often each example is used with each label: counts (N, K); labels: those that it has."""

    labels: Array
    counts: Array

    @property
    def times(self) -> Array:
        """How often each example is used."""
        return np.asarray(self.counts.sum(axis=1))

    @property
    def kept(self) -> Array:
        """How often each example is used with the label that it has."""
        return np.asarray(self.counts[np.arange(len(self.labels)), self.labels])

    def classes(self, chosen: Array) -> str:
        """Of which classes these examples are."""
        sizes = np.bincount(self.labels)
        ranks = {int(np.argmax(sizes)): ", the most frequent", int(np.argmin(sizes)): ", the rarest"}
        found = np.bincount(self.labels[chosen], minlength=len(sizes))
        some = [k for k in range(len(sizes)) if found[k]]
        if len(some) == 1:
            (only,) = some
            every = "all" if found[only] == sizes[only] else "all are" if found[only] > 1 else "it is"
            return f"{every} of class {only}{ranks.get(only, '')}"
        return ", ".join(f"{found[k]} of {sizes[k]} of class {k}" for k in some)


def words_of_uses(uses: Uses) -> str:
    """What is wrong with which examples are used, how often and with which labels; "" if nothing is."""
    times, kept = uses.times, uses.kept
    changed = (times == 1) & (kept == 0)
    again = (kept == 1) & (times > 1)
    other = (times > 1) & ~again & (times != kept)
    said = [
        _left_out(uses),
        _changed(uses, changed),
        _said(uses, again, f"uses {{}} a second time, with {_labels(uses, again)}"),
        _said(uses, other, "uses {} more than once, not always with their label"),
        _said(uses, (times > 1) & (times == kept), "uses {} more than once"),
    ]
    said = [each for each in said if each]
    return f"In an iteration on {len(times)} examples, train() {'; it '.join(said)}." if said else ""


def _said(uses: Uses, chosen: Array, words: str) -> str:
    if not chosen.any():
        return ""
    return f"{words.format(f'{chosen.sum()} of them')}: {uses.classes(chosen)}"


def _left_out(uses: Uses) -> str:
    """Which examples are left out; a first or a last part of them is said to be one."""
    used = uses.times > 0
    count, places = int(used.sum()), np.flatnonzero(used)
    if used.all():
        return ""
    if used[:count].all():
        return f"uses only the first {count} and leaves out the last {len(used) - count}"
    if used[-count:].all():
        return f"uses only the last {count} and leaves out the first {len(used) - count}"
    steps = np.unique(np.diff(places))
    if len(steps) == 1 and count > 2:
        return f"uses only {count} of them, one of every {steps[0]}"
    return _said(uses, ~used, "leaves out {}")


def _changed(uses: Uses, changed: Array) -> str:
    """Which examples get another label."""
    if not changed.any():
        return ""
    given, new = np.bincount(uses.labels), uses.counts.sum(axis=0)
    if np.array_equal(given, new) and changed.mean() > MANY:
        return (
            f"uses {changed.sum()} of them with another label, and every label as often as it is given: "
            "inputs and labels are put in different orders"
        )
    return _said(uses, changed, f"uses {{}} with {_labels(uses, changed)}")


def _labels(uses: Uses, chosen: Array) -> str:
    """With which labels these examples are used that they do not have."""
    counts = np.array(uses.counts)
    counts[np.arange(len(counts)), uses.labels] = 0
    found = np.flatnonzero(counts[chosen].any(axis=0))
    return f"the label {found[0]}" if len(found) == 1 else "another label"


def words_of_inputs(params: dict[str, Any], right: Array, fed: Array, error: float) -> str | None:
    """What a run does to the inputs or the hidden outputs; right, fed: what the last layer should get, and gets.

    "" if that is right, None if it is neither dropout nor other inputs.
    """
    off = np.abs(fed - right) > error
    if not off.any():
        return ""
    if _is_scaled(right, fed, error):
        return None
    inputs = params["inputs"]
    if len(params["network"]["weights"]) == 1:
        return _dropout("inputs", right, fed, error) or _inputs(inputs, fed, off, is_sure=False)
    if len(params["network"]["weights"]) > 2:
        return None
    if said := _dropout("hidden outputs", right, fed, error):
        return said
    found = _inputs_of(params["network"], inputs, fed, error)
    if found is None:
        return None
    found = np.where(off.any(axis=1)[:, None], found, inputs)
    spread = max(10 * error, 1e-6) * float(np.max(np.abs(found)))  # what is lost on the way back
    return _dropout("inputs", inputs, found, spread) or _inputs(inputs, found, off, is_sure=True)


def _is_scaled(right: Array, fed: Array, error: float) -> bool:
    """Whether all of it is multiplied by one number: another rate for the weights does that too."""
    factor = np.sum(right * fed) / np.sum(right * right)
    return bool(np.any(np.abs(fed) > error)) and bool(
        np.max(np.abs(fed - factor * right)) <= error * max(1.0, abs(factor))
    )


def _dropout(name: str, right: Array, fed: Array, error: float) -> str:
    """What is said if a part of the numbers is 0 and the others are multiplied by one number."""
    clear = np.abs(right) > 10 * error
    gone = clear & (np.abs(fed) <= error)
    if not gone.any():
        return ""
    if gone.sum() == clear.sum():
        return f"In train(), all {name} are set to 0."
    left = clear & ~gone
    if not np.any(gone.any(axis=0) & left.any(axis=0)):  # weights that do not move look so too
        return ""
    factor = float(np.sum(right[left] * fed[left]) / np.sum(right[left] ** 2))
    if np.max(np.abs(fed - factor * right), where=left, initial=0.0) > error * max(1.0, factor):
        return ""
    others = f"multiplied by {factor:.4g}" if abs(factor - 1) > 1e-3 else "left as they are"
    return (
        f"In train(), {gone.sum() / clear.sum():.0%} of the {name} are set to 0 and the others are {others}: "
        "dropout, which no document's program has."
    )


def _inputs_of(network: Any, inputs: Array, fed: Array, error: float) -> Array | None:
    """The inputs that have these hidden outputs; None if no inputs have them."""
    weights, biases = network["weights"][0], network["biases"][0]
    forward, slope = Reference().activation, Reference().activation_derivative
    name, found = network["activation"], np.array(inputs)
    for example, outputs in enumerate(fed):
        row = found[example]
        for _ in range(STEPS):
            z = row @ weights + biases
            left = outputs - forward(name=name, z=z)
            is_near = np.max(np.abs(left)) <= error
            row = row + np.linalg.lstsq(slope(name=name, z=z)[:, None] * weights.T, left, rcond=1e-9)[0]
            if is_near:  # that step was the last
                break
        else:
            return None
        found[example] = row
    return found


def _inputs(inputs: Array, found: Array, off: Array, *, is_sure: bool) -> str | None:
    """What is said of other inputs; is_sure: whether nothing but other inputs explains what the last layer gets."""
    count, changed = len(inputs), off.any(axis=1)
    if changed.all():
        columns = _columns(found)
        if not (columns or is_sure):
            return None
        return f"In train(), the step is as if the inputs of all {count} examples were others{columns}."
    size = float(np.max(np.abs(found - inputs)))
    return (
        f"train() changes the inputs of {changed.sum()} of {count} examples, by {size:.2g} at most, "
        "as if noise were added; those of the others are as they are given."
    )


def _columns(found: Array) -> str:
    """What can be seen of all columns of the inputs."""
    spread = found.std(axis=0)
    if np.max(np.abs(found.mean(axis=0))) > 1e-3 * np.max(spread):
        return ""
    scaled = np.ptp(spread) <= 1e-3 * np.max(spread)
    return ": the mean of each column is 0" + (
        f" and its standard deviation {spread[0]:.3g}" if scaled else ""
    )
