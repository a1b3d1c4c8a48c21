"""The result of judging a log, in words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping

from nnspec.documents.experiments import Experiment
from nnspec.report.text import WIDTH
from nnspec.runs.envelope import CYCLE, Judgement, Point
from nnspec.runs.printed_numbers import place, unit
from nnspec.training_log import reading
from nnspec.training_log.naming import LAST_ITERATION, Fit, Search
from nnspec.training_log.reading import Loss

#: How many variants that fit as well are listed.
OTHERS = 4


def correct(experiment: Experiment, precision: str, judgement: Judgement, log: Mapping[int, Loss]) -> str:
    """For a log without a wrong loss."""
    judged = len(judgement.points)
    rest = len(log) - judged
    sentence = f"{experiment.name}: {_count(judged, 'loss')} judged, none wrong ({precision})."
    return _fill(sentence + (f" {_count(rest, 'other loss')} cannot be judged." if rest else ""))


def lower_precision(experiment: Experiment) -> str:
    """For a log of a program in float32 that is judged as float64."""
    return _fill(
        f"{experiment.name}: a program in float64 does not print these losses, but one in float32 does. "
        "Something is computed in float32, perhaps only a constant; if everything should be, use "
        "--precision float32."
    )


def nonfinite(experiment: Experiment, log: Mapping[int, Loss]) -> str:
    """For a log whose losses are correct until they are nan or infinite."""
    return _fill(f"{experiment.name}: {_nonfinite(log)}")


def incorrect(
    experiment: Experiment, precision: str, judgement: Judgement, log: Mapping[int, Loss], search: Search
) -> str:
    """For a log with wrong losses: the first one, and the variants that print the log."""
    first = judgement.first
    assert first is not None
    wrong = sum(not point.accepted for point in judgement.points)
    return "\n".join(
        [
            _fill(
                f"{experiment.name}: {wrong} of {_count(len(judgement.points), 'loss')} judged "
                f"{'is' if wrong == 1 else 'are'} wrong ({precision})."
            ),
            _fill(_first(experiment, first, log)),
            "",
            *(_variants(search) if search.fits else [_fill(_unexplained(search, log))]),
        ]
    )


def _first(experiment: Experiment, point: Point, log: Mapping[int, Loss]) -> str:
    """The first wrong loss, as it was printed."""
    iteration = next(i for i in log if place(experiment, i) == point.iteration)
    per = unit(experiment)
    expected = " or ".join(f"{each / per:.9g}" for each in point.expected)
    turns = " in turn" if point.kind == CYCLE and len(point.expected) > 1 else ""
    tolerance = f"{point.tolerance / per:.1e}"
    return (
        f"iteration {iteration}: got {log[iteration].value:.9g}, expected {expected}{turns} (± {tolerance})"
    )


def _variants(search: Search) -> Iterator[str]:
    """The best fit, how sure it is, and the other variants that fit."""
    best, *others = search.fits
    yield _fill(best.variant.about)
    yield _fill(f"Fix: {best.variant.fix}", "  ")
    yield _fill(_certainty(best, search), "  ")
    if others:
        yield ""
        yield _fill("These losses do not distinguish it from:")
        for fit in others[:OTHERS]:
            yield _fill(f"{fit.variant.about} ({_count(fit.losses, 'loss')})", "- ", "  ")
        if len(others) > OTHERS:
            yield f"- and {_count(len(others) - OTHERS, 'other')}"


def _certainty(best: Fit, search: Search) -> str:
    """How sure it is that this variant printed the losses."""
    evidence = (
        f"it prints {best.losses} of these losses to the last digit; {best.evidence} of them "
        f"{'differs' if best.evidence == 1 else 'differ'} from a correct program's"
    )
    if not best.sure:
        return f"Not sure: {evidence}. Print more losses, or more digits."
    if len(search.fits) > 1:
        return f"I{evidence[1:]}."
    return f"Sure: {evidence}, and no other of {_count(search.variants, 'variant')} fits."


def _nonfinite(log: Mapping[int, Loss]) -> str:
    return (
        f"From iteration {min(reading.nonfinite(log))} on, losses are nan or infinite, which many mistakes cause. "
        "Print earlier losses, such as those of iterations 0, 1, 2, …"
    )


def _unexplained(search: Search, log: Mapping[int, Loss]) -> str:
    """Why no variant is named."""
    if reading.nonfinite(log):
        return _nonfinite(log)
    if not search.losses:
        return (
            "Unexplained: no variant has known losses at these iterations. Print losses of early iterations, such as "
            "0, 10, 20, …: for the documents' own runs, some later ones are known too; for other runs, only those to "
            f"iteration {LAST_ITERATION}."
        )
    rest = "" if search.complete else " The time ran out before all variants were compared."
    return (
        f"Unexplained: none of {_count(search.variants, 'variant')} (mistakes, constants, seeds, initial weights, ways "
        f"to log) prints these losses.{rest} Check the functions one by one with nnspec check."
    )


def _count(number: int, noun: str) -> str:
    plural = f"{noun}es" if noun.endswith("ss") else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"


def _fill(text: str, indent: str = "", rest: str | None = None) -> str:
    return textwrap.fill(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent if rest is None else rest
    )
