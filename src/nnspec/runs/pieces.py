"""Long runs, asked in pieces: each goes on from the network of the last, so slow is not wrong.

A call may take as long as ``--call-timeout`` allows. A whole run takes a slow language longer, and each iteration of
it may be right; so the run is asked in pieces that take a part of that time at the program's own speed. The answers of
a correct program do not depend on the cut: gradient descent at a constant rate hands over the network and nothing
else, and numbers travel to the last bit. A velocity and the count of iterations are not handed over, so runs with
momentum or a schedule stay whole.

A piece that times out is asked once more, as a shorter one: the machine may have been busy, or the program is slower
than a first piece allows for.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from nnspec.contract.errors import TimedOut
from nnspec.judging.subject import Subject
from nnspec.reference.values import Array, Network, Optimizer

#: Iterations that stay whole, and those of the first piece of a longer run, from which the speed is known.
LONG, FIRST = 1_000, 100
#: The share of the time for a call that a piece should take.
SHARE = 0.25


def train_in_pieces(
    subject: Subject, arguments: dict[str, Any], clock: Callable[[], float] = time.perf_counter
) -> tuple[Array, Network]:
    """The losses and the network of ``train`` with these arguments, in calls that the program has the time for."""
    iterations, batches = arguments["iterations"], arguments["batches"]
    network, done = arguments["network"], 0
    losses: list[Array] = []
    cut = iterations > LONG and _can_be_cut(arguments["optimizer"]) and math.isfinite(subject.patience)
    piece = FIRST if cut else iterations
    stalled = False
    while not losses or done < iterations:
        piece = min(piece, iterations - done)
        part = {"network": network, "iterations": piece}
        part["batches"] = None if batches is None else batches[done : done + piece]
        began = clock()
        try:
            answer = subject.train(**{**arguments, **part})
        except TimedOut:
            if not cut or stalled or piece == 1:
                raise
            stalled, piece = True, math.ceil(SHARE * piece)
            continue
        seconds = clock() - began
        losses.append(answer["losses"])
        network, done = answer["network"], done + piece
        piece = _next_piece(piece, seconds, SHARE * subject.patience, iterations)
    return np.concatenate(losses), network


def _can_be_cut(optimizer: Optimizer) -> bool:
    """Whether the network is all that one iteration hands to the next."""
    return optimizer["method"] == "gradient_descent" and optimizer["schedule"] is None


def _next_piece(piece: int, seconds: float, wanted: float, most: int) -> int:
    """Iterations that take the wanted time at the speed of the last piece; at least 1."""
    speed = piece / seconds if seconds > 0 else math.inf
    return max(1, math.floor(min(speed * wanted, most)))
