"""The reference implementation of nnspec: NumPy only, short enough to read in one sitting.

The files follow the chapters of the specification: data, functions, losses, gradients, updates, training.
``Reference`` is an implementation under the contract like any other. Its methods are the formulas of the
documents and call each other, so a subclass that overrides one of them is a program with one mistake.
"""

from __future__ import annotations

from typing import Any

from .training import Training

__all__ = ["Reference"]


class Reference(Training):
    """Every operation of the contract, in the precision of its arguments."""

    def describe(self) -> dict[str, Any]:
        """The name and the abilities that the contract asks for."""
        return {
            "name": "nnspec reference",
            "version": "1",
            "language": "Python",
            "precision": "float64",
            "activations": ["relu", "tanh", "logistic"],
            "reductions": ["mean", "sum"],
            "methods": ["gradient_descent", "momentum"],
        }
