"""What came of a log, in words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping

from nnspec.documents.experiments import Experiment
from nnspec.report.text import WIDTH
from nnspec.runs.envelope import CYCLE, Judgement, Point
from nnspec.runs.printed_numbers import place, unit
from nnspec.training_log import reading
from nnspec.training_log.naming import LIVE, Fit, Search
from nnspec.training_log.reading import Loss

#: Variants that fit as well, and are named.
OTHERS = 4


def right(experiment: Experiment, precision: str, judgement: Judgement, log: Mapping[int, Loss]) -> str:
    """Where no loss is wrong."""
    judged = len(judgement.points)
    rest = len(log) - judged
    told = f"{experiment.name}: {_count(judged, 'loss')} judged, each as a correct program in {precision} has it."
    return _filled(told + (f" {_count(rest, 'other loss')} cannot be judged." if rest else ""))


def only_lower(experiment: Experiment) -> str:
    """Where they are those of a program in float32."""
    return _filled(
        f"{experiment.name}: these losses are not those of a program in float64, but of one in float32. "
        "Something is computed in float32, if only a constant; if all is meant to be, say --precision float32."
    )


def lost(experiment: Experiment, log: Mapping[int, Loss]) -> str:
    """Where only those are right that come before the first that is no number."""
    return _filled(f"{experiment.name}: {_lost(log)}")


def wrong(
    experiment: Experiment, precision: str, judgement: Judgement, log: Mapping[int, Loss], found: Search
) -> str:
    """What is wrong first, and what prints it."""
    first = judgement.first
    assert first is not None
    amiss = sum(not point.accepted for point in judgement.points)
    return "\n".join(
        [
            _filled(
                f"{experiment.name}: {amiss} of {_count(len(judgement.points), 'loss')} judged "
                f"{'is' if amiss == 1 else 'are'} wrong, as {precision}."
            ),
            _filled(_first(experiment, first, log)),
            "",
            *(_named(found) if found.fits else [_filled(_unexplained(found, log))]),
        ]
    )


def _first(experiment: Experiment, point: Point, log: Mapping[int, Loss]) -> str:
    """The first wrong loss, as it was printed."""
    iteration = next(i for i in log if place(experiment, i) == point.iteration)
    per = unit(experiment)
    expected = " or ".join(f"{each / per:.9g}" for each in point.expected)
    after = ", one after the other in any order" if point.kind == CYCLE and len(point.expected) > 1 else ""
    return f"iteration {iteration}: {log[iteration].value:.9g}, not {expected}{after}, within {point.tolerance / per:.1e}"


def _named(found: Search) -> Iterator[str]:
    """The best fit, how sure that is, and what else fits."""
    best, *others = found.fits
    yield _filled(best.variant.about)
    yield _filled(f"Fix: {best.variant.fix}", "  ")
    yield _filled(_sure(best, found), "  ")
    if others:
        yield ""
        yield _filled("These losses cannot tell it from:")
        for fit in others[:OTHERS]:
            yield _filled(f"{fit.variant.about} ({_count(fit.compared, 'loss')})", "- ", "  ")
        if len(others) > OTHERS:
            yield f"- and {_count(len(others) - OTHERS, 'other')}"


def _sure(best: Fit, found: Search) -> str:
    """How sure it is that this is what printed the losses."""
    told = (
        f"it prints {_count(best.compared, 'loss')} of these, to the last digit; {best.telling} of them "
        f"{'is' if best.telling == 1 else 'are'} not what a correct program prints"
    )
    if not best.sure:
        return f"Not sure: {told}. More losses, or more digits, would tell."
    if len(found.fits) > 1:
        return f"I{told[1:]}."
    return f"Sure: {told}, and nothing else of {_count(found.tried, 'variant')} does."


def _lost(log: Mapping[int, Loss]) -> str:
    return (
        f"From iteration {min(reading.lost(log))} on, losses are no numbers, to which many mistakes lead. Print "
        "earlier ones, such as those of iterations 0, 1, 2, …"
    )


def _unexplained(found: Search, log: Mapping[int, Loss]) -> str:
    """Why nothing is named."""
    if reading.lost(log):
        return _lost(log)
    if not found.known:
        return (
            "What printed them is not looked for: print losses of early iterations, such as 0, 10, 20, …; those of "
            f"the documents' own runs are known at some later ones, of others to iteration {LIVE}."
        )
    rest = "" if found.whole else " The time was up before all were tried."
    return (
        f"Unexplained: none of {_count(found.tried, 'variant')} (mistakes, constants, seeds, initial weights, ways to "
        f"log) prints these losses.{rest} Check the functions one by one with nnspec check."
    )


def _count(number: int, what: str) -> str:
    plural = f"{what}es" if what.endswith("ss") else f"{what}s"
    return f"{number} {what if number == 1 else plural}"


def _filled(told: str, indent: str = "", rest: str | None = None) -> str:
    return textwrap.fill(
        told, WIDTH, initial_indent=indent, subsequent_indent=indent if rest is None else rest
    )
