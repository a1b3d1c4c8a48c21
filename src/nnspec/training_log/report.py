"""The result of judging a log, in words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from nnspec.documents.experiments import EXPERIMENTS, Experiment
from nnspec.report.text import SHORT, WIDTH, visible
from nnspec.runs.envelope import CYCLE, Judgement, Point, golden
from nnspec.runs.printed_numbers import place, unit
from nnspec.training_log.columns import ORDER, UNNAMED
from nnspec.training_log.comparison import EARLY, Fit
from nnspec.training_log.labels import (
    COUNTER,
    FIRST,
    HEADER,
    NAMELESS,
    OTHER_DATA,
    PART,
    WITHOUT_WORDS,
    loss_rank,
)
from nnspec.training_log.log import Log
from nnspec.training_log.naming import Search
from nnspec.training_log.power import Hidden

#: How many variants that fit as well, and how many losses that were not read, are listed.
OTHERS = 4
#: How a counter without a name of its own is called.
COUNTERS = {
    HEADER: "the iteration in the line above",
    COUNTER: "the counter",
    FIRST: "the first number",
}


def source(log: Log, shift: int) -> str:
    """What was read as the losses and as their iterations."""
    sentences = [f"Read {_loss_and_counter(log)}: {_count(len(log), 'loss')}, {min(log)} to {max(log)}."]
    if log.other_losses:
        names = [f"“{visible(name, SHORT[0])}”" for name in log.other_losses[:OTHERS]]
        more = len(log.other_losses) - OTHERS
        names += [_count(more, "other")] if more > 0 else []
        sentences.append(f"Not read: {', '.join(names)}.")
    rank = loss_rank(log.loss) or 0.0
    if PART <= rank < OTHER_DATA:
        sentences.append("This is a part of the loss: print the whole objective, with the penalty.")
    elif OTHER_DATA <= rank < WITHOUT_WORDS:
        sentences.append("This is not the loss on the training data: print that one.")
    if log.in_float32:
        sentences.append("These are float32 numbers, as TensorBoard stores them: no more digits are judged.")
    if shift:
        sentences.append(
            f"Iterations are counted from 1: iteration {min(log)} of the log is the document's {min(log) + shift}."
        )
    return _fill(" ".join(sentences))


def _loss_and_counter(log: Log) -> str:
    """The words that were read, as “loss” as the loss and “iteration” as the iteration."""
    nameless = log.loss in (NAMELESS, UNNAMED)
    loss = "the numbers without a name" if nameless else f"“{visible(log.loss, SHORT[0])}”"
    if log.counter == ORDER:
        return f"{loss} as the loss, counted from 0"
    counter = COUNTERS.get(log.counter, f"“{visible(log.counter, SHORT[0])}”")
    return f"{loss} as the loss and {counter} as the iteration"


def correct(
    experiment: Experiment, precision: str, judgement: Judgement, log: Log, shift: int, hidden: Hidden
) -> str:
    """For a log without a wrong loss: what was judged, and what it could not have shown."""
    judged = len(judgement.points)
    rest = len(log) - judged
    sentences = [f"{experiment.name}: {_count(judged, 'loss')} judged, none wrong ({precision})."]
    if rest > 0:
        sentences.append(f"{_count(rest, 'other loss')} cannot be judged.")
    paragraphs = [" ".join(sentences)]
    end = experiment.iterations - 1
    if _stops_early(log, end, shift):
        paragraphs.append(
            f"The log stops at iteration {max(log)}, and the document's run goes on to iteration {end - shift}: what "
            "goes wrong later does not show."
        )
    if hidden.hidden:
        paragraphs.append(
            f"These digits would not have shown {hidden.hidden} of the {hidden.known} known mistakes that change these "
            "losses: print more digits."
        )
    return "\n".join(map(_fill, paragraphs))


def _stops_early(log: Log, end: int, shift: int) -> bool:
    """Whether the log has room for another loss before the document's run ends."""
    *_, before, last = sorted(log)
    return last + shift + (last - before) <= end


def lower_precision(experiment: Experiment, search: Search) -> str:
    """For a log of a program in float32 that is judged as float64, and that no variant prints."""
    return _fill(
        f"{experiment.name}: a program in float64 does not print these losses, but one in float32 does, and none of "
        f"{_count(search.variants, 'variant')} (mistakes, constants, initial weights) does. Something is computed in "
        "float32, perhaps only a constant; if everything should be, use --precision float32."
    )


def nonfinite(experiment: Experiment, log: Log) -> str:
    """For a log whose losses are correct until they are nan or infinite."""
    return _fill(f"{experiment.name}: {_nonfinite(log)}")


def named(
    experiment: Experiment, precision: str, judgement: Judgement, log: Log, shift: int, search: Search
) -> str:
    """For a log with wrong losses: the first one, and the variants that print the log."""
    return "\n".join([*_wrong(experiment, precision, judgement, log, shift), "", *_variants(search)])


def unexplained(
    experiment: Experiment, precision: str, judgement: Judgement, log: Log, shift: int, search: Search
) -> str:
    """For a log with wrong losses that no variant prints."""
    return "\n".join(
        [*_wrong(experiment, precision, judgement, log, shift), "", _fill(_unexplained(search, log))]
    )


def begins_elsewhere(experiment: Experiment, judgement: Judgement, log: Log, shift: int) -> str:
    """For a log whose first loss is another already: how to begin where the document begins."""
    first = judgement.first
    assert first is not None
    at_start = place(experiment, min(log)) + shift == 0
    before = "before any update" if at_start else "after one update"
    reason = "computes another loss, as with another penalty or with dropout"
    reason += "" if at_start else ", or makes another first update"
    start = golden(experiment.name, "float64").losses[0] / unit(experiment)
    table = "EXPERIMENTS" if experiment.name in EXPERIMENTS else "TRACED"
    return "\n".join(
        [
            _fill(
                f"{experiment.name}: the log begins elsewhere. The first loss, {before}, is another already, and no "
                f"known mistake prints it: the program has other initial weights or other data, or {reason}. "
                "Losses can only be judged from where the document begins."
            ),
            _fill(_first(experiment, first, log, shift)),
            "",
            _fill(
                "Fix: begin with the document's data and initial weights, at which the loss is "
                f"{start:.9g} before any update, and print the losses again:"
            ),
            "",
            f"  from nnspec.experiments import {table}",
            f'  start = {table}["{experiment.name}"].training()',
            '  start["inputs"], start["labels"]',
            '  start["network"]["weights"], start["network"]["biases"]',
        ]
    )


def _wrong(
    experiment: Experiment, precision: str, judgement: Judgement, log: Log, shift: int
) -> Iterator[str]:
    """How many losses are wrong, and the first of them."""
    first = judgement.first
    assert first is not None
    wrong = sum(not point.accepted for point in judgement.points)
    yield _fill(
        f"{experiment.name}: {wrong} of {_count(len(judgement.points), 'loss')} judged "
        f"{'is' if wrong == 1 else 'are'} wrong ({precision})."
    )
    yield _fill(_first(experiment, first, log, shift))


def _first(experiment: Experiment, point: Point, log: Log, shift: int) -> str:
    """The first wrong loss, as it was printed."""
    iteration = next(i for i in log if place(experiment, i) + shift == point.iteration)
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


def _nonfinite(log: Log) -> str:
    return (
        f"From iteration {min(log.nonfinite())} on, losses are nan or infinite, which many mistakes cause. "
        "Print earlier losses, such as those of iterations 0, 1, 2, …"
    )


def _unexplained(search: Search, log: Log) -> str:
    """Why no variant is named."""
    if log.nonfinite():
        return _nonfinite(log)
    if not search.losses:
        return (
            "Unexplained: no variant has known losses at these iterations. Print losses of early iterations, such as "
            f"0, 10, 20, …, {EARLY}."
        )
    rest = "" if search.complete else " Not all pairs of them were compared: that would take too long."
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
