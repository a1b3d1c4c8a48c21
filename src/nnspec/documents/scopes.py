"""What each document's own programs do: only that is planned when a check names a document.

A program written after a document does nothing else, and need not understand what it is asked beyond that. So a test
belongs to a document if the document states its clause, and if its calls are within the scope that stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnspec.contract.support import Support
from nnspec.documents.experiments import FAN_IN, SMALL, SMALL_WITH_BIASES
from nnspec.reference import Reference
from nnspec.reference.values import Array, Initialization


@dataclass(frozen=True)
class Scope:
    """The cases that a document's programs know.

    support: as a program's ``describe`` would state it; initialization: the only way in which they draw initial
    parameters; data: the operation that makes their data; slope_at_0: whether the document says what the derivative
    of ReLU is at exactly 0; exercises: what it leaves to its readers, in words.
    """

    document: str
    support: Support
    initialization: Initialization
    data: str
    slope_at_0: bool = False
    exercises: str = ""

    @property
    def biases_from_0(self) -> bool:
        """Whether training starts from biases of 0."""
        return self.initialization["biases"] == "zeros"

    def missing(self, operation: str, params: Mapping[str, Any]) -> str:
        """The first case among the arguments of a call that is outside of the document, in words; "" if none is."""
        if case := self.support.missing(params):
            return case
        recipe = params.get("experiment", params)
        if recipe.get("initialization", self.initialization) != self.initialization:
            return f"initialization {recipe['initialization']} is another document's"
        if operation in DATA and operation != self.data:
            return f"{operation} is another document's data"
        if not self.slope_at_0 and operation in WITH_SLOPES and _meets_0(operation, params):
            return "the derivative of ReLU at exactly 0 is not stated"
        return ""


#: The operations that need the derivative of the activation.
WITH_SLOPES = ("activation_derivative", "gradients", "train")


class _MeetsZero(Reference):
    """Notes whether a ReLU has an input of exactly 0."""

    met = False

    def relu(self, z: Array) -> Array:
        self.met |= bool(np.any(z == 0))
        return super().relu(z)


def _meets_0(operation: str, params: Mapping[str, Any]) -> bool:
    program = _MeetsZero()
    getattr(program, operation)(**params)
    return program.met


#: The operations that make data.
DATA = ("spiral", "moons", "circles")

#: By the name of the document.
SCOPES: dict[str, Scope] = {
    scope.document: scope
    for scope in [
        # A linear classifier, and a network with one hidden layer.
        Scope(
            document="cs231n",
            support=Support(
                activations=("relu",),
                reductions=("mean",),
                methods=("gradient_descent",),
                schedules=(),
                batches=False,
                depths=(1, 2),
            ),
            initialization=SMALL,
            data="spiral",
            slope_at_0=True,
        ),
        # With its exercises: minibatches (1), schedules (2), activations (3), more classes (4), another layer (5).
        Scope(
            document="wildml",
            support=Support(
                activations=("tanh", "logistic", "relu"),  # its own program's is the usual one
                reductions=("sum",),
                methods=("gradient_descent",),
                depths=(2, 3),
            ),
            initialization=FAN_IN,
            data="moons",
            exercises="minibatches, annealing, other activations, more classes, another layer",
        ),
        # Its targets have two columns, one for each circle.
        Scope(
            document="roelants",
            support=Support(
                activations=("logistic",),
                reductions=("sum",),
                methods=("momentum",),
                schedules=(),
                batches=False,
                l2=False,
                depths=(2,),
                classes=(2,),
            ),
            initialization=SMALL_WITH_BIASES,
            data="circles",
        ),
    ]
}
