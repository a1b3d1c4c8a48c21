"""How many of a loss's digits mean something: fewer where all losses end in zeros, or were stored in float32."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np

from nnspec.training_log.log import Loss

#: If every loss ends in as many zeros, they are no digits: numpy.savetxt writes 18, whatever is known.
ZEROS = 4
#: Fewer losses show no pattern.
FEWEST = 3


def without_zeros(digits: Iterable[str]) -> list[str]:
    """The digits of the losses without the zeros that all of them end in."""
    texts = list(digits)
    mantissas = [text.lower().partition("e") for text in texts]
    ends = [len(mantissa) - len(mantissa.rstrip("0")) for mantissa, _, _ in mantissas if "." in mantissa]
    zeros = min(ends, default=0)
    if len(ends) < FEWEST or zeros < ZEROS:
        return texts
    return [
        f"{mantissa[:-zeros]}{mark}{exponent}" if "." in mantissa else text
        for text, (mantissa, mark, exponent) in zip(texts, mantissas, strict=True)
    ]


def as_float32(losses: Mapping[int, Loss]) -> dict[int, Loss] | None:
    """The losses of a log that stores them as float32 numbers, as TensorBoard does; None if it does not.

    Their digits then leave open half of the distance to the next float32 number, and the program may be in float64.
    """
    finite = {at: loss for at, loss in losses.items() if math.isfinite(loss.value) and loss.value}
    spacing = {at: float(np.spacing(np.float32(abs(loss.value)))) for at, loss in finite.items()}
    exact = all(
        loss.half < spacing[at] / 8 and abs(loss.value - float(np.float32(loss.value))) <= loss.half
        for at, loss in finite.items()
    )
    if len(finite) < FEWEST or not exact:
        return None
    return {
        at: Loss(loss.value, loss.half + spacing[at] / 2) if at in spacing else loss
        for at, loss in losses.items()
    }
