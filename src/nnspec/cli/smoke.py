"""The command that takes a first look at a program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from nnspec.cli.options import PROGRAM, TargetCommand, color_option, is_coloured, options_of, reaching_options

if TYPE_CHECKING:
    from nnspec.report.paragraphs import Paragraph
    from nnspec.suite.smoke import Look


@click.command(cls=TargetCommand)
@click.argument("target", required=False, metavar="TARGET | -- COMMAND...")
@color_option
@reaching_options(timeout=10.0)
@click.pass_context
def smoke(context: click.Context, /, target: str | None, color: str, **values: Any) -> None:
    """Take a first look at an implementation, in seconds.

    It says which operations are there, and what is wrong with the form of their answers, with their arguments and
    with the program's messages, each with the fix. No number is judged: that is what nnspec check is for, which
    begins with the same look.

    Exit status: 0 if it can be checked and nothing is wrong, 1 if something is, 2 for wrong use.
    """
    from nnspec.reach import targets
    from nnspec.suite.smoke import look

    options = options_of(target, context.meta.get(PROGRAM, ()), values)
    if options.target:
        targets.check(options.target)
    found = look(options)
    click.echo(render(found, options.implementation, coloured=is_coloured(color)), color=color != "never")
    context.exit(0 if found.is_ready else 1)


def render(look: Look, name: str, *, coloured: bool = False) -> str:
    """What was found, in words; the last line says whether it can be checked."""
    from rich.text import Text

    from nnspec.report import layout
    from nnspec.report.text import WIDTH, terminal_width

    console = layout.console(terminal_width() or WIDTH, coloured)
    layout.print_section(console, _operations(look))
    layout.print_section(console, _faults(look))
    layout.print_section(console, _notes(look))
    style = "bold green" if look.is_ready else "bold red"
    console.print(Text(_last_line(look, name), style=style), soft_wrap=True)
    return layout.written(console)


def _operations(look: Look) -> Iterator[Paragraph]:
    """Which operations there are."""
    from nnspec.report.paragraphs import Paragraph, words
    from nnspec.suite.smoke import ANSWERED, DECLINED, MISSING, UNASKED

    if look.description is None:
        return
    rows = [(how, ", ".join(look.that(how))) for how in (ANSWERED, MISSING, UNASKED)]
    rows[1:1] = [(DECLINED, f"{name}: {why}") for name, why in look.declined.items()]
    rows.append(("numbers", _numbers(look)))
    yield Paragraph(tuple(words(name, text) for name, text in rows if text))


def _numbers(look: Look) -> str:
    """How the numbers of a program travel; "" for a Python object."""
    assert look.description is not None
    form = look.description.numbers
    if form != "json":
        return f"{form}, {look.description.precision}"
    return f"JSON, {look.digits} digits, {look.description.precision}" if look.digits else ""


def _faults(look: Look) -> Iterator[Paragraph]:
    """What is wrong, and how to fix it."""
    from nnspec.report.paragraphs import Paragraph, observed, words
    from nnspec.suite.smoke import FAULTS

    if look.unreachable:
        yield Paragraph((words("unreachable", look.unreachable),))
    for operations, message in look.lost:
        yield Paragraph((words("lost", f"{', '.join(operations)}: {message}"),))
    yield from (observed(one) for one in look.observations if one.kind in FAULTS)


def _notes(look: Look) -> Iterator[Paragraph]:
    from nnspec.report.paragraphs import observed
    from nnspec.suite.smoke import FAULTS

    return (observed(one) for one in look.observations if one.kind not in FAULTS)


def _last_line(look: Look, name: str) -> str:
    from nnspec.report.text import counted, visible
    from nnspec.suite.smoke import ANSWERED

    parts = [counted(look.faults, "fault")] if look.faults else []
    if look.operations:
        answered = counted(len(look.that(ANSWERED)), "operation")
        parts.append(f"{answered} of {len(look.operations)} answered")
    return f"{'READY' if look.is_ready else 'NOT READY'}  {' · '.join(parts)}  ({visible(name)})"


def register(group: click.Group) -> None:
    """Add the command to a group."""
    group.add_command(smoke)
