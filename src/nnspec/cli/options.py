"""What commands share: how an implementation is named and reached, and when a report has colours."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable
from typing import Any

import click

from nnspec.reach.options import MEMORY_LIMIT, TIMEOUT, Options, operations_named

#: Where a context keeps the words after ``--``.
PROGRAM = "nnspec.program"


class TargetCommand(click.Command):
    """A command whose TARGET may also be a program: the words after ``--``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep the words after ``--`` apart."""
        if "--" in args:
            separator = args.index("--")
            args, ctx.meta[PROGRAM] = args[:separator], tuple(args[separator + 1 :])
        return super().parse_args(ctx, args)


def finite(_context: click.Context, _parameter: click.Parameter, value: float) -> float:
    """Refuse NaN and infinity."""
    if not math.isfinite(value):
        raise click.BadParameter(f"{value} is not a finite number.")
    return value


def duration(_context: click.Context, _parameter: click.Parameter, value: str | None) -> float | None:
    """Seconds from 60s or 2m."""
    if value is None:
        return None
    from nnspec.reach.budget import seconds

    try:
        return seconds(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def operations(
    _context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[str, ...]:
    """The operations that --require names."""
    try:
        return operations_named(values)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def color_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option for colours."""
    return click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        help="When to use colours; auto: on a terminal, unless NO_COLOR is set.",
    )(command)


def reaching_options(timeout: float = TIMEOUT) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The options for how an implementation is reached; timeout: seconds that a call may take by default."""
    options = [
        click.option(
            "--memory-limit",
            type=click.FloatRange(min=0),
            default=MEMORY_LIMIT,
            show_default=True,
            metavar="GIB",
            callback=finite,
            help="Memory that its process may allocate; 0 for no limit (Linux only).",
        ),
        click.option(
            "--call-timeout",
            type=click.FloatRange(min=0, min_open=True),
            default=timeout,
            show_default=True,
            metavar="SECONDS",
            callback=finite,
            help="Time that one call may take.",
        ),
        click.option(
            "--in-process", is_flag=True, help="Call it in the process of the tests, for debugging."
        ),
    ]

    def with_options(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in options:
            command = option(command)
        return command

    return with_options


def options_of(target: str | None, program: tuple[str, ...], values: dict[str, Any]) -> Options:
    """Options from the command line, which must name one implementation."""
    if bool(target) == bool(program):
        raise click.UsageError("Name one implementation: a TARGET (such as reference), or -- and a command.")
    if program and values["in_process"]:
        raise click.UsageError("A command runs in a process of its own: --in-process is for Python objects.")
    if "" in values.get("select", ()):
        raise click.UsageError("--select needs the name of a chapter, a clause or a test, such as gradients.")
    return Options(target=target or "", command=program, timeout=values.pop("call_timeout"), **values)


def is_coloured(color: str) -> bool:
    """Whether a report has colours, as --color, the terminal and NO_COLOR have it."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return color == "always" or (color == "auto" and sys.stdout.isatty() and not plain)
