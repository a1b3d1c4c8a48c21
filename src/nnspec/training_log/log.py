"""The losses of a log by iteration, and the rows that every format is read into."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

#: The greatest iteration that is accepted; no run is longer.
LATEST = 10**9


@dataclass(frozen=True)
class Loss:
    """A printed loss; half: half a unit of its last digit, the largest error from rounding."""

    value: float
    half: float

    @classmethod
    def read(cls, digits: str) -> Loss:
        """The loss with these digits; raises ValueError if they are not a number."""
        value = float(digits)
        exponent = Decimal(digits).as_tuple().exponent
        return cls(value, 0.5 * 10.0**exponent if isinstance(exponent, int) else 0.0)


@dataclass(frozen=True)
class Row:
    """The numbers of a line of text, of a row of a table or of an object, by their labels.

    where: such as "line 3"; values: digits by label; totals: the N of counters such as 3/N; redrawn: whether it belongs
    to a progress bar, which shows an iteration several times.
    """

    where: str
    values: Mapping[str, str]
    totals: Mapping[str, int] = field(default_factory=dict)
    redrawn: bool = False


@dataclass(frozen=True)
class Log(Mapping[int, Loss]):
    """The losses by iteration.

    loss, counter: the words that were taken for the loss and for the iteration; other_losses: those that were not;
    total: the number of iterations that a counter such as 3/N states; accuracies: percentages are shares here;
    in_float32: whether the losses are stored as float32 numbers.
    """

    losses: Mapping[int, Loss]
    loss: str = "loss"
    counter: str = "iteration"
    other_losses: tuple[str, ...] = ()
    total: int | None = None
    accuracies: Mapping[int, Loss] = field(default_factory=dict)
    gradient_norms: Mapping[int, Loss] = field(default_factory=dict)
    in_float32: bool = False

    def __getitem__(self, iteration: int) -> Loss:
        """The loss of an iteration."""
        return self.losses[iteration]

    def __iter__(self) -> Iterator[int]:
        """The iterations, in the order of the log."""
        return iter(self.losses)

    def __len__(self) -> int:
        """The number of losses."""
        return len(self.losses)

    def nonfinite(self) -> list[int]:
        """The iterations at which the loss is nan or infinite."""
        return [iteration for iteration, loss in self.items() if not math.isfinite(loss.value)]
