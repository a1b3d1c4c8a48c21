"""The command line. What a command needs is imported when it runs, so that --help is quick."""

from __future__ import annotations

import io
import math
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nnspec.cli import golden, spec, trace
from nnspec.contract.errors import Unreachable, WrongUse
from nnspec.reach.options import DOCUMENT_NAMES, MEMORY_LIMIT, TIMEOUT, Options

if TYPE_CHECKING:
    from nnspec.cli.progress import Told
    from nnspec.report.record import Record

#: When this process began, as near as makes no difference: a budget counts from here.
STARTED = time.time()
PROGRAM = "nnspec.program"
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 80}


@click.group(context_settings=CONTEXT)
@click.version_option(package_name="nnspec", prog_name="nnspec")
def cli() -> None:
    """Check programs that train small neural networks against three documents.

    The documents are the CS231n case study, WildML's network from scratch and Roelants' vectorised
    backpropagation with momentum.
    """


class TargetCommand(click.Command):
    """A command whose TARGET may also be a program: the words after ``--``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep what stands after ``--`` apart, whole."""
        if "--" in args:
            separator = args.index("--")
            args, ctx.meta[PROGRAM] = args[:separator], tuple(args[separator + 1 :])
        return super().parse_args(ctx, args)


def finite(_context: click.Context, _parameter: click.Parameter, value: float) -> float:
    """Refuse the numbers that no limit can be."""
    if not math.isfinite(value):
        raise click.BadParameter(f"{value} is no limit.")
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


def reaching_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say how an implementation is reached."""
    for option in [
        click.option(
            "--memory-limit",
            type=click.FloatRange(min=0),
            default=MEMORY_LIMIT,
            show_default=True,
            metavar="GIB",
            callback=finite,
            help="What its process may allocate; 0 for any (held on Linux).",
        ),
        click.option(
            "--call-timeout",
            type=click.FloatRange(min=0, min_open=True),
            default=TIMEOUT,
            show_default=True,
            metavar="SECONDS",
            callback=finite,
            help="What one call may take.",
        ),
        click.option("--in-process", is_flag=True, help="Call it in this process, for debugging."),
    ]:
        command = option(command)
    return command


@cli.command(cls=TargetCommand)
@click.argument("target", required=False, metavar="TARGET | -- COMMAND...")
@click.option("--document", type=click.Choice(DOCUMENT_NAMES), help="Check against this document alone.")
@click.option(
    "--select",
    multiple=True,
    metavar="NAME",
    help="Only this chapter, clause or case (gradients, gradients.scores, …). May be repeated.",
)
@click.option(
    "--known-failures",
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE",
    help='What is expected to fail: JSON such as {"gradients.penalty": "reason"}.',
)
@click.option("--quick", is_flag=True, help="Only the cheapest and most discriminating tests: seconds.")
@click.option(
    "--budget",
    metavar="TIME",
    callback=duration,
    help="Stop after so long (60s, 2m) and say what was not reached.",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, help="Other inputs than the usual ones.")
@click.option("--fresh", is_flag=True, help="Inputs drawn anew; the seed that brings them back is printed.")
@reaching_options
@click.pass_context
def check(context: click.Context, /, target: str | None, fresh: bool, **told: Any) -> None:
    """Check an implementation against the specification.

    TARGET is a bundled implementation (reference), a Python file or module with the contract's functions,
    with an optional :object, or -- and a command that answers JSON-RPC on its stdin and stdout.

    Exit status: 0 conforms, 1 does not, 2 wrong use, 3 could not be reached.
    """
    from dataclasses import replace

    from nnspec.reach import targets
    from nnspec.report import verdict
    from nnspec.suite import check as checking

    options = _options(target, context.meta.get(PROGRAM, ()), told)
    if fresh:
        options = _fresh(options)
    if options.target:
        targets.check(options.target)
    if options.budget is not None:
        options = replace(options, started=STARTED)
    record = _with_progress(lambda progress: checking.check(options, progress))
    if options.seed:
        click.echo(f"inputs: --seed {options.seed}\n")
    click.echo(verdict.render(record, colour=sys.stdout.isatty()))
    context.exit(record.exit_code)


def _options(target: str | None, program: tuple[str, ...], told: dict[str, Any]) -> Options:
    """Options from the command line, which names one implementation."""
    if bool(target) == bool(program):
        raise click.UsageError("Name one implementation: a TARGET (such as reference), or -- and a command.")
    if program and told["in_process"]:
        raise click.UsageError("A command runs in a process of its own: --in-process is for Python objects.")
    return Options(target=target or "", command=program, timeout=told.pop("call_timeout"), **told)


def _fresh(options: Options) -> Options:
    """The same with a seed that nobody has chosen."""
    import secrets
    from dataclasses import replace

    return replace(options, seed=1 + secrets.randbelow(2**31 - 1))


def _with_progress(run: Callable[[Callable[[Record], None]], Record]) -> Record:
    """Run with a bar that names the clause which is at work.

    The bar comes with the first news: importing it takes a while, which the tests are not to wait for.
    """
    with ExitStack() as shown:
        tell: Told | None = None

        def update(record: Record) -> None:
            nonlocal tell
            if tell is None:
                from nnspec.cli import progress

                tell = shown.enter_context(progress.bar())
            done = len(record.results)
            after = record.planned[done].clause if done < len(record.planned) else ""
            tell(done, len(record.planned), after)

        return run(update)


@cli.command()
@click.argument("experiments", nargs=-1, metavar="[EXPERIMENT]...")
@click.option("--implementation", "target", default="reference", show_default=True, metavar="TARGET")
@click.option(
    "--plot",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write the documents' figures there as PNG.",
)
@reaching_options
@click.pass_context
def reproduce(
    context: click.Context, /, experiments: tuple[str, ...], target: str, plot: Path | None, **told: Any
) -> None:
    """Print what the documents print beside what comes out, number by number.

    Without EXPERIMENT, all of them. Exit status: 0 where every number agrees to the last printed
    digit or lies inside what rounding allows, 1 where one is wrong or nothing could be compared.
    """
    from nnspec.reach import targets
    from nnspec.reproduce import comparison as reproducing

    targets.check(target)
    chosen = reproducing.choose(experiments)
    if plot is not None:
        reproducing.check_can_plot()
    agrees = reproducing.reproduce(chosen, _options(target, (), told), plot)
    context.exit(0 if agrees else 1)


spec.register(cli)
golden.register(cli)
trace.register(cli)


def main() -> None:
    """The entry point: errors become a sentence and an exit code."""
    sys.path.insert(0, "")  # a module where we stand is a TARGET too
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what a terminal has no letters for is told in escapes
            stream.reconfigure(errors="backslashreplace")
    try:
        status = cli.main(standalone_mode=False)
    except click.exceptions.Exit as stop:
        status = stop.exit_code
    except click.ClickException as error:
        error.show()
        status = 2
    except click.Abort:
        click.echo("Interrupted.", err=True)
        status = 130
    except WrongUse as error:
        click.echo(f"Error: {error}", err=True)
        status = 2
    except Unreachable as error:
        click.echo(f"Error: {error}", err=True)
        status = 3
    sys.exit(status or 0)
