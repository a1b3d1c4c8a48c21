"""The reference in float32, and its describe says so."""

import numpy as np

from nnspec.contract.operations import OPERATIONS
from nnspec.reference import Reference


def single(value):
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value.astype(np.float32)
    if isinstance(value, dict):
        return {name: single(part) for name, part in value.items()}
    return [single(part) for part in value] if isinstance(value, list) else value


def describe():
    return {"name": "single precision", "precision": "float32"}


def single_precision(operation):
    return lambda **params: getattr(Reference(), operation)(**single(params))


globals().update({operation: single_precision(operation) for operation in OPERATIONS})


class Lying(Reference):
    """Declares float64, but computes tanh in float32."""

    def tanh(self, z):
        return np.tanh(z.astype(np.float32)).astype(float)
