"""The reference implementation of nnspec: NumPy only, to be read in one sitting.

The files follow the chapters of the specification: data, functions, losses, gradients, updates, training.
``Reference`` is an implementation under the contract like any other. Its methods are the formulas of the
documents and call each other, so that a subclass which overrides one of them is a program with one mistake.
"""

from __future__ import annotations

from typing import Any

from .training import Training

__all__ = ["Reference"]


class Reference(Training):
    """Every operation of the contract, in the precision of the arrays that are passed in."""

    def describe(self) -> dict[str, Any]:
        """Name and abilities, as the contract asks for them."""
        return {
            "name": "nnspec reference",
            "version": "1",
            "language": "Python",
            "precision": "float64",
            "activations": ["relu", "tanh", "logistic"],
            "reductions": ["mean", "sum"],
            "methods": ["gradient_descent", "momentum"],
        }
