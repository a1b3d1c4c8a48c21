"""The commands that show the specification: ``spec``, ``explain``, ``list`` and ``coverage``."""

from __future__ import annotations

import importlib
from pathlib import Path

import click

from nnspec.contract.errors import WrongUse
from nnspec.reach.options import DOCUMENT_NAMES

#: For each format, the module of ``nnspec.specification`` that renders it.
FORMATS = {"md": "markdown", "html": "html", "json": "data"}


def output_option(command: click.decorators.FC) -> click.decorators.FC:
    """Add the option for the file to write."""
    return click.option(
        "-o",
        "--output",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Write to FILE instead of stdout.",
    )(command)


@click.command()
@click.option("--format", "format_", type=click.Choice(list(FORMATS)), default="md", show_default=True)
@output_option
def spec(format_: str, output: Path | None) -> None:
    """Print the specification: every clause with its formula, sources, tests and typical mistakes.

    The HTML page is a single file that needs no network. It requires pip install 'nnspec[report]'.
    """
    page = importlib.import_module(f"nnspec.specification.{FORMATS[format_]}").specification()
    write(page, output)


@click.command()
@click.argument("clause", metavar="CLAUSE")
def explain(clause: str) -> None:
    """Explain a clause: what it means, its sources, its tests and typical mistakes.

    CLAUSE is the name of a clause, such as gradients.penalty. The name of a chapter shows its introduction and its
    clauses; the name of a case, as failures print it, shows its clause; the name of a mistake shows its fix.
    """
    from nnspec.specification import chapters, terminal

    match = chapters.find(clause)
    if isinstance(match, chapters.Chapter):
        click.echo(terminal.introduce(match))
    elif isinstance(match, chapters.Entry):
        click.echo(terminal.explain(match))
    else:
        click.echo(terminal.explain_mistake(match))


@click.command(name="list")
@click.option("--chapter", metavar="NAME", help="Only this chapter.")
@click.option("--document", type=click.Choice(DOCUMENT_NAMES), help="Only clauses that this document states.")
@click.option("--level", type=click.Choice(["MUST", "SHOULD"], case_sensitive=False), help="Only this level.")
@click.option("--json", "as_json", is_flag=True, help="Everything about the clauses, as JSON.")
def list_(chapter: str | None, document: str | None, level: str | None, as_json: bool) -> None:
    """List the clauses, one per line."""
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
    """Print the documents' statements and the clauses that cover them."""
    from nnspec.specification import coverage

    write(coverage.coverage(), output)


def write(page: str, output: Path | None) -> None:
    """Write a page to the file, or to stdout if there is none."""
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
