"""``nnspec reproduce``: the numbers that the documents print, compared with an implementation's."""

from __future__ import annotations

import difflib
import importlib.util
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from nnspec.contract.errors import NoAnswer, Unsupported, WrongUse
from nnspec.documents.experiments import CIRCLES_GRADIENT_CHECK, CIRCLES_MOMENTUM, EXPERIMENTS, Experiment
from nnspec.judging.agreement import Disagreement
from nnspec.judging.differences import assert_matches_differences
from nnspec.judging.rounding import Precision
from nnspec.judging.subject import Exact, Subject
from nnspec.reach.options import Options
from nnspec.reach.transports import open_transport
from nnspec.report.text import SHORT, harmless, visible, visible_lines, wrapped
from nnspec.runs import printed_numbers
from nnspec.runs.printed_numbers import AGREES, CONFIRMED, MEASURED, NOT_JUDGED, ROUNDING, WRONG, Row
from nnspec.runs.traces import Trace, Traces, training_accuracy

COLOURS = {
    AGREES: "green",
    CONFIRMED: "green",
    ROUNDING: "cyan",
    MEASURED: "cyan",
    NOT_JUDGED: "yellow",
    WRONG: "bold red",
}


@dataclass
class Report:
    """The results of one experiment.

    missing: why the implementation does not support it; trouble: the error that prevented a comparison.
    """

    experiment: Experiment
    rows: list[Row]
    trace: Trace | None = None
    missing: str = ""
    trouble: str = ""

    @property
    def agrees(self) -> bool:
        """Whether every number agrees, or differs by rounding only."""
        return not self.trouble and all(row.verdict != WRONG for row in self.rows)


def choose(names: Sequence[str], among: dict[str, Experiment] = EXPERIMENTS) -> list[Experiment]:
    """The experiments of these names, or all; raises WrongUse for an unknown name."""
    for name in names:
        if name not in among:
            close = difflib.get_close_matches(name, among, n=1)
            suggestion = f" Did you mean {close[0]}?" if close else ""
            known = ", ".join(among)
            raise WrongUse(f"There is no experiment named {name!r}.{suggestion} The experiments are {known}.")
    return [among[name] for name in names or among]


def check_can_plot() -> None:
    """Raise WrongUse if matplotlib is missing, before any work is done."""
    if importlib.util.find_spec("matplotlib") is None:
        raise WrongUse("--plot needs matplotlib: pip install 'nnspec[report]'")


def reproduce(experiments: list[Experiment], options: Options, plot: Path | None) -> bool:
    """Run the experiments, print every number and draw the documents' figures; False if a number is wrong."""
    console = Console(highlight=False)
    transport = open_transport(options)
    try:
        subject = Subject(transport)
        name = visible(subject.description.name, SHORT[0])
        console.print(Text.assemble("of ", (name, "bold"), f", in {subject.description.precision}\n"))
        traces = Traces(subject)
        reports = []
        for experiment in experiments:
            with console.status(f"{experiment.name}: {experiment.iterations} iterations"):
                reports.append(report(subject, traces, experiment))
            _print_report(console, reports[-1])
        _print_summary(console, reports)
        if plot is not None:
            from nnspec.reproduce import figures

            with console.status("drawing"):
                written = figures.write(
                    plot, subject, {r.experiment.name: r.trace for r in reports if r.trace}
                )
            console.print(f"{len(written)} figures in {plot}: {', '.join(path.name for path in written)}")
    finally:
        transport.close()
    return all(report.agrees for report in reports) and any(report.rows for report in reports)


def report(subject: Subject, traces: Traces, experiment: Experiment) -> Report:
    """Train, and compare the losses, the accuracy and, for the circles, the gradient check."""
    precision = subject.description.precision
    result = Report(experiment, [])
    try:
        result.trace = traces.of(experiment)
        result.rows += printed_numbers.losses(experiment, result.trace.losses, precision)
        accuracy = training_accuracy(subject, experiment, result.trace.network)
        result.rows.append(printed_numbers.accuracy(experiment, accuracy, precision))
        if experiment is CIRCLES_MOMENTUM:
            result.rows.append(gradient_check(subject))
    except Unsupported as error:
        result.missing = str(error)
    except (NoAnswer, Disagreement) as error:
        result.trouble = str(error)
    return result


def gradient_check(subject: Subject) -> Row:
    """Roelants' gradient check on every parameter."""
    training = CIRCLES_GRADIENT_CHECK.training()
    problem = {name: training[name] for name in ["network", "inputs", "labels", "objective"]}
    exact = Exact(Precision(subject.description.precision))
    name = "gradient check"
    try:
        count = assert_matches_differences(subject, exact, problem)
    except NoAnswer as error:
        return Row(name, "passes", "", MEASURED, f"not run: {error}")
    except Disagreement as error:
        return Row(
            name,
            "passes",
            "fails",
            WRONG,
            f"{error.where}: got {error.got}, central differences give {error.expected}",
        )
    return Row(name, "passes", "passes", CONFIRMED, f"on all {count} parameters")


def _print_report(console: Console, report: Report) -> None:
    """One experiment: a table of its numbers, and each reason once."""
    experiment = report.experiment
    console.print(f"[bold]{experiment.name}[/bold]: {experiment.about}")
    if report.trouble:
        _print_line(console, f"not compared: {report.trouble}\n\n", "red")
        return
    if report.missing:
        _print_line(console, f"skipped: {report.missing}\n\n", "dim")
        return
    table = Table(box=None, padding=(0, 1), header_style="dim")
    table.add_column("")
    table.add_column("document", justify="right")
    table.add_column("got", justify="right")
    table.add_column("")
    for row in report.rows:
        verdict = Text(row.verdict, style=COLOURS[row.verdict])
        table.add_row(row.name, row.printed or "—", row.got, verdict)
    console.print(table)
    for reason, names in _reasons(report.rows).items():
        _print_line(console, f"{names}: {reason}", "dim")
    console.print()


def _print_line(console: Console, text: str, style: str) -> None:
    """Print lines below an experiment, indented like its table; a subject's words in them do nothing."""
    for line in visible_lines(text):
        for part in wrapped(line, console.width - 2) or [""]:
            console.print(Text(harmless(f" {part}").rstrip(), style=style), soft_wrap=True)


def _print_summary(console: Console, reports: list[Report]) -> None:
    """Print the number of results of each kind."""
    counts = Counter(row.verdict for report in reports for row in report.rows)
    parts = [f"{verdict}: {counts[verdict]}" for verdict in COLOURS if counts[verdict] or verdict == WRONG]
    for kind, names in [
        ("skipped", [report.experiment.name for report in reports if report.missing]),
        ("not compared", [report.experiment.name for report in reports if report.trouble]),
    ]:
        parts += [f"{kind}: {', '.join(names)}"] if names else []
    console.print(f"{'; '.join(parts)}.")


def _reasons(rows: list[Row]) -> dict[str, str]:
    """The names of the rows for each reason."""
    names: dict[str, list[str]] = {}
    for row in rows:
        if row.reason:
            names.setdefault(row.reason, []).append(row.name.removeprefix("iteration "))
    return {reason: ", ".join(row_names) for reason, row_names in names.items()}
