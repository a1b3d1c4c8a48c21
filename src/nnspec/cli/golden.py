"""The commands that make golden traces, and compare the stored ones with new ones."""

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
    help="Runs with noise at every step, in each precision; the other kinds in proportion.",
)
EXPERIMENTS = click.argument("experiments", nargs=-1, metavar="[EXPERIMENT]...")


@click.group()
def golden() -> None:
    """Make golden traces, or check the stored ones."""


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
    help="The folder for the files.",
)
def make(experiments: tuple[str, ...], members: int | None, output: Path) -> None:
    """Make golden traces.

    A golden trace has the losses of a run, and how far the losses of correct programs are from them. Without
    EXPERIMENT, all are made. Each takes an ensemble of runs that differ only in rounding, in each precision, and one
    run in quadruple precision. This needs pip install 'nnspec[golden]' and takes minutes.
    """
    _check_can_make()
    from nnspec.cli.progress import progress
    from nnspec.ensemble import files
    from nnspec.runs.envelope import file_name

    chosen = _chosen(experiments)
    if not output.is_dir():
        raise WrongUse(
            f"--output {output}: there is no such folder. Create it, or run this in a checkout of nnspec."
        )
    with progress() as advance:
        for stored in files.make(chosen, members, advance):
            path = output / file_name(stored["experiment"])
            path.write_text(files.text(stored), encoding="utf-8", newline="\n")
            click.echo(f"{path}: {_horizons(stored)}")


@golden.command()
@EXPERIMENTS
@MEMBERS
@click.pass_context
def check(context: click.Context, experiments: tuple[str, ...], members: int | None) -> None:
    """Make traces again and compare them.

    On the machine and with the versions that made them, nothing differs. On others, rounding does: the losses must
    be the same up to the horizon, and the reach must agree within the factor of the envelope. Exit status: 0 if all
    agree, 1 if one does not.
    """
    _check_can_make()
    from nnspec.cli.progress import progress
    from nnspec.ensemble import compare, files
    from nnspec.runs.envelope import contents

    chosen, failures = _chosen(experiments), 0
    old = {experiment.name: contents(experiment.name) for experiment in chosen}
    with progress() as advance:
        for new in files.make(chosen, members, advance):
            stored = old[new["experiment"]]
            messages = files.complaints(stored) or compare.differences(stored, new)
            failures += bool(messages)
            same = "identical" if files.text(new) == files.text(stored) else "agrees"
            click.echo(f"{new['experiment']}: {'; '.join(messages) or same}")
    context.exit(1 if failures else 0)


def _chosen(names: tuple[str, ...]) -> list[Any]:
    from nnspec.documents.experiments import TRACED
    from nnspec.reproduce.comparison import choose

    return choose(names, TRACED)


def _check_can_make() -> None:
    """Raise WrongUse if a library is missing, before any work is done."""
    missing = [name for name in ("numpy_quaddtype", "jsonschema") if importlib.util.find_spec(name) is None]
    if missing:
        raise WrongUse(
            f"Making golden traces needs {' and '.join(missing)}: pip install 'nnspec[golden]' (Python 3.11 or later)"
        )


def _horizons(stored: dict[str, Any]) -> str:
    """The horizon of each precision, as text."""
    return ", ".join(f"{precision} to {stored[precision]['horizon']}" for precision in ("float64", "float32"))


@golden.command(name="list")
@click.option("--format", "format_", type=click.Choice(["text", "md"]), default="text", show_default=True)
def list_(format_: str) -> None:
    """List the traces and how far each judges.

    half: the last iteration to which half of the digits are certain; to: the last iteration that the envelope judges;
    then: what is judged after it, a cycle from its first iteration on, or nothing; left out: how many members and
    whole kinds of rounding the envelope of all others refuses, of how many, and the worst in tolerances.
    """
    from rich.console import Console
    from rich.table import Table

    from nnspec.ensemble import table

    if format_ == "md":
        click.echo(table.markdown(), nl=False)
        return
    grid = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    for column in table.COLUMNS:
        grid.add_column(column, no_wrap=True)
    for cells in table.rows():
        grid.add_row(*cells)
    Console(highlight=False).print(grid)


def register(group: click.Group) -> None:
    """Add the commands to a group."""
    group.add_command(golden)
