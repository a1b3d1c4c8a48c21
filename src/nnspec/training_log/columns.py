"""Choose among the labels of a log's rows: which is the iteration, and which the loss of the training data."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable

from nnspec.contract.errors import WrongUse
from nnspec.training_log import labels
from nnspec.training_log.labels import COUNTER, FIRST, HEADER
from nnspec.training_log.log import LATEST, Log, Loss, Row
from nnspec.training_log.stored_digits import without_zeros

#: A label that is on fewer rows than this, and on fewer than another, is that of a summary.
FEW = 3
#: The counter of a log without one.
ORDER = "order"
#: The loss of a log whose lines have an iteration and one number without words.
UNNAMED = "number 2"


def choose(rows: Iterable[Row], name: str) -> Log:
    """The losses by iteration, and what was read; raises WrongUse if a number cannot be read."""
    every = list(rows)
    candidates = _losses(every)
    if not candidates:
        return Log({})
    loss = candidates[0]
    chosen = [row for row in every if loss in row.values]
    counter = _counter(chosen)
    if counter != ORDER:
        chosen = [row for row in chosen if counter in row.values]
    iterations = _iterations(chosen, counter, name)
    last = _last_of_each(chosen, iterations, loss, name)
    totals = {row.totals[counter] for row in chosen if counter in row.totals}
    return Log(
        _read(last, loss, name),
        loss=loss,
        counter=counter,
        other_losses=tuple(candidates[1:]),
        total=totals.pop() if len(totals) == 1 else None,
        accuracies=_others(last, labels.is_accuracy),
        gradient_norms=_others(last, labels.is_gradient_norm),
    )


def _losses(rows: list[Row]) -> list[str]:
    """The labels of losses, the best first."""
    counts = Counter(label for row in rows for label in row.values if labels.loss_rank(label) is not None)
    if not counts:
        return _unnamed(rows)
    enough = min(FEW, max(counts.values()))
    ranks = {label: labels.loss_rank(label) or 0.0 for label in counts}
    return sorted(counts, key=lambda label: (counts[label] < enough, ranks[label]))


def _unnamed(rows: list[Row]) -> list[str]:
    """The label of a loss that no word names: the only number of a line beside its iteration (iteration 10: 0.917)."""
    counted = [row for row in rows if any(_counts(label) for label in row.values)]
    if not counted:
        counted = [row for row in rows if row.values.keys() & {FIRST, COUNTER}] if len(rows) >= FEW else []
    left = [[label for label in row.values if not _is_known(label)] for row in counted]
    found = {label for each in left for label in each}
    if len(found) != 1 or not all(left):
        return []
    return list(found)


def _counts(label: str) -> bool:
    """Whether words name an iteration."""
    return labels.iteration_rank(label) is not None and label not in (FIRST, HEADER, COUNTER)


def _is_known(label: str) -> bool:
    """Whether a number is something else than a loss."""
    known = (
        labels.iteration_rank(label) is not None
        or labels.is_accuracy(label)
        or labels.is_gradient_norm(label)
    )
    return known or bool({"lr", "rate", "time", "momentum", "seed"} & set(labels.words(label)))


def _counter(rows: list[Row]) -> str:
    """The label of the iterations: the best that nearly all rows have and that does not repeat; else their order."""
    counts = Counter(
        label
        for row in rows
        for label, number in row.values.items()
        if labels.iteration_rank(label) is not None and _is_whole(number)
    )
    broken = [
        label
        for label in rows[0].values
        if _counts(label) and label not in counts and all(label in row.values for row in rows)
    ]
    if broken and not counts:
        return broken[0]  # which is then refused
    usual = [label for label in counts if counts[label] >= 0.9 * len(rows)]
    some = [label for label in counts if counts[label] >= 0.5 * len(rows)]
    for among in (usual, some):
        ranked = sorted(among, key=lambda label: labels.iteration_rank(label) or 0.0)
        grows = [label for label in ranked if _grows(rows, label)]
        named = [label for label in ranked if label not in (FIRST, COUNTER)]
        if grows or named:
            return grows[0] if grows else named[-1]  # of epochs with steps in them the epochs
    return ORDER


def _grows(rows: list[Row], label: str) -> bool:
    """Whether these iterations tell the rows apart; those of a progress bar may repeat."""
    numbers = [
        (float(row.values[label]), row.redrawn) for row in rows if _is_whole(row.values.get(label, ""))
    ]
    if label in (HEADER, COUNTER):
        return len({number for number, _ in numbers}) > 1
    if label == FIRST and len(numbers) > 1:
        return all(a <= b for (a, _), (b, _) in itertools.pairwise(numbers)) and len(set(numbers)) > 1
    once = [number for number, redrawn in numbers if not redrawn]
    return len(set(once)) == len(once) and (len(set(numbers)) > 1 or len(numbers) == 1)


def _is_whole(number: str) -> bool:
    try:
        return float(number).is_integer() and 0 <= float(number) <= LATEST
    except (ValueError, OverflowError):
        return False


def _iterations(rows: list[Row], counter: str, name: str) -> list[int]:
    """The iteration of each row; of epochs with steps in them, the number of the step from the first epoch on."""
    if counter == ORDER:
        return list(range(len(rows)))
    numbers = [_whole(row.values[counter], f"{name}, {row.where}") for row in rows]
    inner = _inner(rows, counter, numbers)
    if inner is None:
        return numbers
    first = min(numbers)
    return [
        (number - first) * row.totals[inner] + int(float(row.values[inner]))
        for number, row in zip(numbers, rows, strict=True)
    ]


def _inner(rows: list[Row], counter: str, numbers: list[int]) -> str | None:
    """The label of steps with a total, if there are several in each epoch: Epoch [1/5], Step [3/7]."""
    if len(set(numbers)) == len(numbers) or any(row.redrawn for row in rows):
        return None
    for label in rows[0].values:
        if label not in (counter, HEADER, FIRST) and all(label in row.totals for row in rows):
            pairs = {(number, row.values[label]) for number, row in zip(numbers, rows, strict=True)}
            if len(pairs) == len(rows):
                return label
    return None


def _whole(number: str, where: str) -> int:
    if not _is_whole(number):
        raise WrongUse(f"{where}: {number[:40]!r} is not an iteration. Count iterations 0, 1, 2, …")
    return int(float(number))


def _last_of_each(rows: list[Row], iterations: list[int], loss: str, name: str) -> dict[int, Row]:
    """The row of each iteration: a progress bar's last; raises WrongUse if other rows repeat one."""
    last: dict[int, Row] = {}
    for iteration, row in zip(iterations, rows, strict=True):
        before = last.get(iteration)
        if before is not None and not row.redrawn and before.values[loss] != row.values[loss]:
            raise WrongUse(
                f"{name}, {row.where}: iteration {iteration} occurs twice. Pass the log of one run."
            )
        last[iteration] = row
    return last


def _read(rows: dict[int, Row], label: str, name: str) -> dict[int, Loss]:
    """The losses of the rows."""
    for row in rows.values():
        _loss(row.values[label], f"{name}, {row.where}")
    digits = without_zeros(row.values[label] for row in rows.values())
    return dict(zip(rows, map(Loss.read, digits), strict=True))


def _loss(digits: str, where: str) -> Loss:
    try:
        return Loss.read(digits)
    except (ValueError, ArithmeticError):
        raise WrongUse(f"{where}: the loss {digits[:40]!r} is not a number.") from None


def _others(rows: dict[int, Row], wanted: Callable[[str], bool]) -> dict[int, Loss]:
    """The numbers of the first label that is wanted, where they can be read."""
    label = next((label for row in rows.values() for label in row.values if wanted(label)), None)
    read: dict[int, Loss] = {}
    for iteration, row in rows.items():
        try:
            read[iteration] = Loss.read(row.values[label or ""])
        except (KeyError, ValueError, ArithmeticError):
            continue
    return read
