"""The command that judges the losses that a program printed."""

from __future__ import annotations

from typing import BinaryIO

import click


@click.command()
@click.argument("file", type=click.File("rb"), metavar="FILE")
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
def trace(context: click.Context, file: BinaryIO, experiment: str, precision: str) -> None:
    """Judge printed losses, and name the mistake that explains them.

    For a program that cannot be called. It must start from the document's own data and initial weights. FILE (or -
    for standard input) holds the losses that it printed: lines such as “iteration 10: loss 0.917265” among other
    lines, one loss a line, a progress bar, CSV or JSON, as documents, frameworks and loggers write them. The first line
    of the answer says what was read. A loss means what it means in the experiment's document: WildML prints the
    objective over N, after the update.

    Three losses with six digits are enough. Exit status: 0 if a correct program prints them, 1 if none does, 2 for
    wrong use, and for a log that begins elsewhere, which cannot be judged.
    """
    from nnspec.documents.experiments import TRACED
    from nnspec.reproduce.comparison import choose
    from nnspec.training_log.reading import decode, read
    from nnspec.training_log.verdict import verdict

    (chosen,) = choose([experiment], TRACED)
    name = getattr(file, "name", "standard input")
    result = verdict(read(decode(file.read()), name), chosen, precision, name)
    click.echo(result.text)
    context.exit(result.status)


def register(group: click.Group) -> None:
    """Add the command to a group."""
    group.add_command(trace)
