"""A bar on the terminal while long work goes on; on anything else, silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

#: Tells how much is done, of how much, and what it is at.
Told: TypeAlias = Callable[[int, int, str], None]


@contextmanager
def bar() -> Iterator[Told]:
    """A bar that goes when the work is done."""
    console = Console(stderr=True)
    columns = [
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    ]
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("starting", total=None)
        yield lambda done, total, at: progress.update(task, completed=done, total=total, description=at)
