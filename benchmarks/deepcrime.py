"""Measure what nnspec says of mutants that are not ours: DeepCrime's, in a program that shares no code with it.

    python benchmarks/deepcrime.py --keep FOLDER [--all] [--render docs/deepcrime.md] [MUTANT ...]

Every mutant of deepcrime_mutants.py is checked by the quick tests, or by all of them, and ``nnspec trace`` judges the
logs that it prints for four of the documents' experiments. A sentence of a report is true of a mutant if
deepcrime_truth.toml says so; every other one counts as wrong until somebody has looked. Prints a line for each mutant
and each of its logs, and the totals. What is stored in FOLDER is not measured again.
"""

from __future__ import annotations

import argparse
import platform
import warnings
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import deepcrime_page
import numpy as np
from deepcrime_mutants import MUTANTS, OPERATORS, identifier, program
from deepcrime_program import whole
from deepcrime_results import (
    MISSED,
    OR,
    RIGHTLY,
    SAME,
    SHORT,
    Log,
    Mutant,
    Results,
    checks,
    logs,
    observed_alone,
    of_check,
    of_log,
    share,
    truths,
    wrong_sentences,
)

from nnspec.documents.experiments import TRACED, Experiment
from nnspec.reach.options import Options
from nnspec.report.paragraphs import OTHERS
from nnspec.report.record import FORM, IGNORED, Record
from nnspec.runs.printed_numbers import place, unit
from nnspec.suite.check import check
from nnspec.training_log import naming, reading, report
from nnspec.training_log.comparison import judge
from nnspec.training_log.verdict import FEWEST, begins_elsewhere

#: The iterations whose losses are printed: the document's, and for the others its first hundred.
PRINTED = {
    "spiral-linear": range(0, 200, 10),
    "spiral-relu": range(0, 101, 10),
    "moons-tanh": range(0, 101, 10),
    "circles-momentum": range(0, 101, 10),
}
#: What is kept of the answer that a log begins elsewhere, and what is added where its first loss is after an update.
ELSEWHERE = (
    "the log begins elsewhere: other initial weights or other data, or another loss, as with another penalty or with "
    "dropout"
)
FIRST_UPDATE = ", or another first update"
#: What a report says of an operation that stays unexplained: it names nothing.
WHERE_TO_LOOK = ": look at "
#: The program without a switch.
RIGHT: Any = whole


# ---- check ----


def checked(name: str, *, quick: bool) -> Record:
    """The record of a check of the mutant."""
    target = Path(__file__).with_name("deepcrime_mutants.py")
    return check(Options(target=f"{target}:{identifier(name)}", quick=quick), lambda _: None)


def sentences(record: Record) -> Iterator[str]:
    """What the report says of the causes: faults of form, ignored arguments, mistakes, relations, and alternatives."""
    for observation in record.observed(FORM, IGNORED):
        yield f"{observation.operation}: {observation.message}"
    left = {planned.case for planned, _ in (*record.failures, *record.should_failures)}
    for finding in record.findings:
        asked_alone = finding.wrong and not finding.cases
        if asked_alone or (finding.wrong and left.intersection(finding.cases)):
            left.difference_update(finding.cases)
            yield from (f"{finding.operation}: {sentence}" for sentence in finding.wrong)
            yield from (f"{OR}{finding.operation}: {sentence}" for sentence in finding.others[:OTHERS])


# ---- trace ----


def printed(mutated: Any, experiment: Experiment) -> str:
    """The log of the experiment as the program prints it, in lines of an iteration and a loss."""
    iterations = PRINTED[experiment.name]
    training = experiment.training(place(experiment, iterations[-1]) + 1)
    recipe = experiment.initialization
    normals = experiment.normals.parameters(experiment.sizes, recipe["biases"] == "normals")
    training["network"] = mutated.initialize(normals, [*experiment.sizes], experiment.activation, recipe)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        losses = mutated.train(**training)["losses"]
    return "\n".join(
        f"iteration {i}: loss {losses[place(experiment, i)] / unit(experiment):.6f}"
        for i in iterations
        if place(experiment, i) < len(losses)
    )


@cache
def right(name: str) -> str:
    """The log of the program without a switch."""
    return printed(RIGHT, TRACED[name])


def judged(text: str, experiment: Experiment) -> Log:
    """What ``nnspec trace`` says of a log."""
    if right(experiment.name).startswith(text):  # one that ends early shows no wrong loss
        return Log(SAME)
    if len(text.splitlines()) < FEWEST:
        return Log(SHORT)
    log = reading.read(text, "the log")
    judgement = judge(log, experiment, "float64")
    if judgement.accepted:
        return Log("accepted")
    prefix = f"log {experiment.name}: "
    search = naming.search(log, experiment, "float64")
    named = [prefix + fit.variant.about for fit in search.fits]
    if not named and naming.is_float32(log, experiment, judgement):
        named = [prefix + " ".join(report.lower_precision(experiment, search).split())]
    elif not named and begins_elsewhere(log, experiment, 0, judgement):
        updated = place(experiment, min(log)) > 0
        named = [prefix + ELSEWHERE + (FIRST_UPDATE if updated else "")]
    return Log("wrong", (*named[:1], *(OR + other for other in named[1 : 1 + report.OTHERS])))


# ---- the whole ----


def measure(name: str, *, quick: bool) -> Mutant:
    """Check the mutant, and judge its logs."""
    record = checked(name, quick=quick)
    if record.failed or record.errors or record.unreachable:
        raise RuntimeError(f"{name}: {record.failed} {record.errors} {record.unreachable}")
    names = tuple(dict.fromkeys(each for finding in record.findings for each in finding.names))
    said = tuple(each for each in dict.fromkeys(sentences(record)) if WHERE_TO_LOOK not in each)
    observed = len(record.observed(FORM, IGNORED))
    runs = {run: judged(printed(program(name), TRACED[run]), TRACED[run]) for run in PRINTED}
    return Mutant(bool(record.wrong), len(record.failures), said, names, observed, runs)


def line(name: str, mutant: Mutant) -> str:
    """The mutant, whether it is refused, and what nnspec says of it; × marks what is not known to be true."""
    truth = truths()[name]

    def marked(said: tuple[str, ...]) -> str:
        return " · ".join(f"× {each}" if truth.wrong([each]) else each for each in said)

    runs = [
        f"    {run}: {of_log(name, log)}  {marked(log.sentences)}".rstrip()
        for run, log in mutant.logs.items()
    ]
    refused = f"refused ({mutant.failed} tests)" if mutant.refused else "accepted"
    return "\n".join(
        [f"{name}: {refused}, {of_check(name, mutant)}  {marked(mutant.sentences)}".rstrip(), *runs]
    )


def totals(results: Results) -> str:
    """The figures that matter, in a few lines."""
    outcomes, printed_logs = checks(results), logs(results)
    wrong = list(wrong_sentences(results))
    return "\n".join(
        [
            f"{len(results.mutants)} mutants of {len(OPERATORS)} operators",
            f"check: named {share(outcomes)}; {dict(outcomes)}",
            f"trace: named {share(printed_logs)}; {dict(printed_logs)}",
            f"named by what is found of arguments and forms alone: {observed_alone(results)}",
            f"accepted without a reason: {outcomes[MISSED]}, with one: {outcomes[RIGHTLY]}",
            f"sentences not known to be true: {len(wrong)}, of {len({name for name, _ in wrong})} mutants",
        ]
    )


def made(*, quick: bool) -> dict[str, str]:
    """What the results were measured with."""
    command = "python benchmarks/deepcrime.py --keep FOLDER" + ("" if quick else " --all")
    versions = {"nnspec": version("nnspec"), "Python": platform.python_version(), "NumPy": np.__version__}
    return {"command": command, "tests": "quick" if quick else "all", **versions}


def arguments() -> Any:
    """The parsed command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="MUTANT", help="such as 'HLR 0.01' or the operator HLR")
    parser.add_argument(
        "--keep", type=Path, required=True, metavar="FOLDER", help="the folder of the results"
    )
    parser.add_argument("--all", action="store_true", help="by all tests, not only the quick ones")
    parser.add_argument(
        "--render", type=Path, metavar="FILE", help="write the page, such as docs/deepcrime.md"
    )
    return parser.parse_args()


def main() -> None:
    """Measure what is not stored, print it, and render the page."""
    options = arguments()
    quick = not options.all
    file = options.keep / f"deepcrime-{'quick' if quick else 'all'}.json"
    results = Results.read(file) if file.exists() else Results(made(quick=quick))
    wanted = [
        name for name in MUTANTS if not options.names or {name, name.partition(" ")[0]} & {*options.names}
    ]
    for name in wanted:
        if name not in results.mutants:
            results.mutants[name] = measure(name, quick=quick)
            results.write(file)
        print(line(name, results.mutants[name]), flush=True)
    shown = Results(results.made, {name: results.mutants[name] for name in wanted})
    print(totals(shown))
    if options.render:
        options.render.write_text(deepcrime_page.page(shown), encoding="utf-8")


if __name__ == "__main__":
    main()
