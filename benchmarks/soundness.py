"""Measure that golden traces refuse no correct program, with programs that share no code with the reference.

    python benchmarks/soundness.py --keep FOLDER [--programs NAME ...] [--experiments NAME ...] [--processes N]
        [--render docs/soundness.md]

Every program of implementations/ and examples/ trains every experiment that has a golden trace, through the
harness's own transport. Each run is saved as FOLDER/PROGRAM/EXPERIMENT.npz: its losses, the results of the final
network, and the program's version; a saved run is judged without being made again. Exits with 1 if a correct program
is refused.
"""

from __future__ import annotations

import argparse
import itertools
import os
import platform
import shlex
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table

from nnspec.contract.errors import NoAnswer, Unreachable, Unsupported
from nnspec.contract.operations import PRECISIONS
from nnspec.documents.experiments import TRACED, Experiment
from nnspec.judging.agreement import Disagreement
from nnspec.judging.subject import Subject
from nnspec.reach.options import Options
from nnspec.reach.transports import open_transport
from nnspec.reference import Reference
from nnspec.reference.values import Array, Network
from nnspec.runs.envelope import GoldenTrace, Judgement, file_name, golden

ROOT = Path(__file__).parent.parent
#: Seconds that one run may take.
TIMEOUT = 7200.0


@dataclass(frozen=True)
class Program:
    """A correct program; ``place``: its TARGET under ROOT, or the arguments of ``command``."""

    name: str
    place: str
    precision: str = "float64"
    command: tuple[str, ...] = ()

    @property
    def options(self) -> Options:
        """The options that run it."""
        place, *rest = self.place.split()
        place = str(ROOT / place)
        if self.command:
            return Options(command=(*self.command, place, *rest), timeout=TIMEOUT)
        return Options(target=place, timeout=TIMEOUT)


def adapter(folder: str, *variants: str) -> Iterator[Program]:
    """The variants of an adapter in implementations/; those with float32 in their names have that precision."""
    for variant in variants:
        precision = "float32" if "float32" in variant else "float64"
        place = f"implementations/{folder}/adapter.py:{variant}"
        yield Program(f"{folder}-{variant.replace('_', '-')}", place, precision)


BOTH = ("float64", "float32")
FAST = ("fastmath", "fastmath_float32")
NODE, MAIN = ("node",), "implementations/javascript/main.js"

PROGRAMS = {
    program.name: program
    for program in [
        Program("plain-loops", "implementations/plain_loops/adapter.py"),
        *adapter("einsum", *BOTH),
        *adapter("torch", *BOTH),
        *adapter("jax", *BOTH),
        *adapter("autograd", *BOTH),
        *adapter("numba", *BOTH, *FAST),
        *adapter("c", *BOTH, *FAST),
        Program("javascript-float64", MAIN, command=NODE),
        Program("javascript-float32", f"{MAIN} --float32", "float32", NODE),
        *(
            Program(f"example-{name}", f"examples/{name}/adapter.py")
            for name in ("cs231n", "wildml", "roelants")
        ),
    ]
}


# ---- running ----


@dataclass(frozen=True)
class Run:
    """One run of a program: its losses, the final network's loss and how many examples it gets right."""

    program: str
    experiment: str
    maker: str
    losses: Array
    final: float
    correct: int

    @property
    def precision(self) -> str:
        """The precision of its program."""
        return PROGRAMS[self.program].precision

    def write(self, path: Path) -> None:
        """Save it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, losses=self.losses, final=self.final, correct=self.correct, maker=self.maker)


def load(folder: Path, program: Program, experiment: Experiment) -> Run | None:
    """The saved run, if there is one with all iterations."""
    path = path_of(folder, program.name, experiment.name)
    if not path.is_file():
        return None
    with np.load(path) as stored:
        values = {name: stored[name] for name in ("losses", "final", "correct", "maker")}
    if len(values["losses"]) < experiment.iterations:
        return None
    final, correct, maker = float(values["final"]), int(values["correct"]), str(values["maker"])
    return Run(program.name, experiment.name, maker, values["losses"], final, correct)


def path_of(folder: Path, program: str, experiment: str) -> Path:
    """The file of a run."""
    return folder / program / f"{experiment}.npz"


def runs(folder: Path, program: Program, experiments: list[Experiment]) -> list[Run]:
    """The runs of one program, saved or new; without the experiments that it does not support."""
    results = {experiment.name: load(folder, program, experiment) for experiment in experiments}
    missing = [experiment for experiment in experiments if results[experiment.name] is None]
    if missing:
        try:
            for run in make(program, missing):
                run.write(path_of(folder, run.program, run.experiment))
                results[run.experiment] = run
        except Unreachable as error:
            raise SystemExit(
                f"{program.name} cannot be run here; choose others with --programs.\n{error}"
            ) from None
    return [run for run in results.values() if run is not None]


def make(program: Program, experiments: list[Experiment]) -> Iterator[Run]:
    """Run a program on these experiments; raises RuntimeError for a call without an answer."""
    transport = open_transport(program.options)
    description = transport.description
    if description.precision != program.precision:
        raise RuntimeError(
            f"{program.name} is listed as {program.precision}, but describes {description.precision}"
        )
    maker = " ".join(filter(None, [description.name, description.version, f"({description.language})"]))
    try:
        for experiment in experiments:
            started = time.time()
            try:
                answer = Subject(transport).train(**experiment.training())
            except Unsupported:
                continue
            except (NoAnswer, Disagreement) as error:
                raise RuntimeError(f"{program.name}, {experiment.name}: {error}") from None
            print(f"{time.time() - started:6.1f} s  {program.name}: {experiment.name}", flush=True)
            ends = ending(experiment, answer["network"])
            yield Run(program.name, experiment.name, maker, np.asarray(answer["losses"]), *ends)
    finally:
        transport.close()


def ending(experiment: Experiment, network: Network) -> tuple[float, int]:
    """The loss of the final network, and how many examples it classifies correctly."""
    inputs, labels = experiment.examples()
    loss = Reference().loss(network, inputs, labels, experiment.objective)
    return float(loss), int((Reference().predict(network, inputs) == labels).sum())


# ---- judging ----


@dataclass(frozen=True)
class Result:
    """A run and its judgement."""

    run: Run
    trace: Judgement
    ends: list[str]

    @property
    def refused(self) -> bool:
        """Whether the run is refused."""
        return not self.trace.accepted or bool(self.ends)

    @property
    def reasons(self) -> str:
        """The reasons why it is refused."""
        first = self.trace.first
        reasons = [f"{first.kind} at iteration {first.iteration}: {first.share:.3g}"] if first else []
        return "; ".join([*reasons, *self.ends])


def judge(run: Run) -> Result:
    """Judge a run's losses and its end."""
    right = golden(run.experiment, run.precision)
    return Result(run, right.judge(run.losses), list(wrong_ends(run, right)))


def wrong_ends(run: Run, right: GoldenTrace) -> Iterator[str]:
    """The results of the final network that are wrong."""
    outcome = right.outcome
    if outcome.loss is not None and not outcome.loss[0] <= run.final <= outcome.loss[1]:
        yield f"final loss {run.final:.9g}, not {outcome.loss[0]:.9g} to {outcome.loss[1]:.9g}"
    if not outcome.correct[0] <= run.correct <= outcome.correct[1]:
        yield f"{run.correct} examples right, not {outcome.correct[0]} to {outcome.correct[1]}"


@dataclass(frozen=True)
class Row:
    """An experiment in one precision; worst: the greatest share of the tolerance of any program."""

    experiment: str
    precision: str
    programs: int
    losses: int
    refused: int
    worst: float
    whose: str

    HEADINGS = ("experiment", "precision", "programs", "losses", "refused", "worst share", "whose")

    @classmethod
    def of(cls, results: list[Result]) -> Row:
        """The row for all programs' runs of one experiment in one precision."""
        run, worst = results[0].run, max(results, key=lambda one: one.trace.worst)
        losses, refused = sum(len(one.trace.points) for one in results), sum(one.refused for one in results)
        return cls(
            run.experiment, run.precision, len(results), losses, refused, worst.trace.worst, worst.run.program
        )

    @property
    def cells(self) -> list[str]:
        """The cells of the row, as text."""
        counts = [str(number) for number in (self.programs, self.losses, self.refused)]
        return [self.experiment, self.precision, *counts, f"{self.worst:.3f}", self.whose]


def rows(results: list[Result]) -> Iterator[Row]:
    """A row for each experiment and precision."""
    for experiment, precision in itertools.product(TRACED, PRECISIONS):
        own = [one for one in results if (one.run.experiment, one.run.precision) == (experiment, precision)]
        if own:
            yield Row.of(own)


# ---- reports ----


def table(results: list[Result]) -> Table:
    """The table for the terminal."""
    grid = Table(box=box.SIMPLE)
    for heading in Row.HEADINGS:
        grid.add_column(heading, no_wrap=True)
    for row in rows(results):
        grid.add_row(*row.cells, style="red" if row.refused else "")
    return grid


def page(results: list[Result]) -> str:
    """The page for docs/."""
    refused = [one for one in results if one.refused]
    makers = {one.run.program: one.run.maker for one in results}
    return "\n".join(
        [
            "# Correct programs judged by the golden traces",
            "",
            f"{len(makers)} programs that share no code with the reference made {len(results)} runs. "
            f"The golden traces refuse {len(refused)} of them. Measured by `{command()}` with Python "
            f"{platform.python_version()} and NumPy {np.__version__} on {platform.machine()}. Every run went to the "
            "experiment's end, and is judged by its losses and its final network. The worst share is the greatest "
            "distance of any judged loss, as a share of its tolerance; a run above 1 is refused.",
            "",
            "| " + " | ".join(Row.HEADINGS) + " |",
            "|" + "---|" * len(Row.HEADINGS),
            *("| " + " | ".join(row.cells) + " |" for row in rows(results)),
            *section("Refused", (f"- {line(one)}" for one in refused)),
            *section("The programs", (f"- `{name}`: {maker}" for name, maker in makers.items())),
            "",
        ]
    )


def section(title: str, lines: Iterable[str]) -> list[str]:
    """A heading and the lines under it; empty if there are no lines."""
    lines = list(lines)
    return ["", f"## {title}", "", *lines] if lines else []


def line(one: Result) -> str:
    """A refused run in a line."""
    return f"`{one.run.program}`, {one.run.experiment}: {one.reasons}"


def command() -> str:
    """The command line, run from the root, without the folder's path."""
    words = ["FOLDER" if before == "--keep" else word for before, word in itertools.pairwise(sys.argv)]
    return shlex.join(["python", "benchmarks/soundness.py", *words])


# ---- the command ----


def arguments() -> argparse.Namespace:
    """The parsed command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--keep", type=Path, required=True, metavar="FOLDER", help="the folder of saved runs")
    parser.add_argument("--programs", nargs="+", choices=PROGRAMS, default=list(PROGRAMS), metavar="NAME")
    parser.add_argument("--experiments", nargs="+", choices=TRACED, default=list(TRACED), metavar="NAME")
    parser.add_argument("--processes", type=int, default=1, help="programs that run in parallel")
    parser.add_argument(
        "--render", type=Path, metavar="FILE", help="write the page, such as docs/soundness.md"
    )
    return parser.parse_args()


def main() -> None:
    """Run, judge and report."""
    options = arguments()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    experiments = [TRACED[name] for name in options.experiments]
    untraced = [e.name for e in experiments if not (ROOT / "golden" / file_name(e.name)).is_file()]
    if untraced:
        print(f"run but not judged, for want of a golden trace: {', '.join(untraced)}", flush=True)
    with ThreadPoolExecutor(options.processes) as pool:
        all_runs = pool.map(lambda name: runs(options.keep, PROGRAMS[name], experiments), options.programs)
        results = [judge(run) for own in all_runs for run in own if run.experiment not in untraced]
    Console(width=110).print(table(results))
    refused = [one for one in results if one.refused]
    for one in refused:
        print("refused:", line(one))
    if options.render:
        options.render.write_text(page(results), encoding="utf-8")
    sys.exit(bool(refused))


if __name__ == "__main__":
    main()
