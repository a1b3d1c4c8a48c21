"""The command line. A command imports what it needs when it runs, so that --help is quick."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nnspec.cli import ending, golden, smoke, spec, trace
from nnspec.cli.options import (
    PROGRAM,
    TargetCommand,
    color_option,
    duration,
    is_coloured,
    operations,
    options_of,
    reaching_options,
)
from nnspec.reach import guard
from nnspec.reach.options import (
    DIAGNOSES,
    DOCUMENT_NAMES,
    PRECISION_NAMES,
    Options,
)

if TYPE_CHECKING:
    from nnspec.cli.progress import Update
    from nnspec.report.record import Record

#: When this process began, or nearly so: a budget counts from here.
STARTED = time.time()
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 80}


@click.group(context_settings=CONTEXT)
@click.version_option(package_name="nnspec", prog_name="nnspec")
def cli() -> None:
    """Check programs that train small neural networks against three documents.

    The documents are the CS231n case study, WildML's network from scratch and Roelants' vectorised
    backpropagation with momentum.
    """


@cli.command(cls=TargetCommand)
@click.argument("target", required=False, metavar="TARGET | -- COMMAND...")
@click.option("--document", type=click.Choice(DOCUMENT_NAMES), help="Check against this document only.")
@click.option(
    "--select",
    multiple=True,
    metavar="NAME",
    help="Run only this chapter, clause or test (gradients, gradients.scores, …). May be repeated.",
)
@click.option(
    "--require",
    multiple=True,
    metavar="OP,...",
    callback=operations,
    help="Operations that must be judged (train,fit), or all. May be repeated.",
)
@click.option("--strict", is_flag=True, help="Count SHOULD clauses too, which no document states.")
@click.option(
    "--precision",
    type=click.Choice(PRECISION_NAMES),
    help="Judge it in this precision, whatever its describe says.",
)
@click.option(
    "--known-failures",
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE",
    help='What may fail, and why: TOML such as "gradients.penalty" = "reason", or JSON. It names chapters, clauses, '
    "tests, form.OPERATION and ignored.OPERATION.ARGUMENT.",
)
@click.option(
    "--write-known-failures",
    type=click.Path(dir_okay=False, writable=True),
    metavar="FILE",
    help="Write the failures of this run to FILE (.toml or .json); reasons that it has stay.",
)
@click.option("--quick", is_flag=True, help="Run only the cheapest and most telling tests; takes seconds.")
@click.option(
    "--diagnose",
    type=click.Choice(DIAGNOSES),
    default=DIAGNOSES[1],
    show_default=True,
    help="How much to ask and to compute to explain failures.",
)
@click.option(
    "--budget",
    metavar="TIME",
    callback=duration,
    help="Stop after this time (60s, 2m) and say what was not reached.",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, help="Draw other inputs than the usual ones.")
@click.option("--fresh", is_flag=True, help="Draw new inputs; the last line has their seed.")
@click.option("-v", "--verbose", is_flag=True, help="Also show every failure, and why tests are unsupported.")
@click.option("-q", "--quiet", is_flag=True, help="Show only the verdict: one line.")
@color_option
@reaching_options()
@click.pass_context
def check(
    context: click.Context,
    /,
    target: str | None,
    fresh: bool,
    verbose: bool,
    quiet: bool,
    color: str,
    write_known_failures: str | None,
    **values: Any,
) -> None:
    """Check an implementation against the specification.

    TARGET is a bundled implementation (reference), a Python file or module with the contract's functions,
    with an optional :object, or -- and a command that answers JSON-RPC on its stdin and stdout.

    CONFORMS needs that nothing was wrong, that every test ended, and that at least one of gradients, train
    and fit was judged. If nothing was wrong and too little was judged, the verdict is INCONCLUSIVE.

    Exit status: 0 CONFORMS, 1 DOES NOT CONFORM, 2 wrong use, 3 INCONCLUSIVE, 4 nnspec itself failed.

    docs/trust.md says what a verdict can rest on when a stranger's program is checked.
    """
    from dataclasses import replace

    from nnspec.reach import targets
    from nnspec.report import known_failures
    from nnspec.suite import check as checking
    from nnspec.suite.signals import Interruption

    options = options_of(target, context.meta.get(PROGRAM, ()), values)
    if fresh and options.seed:
        raise click.UsageError("--fresh draws a seed of its own: leave out --seed, or --fresh.")
    if fresh:
        options = _fresh(options)
    if options.target:
        targets.check(options.target)
    if write_known_failures:
        known_failures.check_can_write(write_known_failures)
    if options.budget is not None:
        options = replace(options, started=STARTED)

    with ExitStack() as shown:

        def report(record: Record) -> None:
            shown.close()  # the bar goes before the report comes
            click.echo(_rendered(record, verbose - quiet, color), color=color != "never")

        try:
            record = checking.check(options, _progress(shown, coloured=color != "never"), report)
        except Interruption as interruption:
            context.exit(interruption.status)
    if write_known_failures and record.planned and not record.failed:
        known_failures.write(write_known_failures, record)
    if record.failed:
        click.echo(f"nnspec itself failed: {record.failed}", err=True)
    context.exit(record.exit_code)


def _rendered(record: Record, verbosity: int, color: str) -> str:
    """The report for this terminal, or for a pipe."""
    from nnspec.report import terminal
    from nnspec.report.text import WIDTH, terminal_width

    width = terminal_width() or WIDTH
    return terminal.render(record, width=width, verbosity=verbosity, colour=is_coloured(color))


def _fresh(options: Options) -> Options:
    """The options with a random seed."""
    import secrets
    from dataclasses import replace

    return replace(options, seed=1 + secrets.randbelow(2**31 - 1))


def _progress(shown: ExitStack, *, coloured: bool) -> Callable[[Record], None]:
    """Shows how many tests have ended, and the clause that is at work, until ``shown`` is closed.

    The bar comes with the first result: importing it takes a while, for which the tests do not wait.
    """
    show: Update | None = None

    def update(record: Record) -> None:
        nonlocal show
        if show is None:
            from nnspec.cli.progress import progress

            show = shown.enter_context(progress(coloured=coloured))
        done = len(record.results)
        now = record.planned[done].clause if done < len(record.planned) else "the diagnosis"
        show(done, len(record.planned), now)

    return update


@cli.command()
@click.argument("experiments", nargs=-1, metavar="[EXPERIMENT]...")
@click.option("--implementation", "target", default="reference", show_default=True, metavar="TARGET")
@click.option(
    "--plot",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write the documents' figures to this folder, as PNG.",
)
@reaching_options()
@click.pass_context
def reproduce(
    context: click.Context, /, experiments: tuple[str, ...], target: str, plot: Path | None, **values: Any
) -> None:
    """Print the documents' numbers beside what comes out.

    Without EXPERIMENT, all of them. Exit status: 0 if every number agrees to the last printed digit
    or lies within what rounding allows, 1 if one is wrong or nothing could be compared.
    """
    from nnspec.reach import targets
    from nnspec.reproduce import comparison as reproducing

    targets.check(target)
    chosen = reproducing.choose(experiments)
    if plot is not None:
        reproducing.check_can_plot()
    agrees = reproducing.reproduce(chosen, options_of(target, (), values), plot)
    context.exit(0 if agrees else 1)


spec.register(cli)
golden.register(cli)
trace.register(cli)
smoke.register(cli)


def main() -> None:
    """The entry point: whatever happens, the status is one that a command documents, and no process is left."""
    guard.claim()
    status = ending.status_of(lambda: cli.main(standalone_mode=False))
    guard.release()
    sys.exit(status)
