"""The command that judges the losses that a program printed."""

from __future__ import annotations

from typing import TextIO

import click

from nnspec.contract.errors import WrongUse

#: Fewer losses cannot be judged.
FEWEST = 3


@click.command()
@click.argument("file", type=click.File(encoding="utf-8", errors="replace"), metavar="FILE")
@click.option(
    "--experiment", required=True, metavar="NAME", help="The experiment that was run, such as spiral-linear."
)
@click.option(
    "--precision",
    type=click.Choice(["float64", "float32"]),
    default="float64",
    show_default=True,
    help="The precision that the program computes in.",
)
@click.pass_context
def trace(context: click.Context, file: TextIO, experiment: str, precision: str) -> None:
    """Judge printed losses, and name the mistake that explains them.

    For a program that cannot be called. It must start from the document's own data and initial weights. FILE (or -
    for standard input) holds the losses that it printed: lines such as “iteration 10: loss 0.917265” among other
    lines, CSV with columns iteration and loss, or JSON. A loss means what it means in the experiment's document:
    WildML prints the objective over N, after the update.

    Three losses with six digits are enough. Exit status: 0 if a correct program prints them, 1 if none does, 2 for
    wrong use.
    """
    from nnspec.documents.experiments import TRACED
    from nnspec.reproduce.comparison import choose
    from nnspec.training_log import naming, reading, report

    (chosen,) = choose([experiment], TRACED)
    name = getattr(file, "name", "standard input")
    log = reading.read(file.read(), name)
    if len(log) < FEWEST:
        raise WrongUse(
            f"{name} has fewer than {FEWEST} losses ({len(log)}). Give at least those of iterations 0, 10 and 20."
        )
    judgement = naming.judge(log, chosen, precision)
    if not judgement.points:
        raise WrongUse(
            f"{name}: none of these iterations of {chosen.name} can be judged. Print early ones, such as 0, "
            "10, 20, …"
        )
    if judgement.accepted and not reading.nonfinite(log):
        click.echo(report.correct(chosen, precision, judgement, log))
    elif judgement.accepted:
        click.echo(report.nonfinite(chosen, log))
    elif precision == "float64" and naming.is_float32(log, chosen, judgement):
        click.echo(report.lower_precision(chosen))
    else:
        click.echo(report.incorrect(chosen, precision, judgement, log, naming.search(log, chosen, precision)))
    context.exit(0 if judgement.accepted and not reading.nonfinite(log) else 1)


def register(group: click.Group) -> None:
    """Add the command to a group."""
    group.add_command(trace)
