"""The commands that show the specification: ``spec``, ``explain``, ``list`` and ``coverage``."""

from __future__ import annotations

import importlib
from pathlib import Path

import click

from nnspec.contract.errors import WrongUse
from nnspec.reach.options import DOCUMENT_NAMES

#: The modules of ``nnspec.specification`` that give the whole specification, by format.
FORMATS = {"md": "markdown", "html": "html", "json": "data"}


def output_option(command: click.decorators.FC) -> click.decorators.FC:
    """Where a page goes."""
    return click.option(
        "-o",
        "--output",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Write it there.",
    )(command)


@click.command()
@click.option("--format", "format_", type=click.Choice(list(FORMATS)), default="md", show_default=True)
@output_option
def spec(format_: str, output: Path | None) -> None:
    """Print the specification: every clause with its formula, sources, tests and typical mistakes.

    The page of HTML is one file that needs no network; it takes pip install 'nnspec[report]'.
    """
    page = importlib.import_module(f"nnspec.specification.{FORMATS[format_]}").specification()
    write(page, output)


@click.command()
@click.argument("clause", metavar="CLAUSE")
def explain(clause: str) -> None:
    """Say what a clause means, where it stands, how it is tested and how it is typically broken.

    CLAUSE is a name such as gradients.penalty. A chapter's name tells what it is about; a case, as a
    failure names it, tells its clause.
    """
    from nnspec.specification import chapters, terminal

    found = chapters.find(clause)
    told = terminal.introduce(found) if isinstance(found, chapters.Chapter) else terminal.explain(found)
    click.echo(told)


@click.command(name="list")
@click.option("--chapter", metavar="NAME", help="Only the clauses of this chapter.")
@click.option("--document", type=click.Choice(DOCUMENT_NAMES), help="Only what this document states.")
@click.option("--level", type=click.Choice(["MUST", "SHOULD"], case_sensitive=False), help="Only this level.")
@click.option("--json", "as_json", is_flag=True, help="All that there is to say of them, as JSON.")
def list_(chapter: str | None, document: str | None, level: str | None, as_json: bool) -> None:
    """List the clauses, one a line."""
    from nnspec.specification import chapters, data, terminal

    entries = [
        entry
        for entry in chapters.entries(chapter)
        if document in (None, *entry.clause.documents) and level in (None, entry.clause.level)
    ]
    if as_json:
        click.echo(data.clauses(entries), nl=False)
    else:
        click.echo(terminal.listing(entries))


@click.command()
@output_option
def coverage(output: Path | None) -> None:
    """Print what the documents say, statement by statement, and which clauses hold it."""
    from nnspec.specification import coverage

    write(coverage.coverage(), output)


def write(page: str, output: Path | None) -> None:
    """To the file, or to stdout where none is named."""
    if output is None:
        click.echo(page, nl=False)
        return
    try:
        output.write_text(page, encoding="utf-8", newline="\n")
    except OSError as error:
        raise WrongUse(f"--output {output}: {error.strerror}.") from None


def register(group: click.Group) -> None:
    """Add the commands to a group."""
    for command in (spec, explain, list_, coverage):
        group.add_command(command)
