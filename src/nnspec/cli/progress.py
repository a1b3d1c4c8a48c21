"""Progress on stderr while long work goes on: a bar on a terminal, a line now and then on anything else."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

import click

from nnspec.report.text import visible

#: Says how much is done, of how much, and what is at work now.
Update: TypeAlias = Callable[[int, int, str], None]

#: Seconds between two lines. Short work prints none, and a log is never silent for long.
INTERVAL = 10.0


@contextmanager
def progress(*, coloured: bool = True) -> Iterator[Update]:
    """Shows progress until the work is done."""
    is_terminal = sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    with _bar(coloured) if is_terminal else _lines() as update:
        yield update


@contextmanager
def _bar(coloured: bool) -> Iterator[Update]:
    """A bar that goes away when the work is done."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = [
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
    ]
    console = Console(stderr=True, no_color=None if coloured else True)
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=None)
        yield lambda done, total, now: bar.update(task, completed=done, total=total, description=visible(now))


@contextmanager
def _lines() -> Iterator[Update]:
    """A line in every interval, also while a single piece of work takes longer."""
    state = (0, 0, "starting")
    ended = threading.Event()

    def update(done: int, total: int, now: str) -> None:
        nonlocal state
        state = (done, total, now)

    def write() -> None:
        while not ended.wait(INTERVAL):
            done, total, now = state
            click.echo(f"nnspec: {done} of {total or '?'} done, now {visible(now)}", err=True)

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    try:
        yield update
    finally:
        ended.set()
        thread.join()
