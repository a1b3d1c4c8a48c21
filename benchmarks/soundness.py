"""Measure that golden traces refuse no correct program: run those that share no code with the reference, and judge.

    python benchmarks/soundness.py --keep FOLDER [--programs NAME ...] [--experiments NAME ...] [--processes N]
        [--render docs/soundness.md]

Every program of implementations/ and examples/ trains every experiment that has a golden trace, through the
harness's own transport. Each run is kept as FOLDER/PROGRAM/EXPERIMENT.npz: its losses, what the final network comes
to, and who made it; one that is there already is judged without being made again. Exits with 1 where a correct
program is refused.
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
    """A correct program; ``place`` is what follows ROOT in its TARGET or, for ``command``, in its last words."""

    name: str
    place: str
    precision: str = "float64"
    command: tuple[str, ...] = ()

    @property
    def options(self) -> Options:
        """How it is reached."""
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
        """What its program computes in."""
        return PROGRAMS[self.program].precision

    def write(self, path: Path) -> None:
        """Keep it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, losses=self.losses, final=self.final, correct=self.correct, maker=self.maker)


def kept(folder: Path, program: Program, experiment: Experiment) -> Run | None:
    """The run that was kept, if there is one of all iterations."""
    path = path_of(folder, program.name, experiment.name)
    if not path.is_file():
        return None
    with np.load(path) as stored:
        told = {name: stored[name] for name in ("losses", "final", "correct", "maker")}
    if len(told["losses"]) < experiment.iterations:
        return None
    final, correct, maker = float(told["final"]), int(told["correct"]), str(told["maker"])
    return Run(program.name, experiment.name, maker, told["losses"], final, correct)


def path_of(folder: Path, program: str, experiment: str) -> Path:
    """Where a run is kept."""
    return folder / program / f"{experiment}.npz"


def runs(folder: Path, program: Program, experiments: list[Experiment]) -> list[Run]:
    """The runs of one program, made where they were not kept; without those that it does not support."""
    found = {experiment.name: kept(folder, program, experiment) for experiment in experiments}
    missing = [experiment for experiment in experiments if found[experiment.name] is None]
    if missing:
        try:
            for run in make(program, missing):
                run.write(path_of(folder, run.program, run.experiment))
                found[run.experiment] = run
        except Unreachable as error:
            raise SystemExit(
                f"{program.name} cannot be run here; leave it out by --programs.\n{error}"
            ) from None
    return [run for run in found.values() if run is not None]


def make(program: Program, experiments: list[Experiment]) -> Iterator[Run]:
    """Run a program on these experiments; raises what came instead of an answer."""
    transport = open_transport(program.options)
    told = transport.description
    if told.precision != program.precision:
        raise RuntimeError(f"{program.name} says that it computes in {told.precision}")
    maker = " ".join(filter(None, [told.name, told.version, f"({told.language})"]))
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
    """The loss of the final network, and how many examples it classifies as they are labelled."""
    inputs, labels = experiment.examples()
    loss = Reference().loss(network, inputs, labels, experiment.objective)
    return float(loss), int((Reference().predict(network, inputs) == labels).sum())


# ---- judging ----


@dataclass(frozen=True)
class Judged:
    """A run and what came of it."""

    run: Run
    trace: Judgement
    ends: list[str]

    @property
    def refused(self) -> bool:
        """Whether anything was wrong with it."""
        return not self.trace.accepted or bool(self.ends)

    @property
    def reasons(self) -> str:
        """What was wrong."""
        first = self.trace.first
        told = [f"{first.kind} at iteration {first.iteration}: {first.share:.3g}"] if first else []
        return "; ".join([*told, *self.ends])


def judged(run: Run) -> Judged:
    """Its losses, and what it ended with."""
    right = golden(run.experiment, run.precision)
    return Judged(run, right.judge(run.losses), list(wrong_ends(run, right)))


def wrong_ends(run: Run, right: GoldenTrace) -> Iterator[str]:
    """What the final network should not have come to."""
    outcome = right.outcome
    if outcome.loss is not None and not outcome.loss[0] <= run.final <= outcome.loss[1]:
        yield f"final loss {run.final:.9g}, not {outcome.loss[0]:.9g} to {outcome.loss[1]:.9g}"
    if not outcome.correct[0] <= run.correct <= outcome.correct[1]:
        yield f"{run.correct} examples right, not {outcome.correct[0]} to {outcome.correct[1]}"


@dataclass(frozen=True)
class Row:
    """An experiment in one precision; worst: the greatest share of the tolerance that any program takes up."""

    experiment: str
    precision: str
    programs: int
    losses: int
    refused: int
    worst: float
    whose: str

    HEADINGS = ("experiment", "precision", "programs", "losses", "refused", "worst share", "whose")

    @classmethod
    def of(cls, these: list[Judged]) -> Row:
        """Of all programs' runs of one experiment in one precision."""
        run, worst = these[0].run, max(these, key=lambda one: one.trace.worst)
        losses, refused = sum(len(one.trace.points) for one in these), sum(one.refused for one in these)
        return cls(
            run.experiment, run.precision, len(these), losses, refused, worst.trace.worst, worst.run.program
        )

    @property
    def cells(self) -> list[str]:
        """As they are printed."""
        counts = [str(number) for number in (self.programs, self.losses, self.refused)]
        return [self.experiment, self.precision, *counts, f"{self.worst:.3f}", self.whose]


def rows(all_judged: list[Judged]) -> Iterator[Row]:
    """Experiment by experiment."""
    for experiment, precision in itertools.product(TRACED, PRECISIONS):
        these = [j for j in all_judged if (j.run.experiment, j.run.precision) == (experiment, precision)]
        if these:
            yield Row.of(these)


# ---- telling ----


def table(all_judged: list[Judged]) -> Table:
    """For the terminal."""
    made = Table(box=box.SIMPLE)
    for heading in Row.HEADINGS:
        made.add_column(heading, no_wrap=True)
    for row in rows(all_judged):
        made.add_row(*row.cells, style="red" if row.refused else "")
    return made


def page(all_judged: list[Judged]) -> str:
    """For docs/."""
    refused = [one for one in all_judged if one.refused]
    makers = {one.run.program: one.run.maker for one in all_judged}
    return "\n".join(
        [
            "# What golden traces say of correct programs",
            "",
            f"{len(makers)} programs that share no code with the reference made {len(all_judged)} runs, "
            f"of which golden traces refuse {len(refused)}. Measured by `{command()}` with Python "
            f"{platform.python_version()} and NumPy {np.__version__} on {platform.machine()}. Every run went to the "
            "experiment's end; it is judged by its losses and by what it ended with. The worst share is the greatest "
            "distance of any judged loss as a share of its tolerance: above 1 it is refused.",
            "",
            "| " + " | ".join(Row.HEADINGS) + " |",
            "|" + "---|" * len(Row.HEADINGS),
            *("| " + " | ".join(row.cells) + " |" for row in rows(all_judged)),
            *section("Refused", (f"- {told(one)}" for one in refused)),
            *section("The programs", (f"- `{name}`: {maker}" for name, maker in makers.items())),
            "",
        ]
    )


def section(title: str, lines: Iterable[str]) -> list[str]:
    """A heading and what stands under it; nothing where nothing does."""
    lines = list(lines)
    return ["", f"## {title}", "", *lines] if lines else []


def told(one: Judged) -> str:
    """A refused run in a line."""
    return f"`{one.run.program}`, {one.run.experiment}: {one.reasons}"


def command() -> str:
    """What was typed, as seen from the root, without the folder's place."""
    words = ["FOLDER" if before == "--keep" else word for before, word in itertools.pairwise(sys.argv)]
    return shlex.join(["python", "benchmarks/soundness.py", *words])


# ---- the command ----


def arguments() -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--keep", type=Path, required=True, metavar="FOLDER", help="where runs are kept")
    parser.add_argument("--programs", nargs="+", choices=PROGRAMS, default=list(PROGRAMS), metavar="NAME")
    parser.add_argument("--experiments", nargs="+", choices=TRACED, default=list(TRACED), metavar="NAME")
    parser.add_argument("--processes", type=int, default=1, help="programs that run side by side")
    parser.add_argument(
        "--render", type=Path, metavar="FILE", help="write the page, such as docs/soundness.md"
    )
    return parser.parse_args()


def main() -> None:
    """Run, judge and tell."""
    asked = arguments()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    experiments = [TRACED[name] for name in asked.experiments]
    untraced = [e.name for e in experiments if not (ROOT / "golden" / file_name(e.name)).is_file()]
    if untraced:
        print(f"no golden trace, so only run: {', '.join(untraced)}", flush=True)
    with ThreadPoolExecutor(asked.processes) as pool:
        made = pool.map(lambda name: runs(asked.keep, PROGRAMS[name], experiments), asked.programs)
        all_judged = [judged(run) for one in made for run in one if run.experiment not in untraced]
    Console(width=110).print(table(all_judged))
    refused = [one for one in all_judged if one.refused]
    for one in refused:
        print("refused:", told(one))
    if asked.render:
        asked.render.write_text(page(all_judged), encoding="utf-8")
    sys.exit(bool(refused))


if __name__ == "__main__":
    main()
