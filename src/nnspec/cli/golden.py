"""The commands that make the golden traces and hold the stored ones against a second making."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import click

from nnspec.contract.errors import WrongUse

MEMBERS = click.option(
    "--members",
    type=click.IntRange(min=2),
    metavar="N",
    help="Runs with noise at every step, in each precision; of the other kinds in proportion.",
)
EXPERIMENTS = click.argument("experiments", nargs=-1, metavar="[EXPERIMENT]...")


@click.group()
def golden() -> None:
    """Make the golden traces, or check the stored ones."""


@golden.command()
@EXPERIMENTS
@MEMBERS
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("golden"),
    show_default=True,
    metavar="DIR",
    help="Where the files go.",
)
def make(experiments: tuple[str, ...], members: int | None, output: Path) -> None:
    """Make golden traces.

    They are the losses of a run, and how far those of correct programs are from them. Without EXPERIMENT,
    all. An ensemble of runs that differ in rounding alone is made in each precision, and one run in
    quadruple precision. It takes pip install 'nnspec[golden]' and minutes.
    """
    _check_can_make()
    from nnspec.cli.progress import progress
    from nnspec.ensemble import files
    from nnspec.runs.envelope import file_name

    chosen = _chosen(experiments)
    if not output.is_dir():
        raise WrongUse(
            f"--output {output}: there is no such folder. Make it, or stand in a checkout of nnspec."
        )
    with progress() as update:
        for stored in files.make(chosen, members, update):
            path = output / file_name(stored["experiment"])
            path.write_text(files.text(stored), encoding="utf-8", newline="\n")
            click.echo(f"{path}: {_told(stored)}")


@golden.command()
@EXPERIMENTS
@MEMBERS
@click.pass_context
def check(context: click.Context, experiments: tuple[str, ...], members: int | None) -> None:
    """Make traces again and compare them.

    On the machine and with the versions that made them, nothing differs. On others, rounding does: the losses
    must be the same up to the horizon, and the ensembles reach as far, within the factor that the
    envelope has. Exit status: 0 where all agree, 1 where one does not.
    """
    _check_can_make()
    from nnspec.cli.progress import progress
    from nnspec.ensemble import compare, files
    from nnspec.runs.envelope import contents

    chosen, wrong = _chosen(experiments), 0
    old = {experiment.name: contents(experiment.name) for experiment in chosen}
    with progress() as update:
        for made in files.make(chosen, members, update):
            stored = old[made["experiment"]]
            told = files.complaints(stored) or compare.differences(stored, made)
            wrong += bool(told)
            same = "the same, to the last digit" if files.text(made) == files.text(stored) else "agrees"
            click.echo(f"{made['experiment']}: {'; '.join(told) or same}")
    context.exit(1 if wrong else 0)


def _chosen(names: tuple[str, ...]) -> list[Any]:
    from nnspec.documents.experiments import TRACED
    from nnspec.reproduce.comparison import choose

    return choose(names, TRACED)


def _check_can_make() -> None:
    """Raise WrongUse before any work is done where a library is missing."""
    missing = [name for name in ("numpy_quaddtype", "jsonschema") if importlib.util.find_spec(name) is None]
    if missing:
        raise WrongUse(
            f"Making golden traces needs {' and '.join(missing)}: pip install 'nnspec[golden]' (Python 3.11 or later)"
        )


def _told(stored: dict[str, Any]) -> str:
    """Where each precision's horizon is, in words."""
    return ", ".join(f"{precision} to {stored[precision]['horizon']}" for precision in ("float64", "float32"))


@golden.command(name="list")
@click.option("--format", "format_", type=click.Choice(["text", "md"]), default="text", show_default=True)
def list_(format_: str) -> None:
    """List the traces and how far each judges.

    half: the iteration to which half of the digits are certain; to: that to which the envelope judges; then: what
    is judged after it, a cycle from its first iteration on, or nothing; left out: members, one by one and in whole
    kinds of rounding, that the envelope of all others refuses, of how many, and the worst in tolerances.
    """
    from rich.console import Console
    from rich.table import Table

    from nnspec.ensemble import table

    if format_ == "md":
        click.echo(table.markdown(), nl=False)
        return
    shown = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    for column in table.COLUMNS:
        shown.add_column(column, no_wrap=True)
    for cells in table.rows():
        shown.add_row(*cells)
    Console(highlight=False).print(shown)


def register(group: click.Group) -> None:
    """Add the commands to a group."""
    group.add_command(golden)
