"""What a log shows, as text and as an exit status."""

from __future__ import annotations

from dataclasses import dataclass

from nnspec.contract.errors import WrongUse
from nnspec.documents.experiments import Experiment
from nnspec.runs.envelope import Judgement
from nnspec.runs.printed_numbers import place
from nnspec.training_log import naming, power, report
from nnspec.training_log.comparison import counts_from_1, judge
from nnspec.training_log.log import Log

#: Fewer losses cannot be judged.
FEWEST = 3
CORRECT, WRONG, NOTHING_TO_JUDGE = 0, 1, 2


@dataclass(frozen=True)
class Verdict:
    """The text, and the exit status: 0 for a correct program's losses, 1 for others, 2 if there is nothing to judge."""

    text: str
    status: int


def verdict(log: Log, experiment: Experiment, precision: str, name: str) -> Verdict:
    """Judge a log, and name what explains it; raises WrongUse, with the log's name, if nothing in it can be judged."""
    if len(log) < FEWEST:
        raise WrongUse(
            f"{name} has fewer than {FEWEST} losses ({len(log)}). Give at least those of iterations 0, 10 and 20."
        )
    shift, judgement = _judgement(log, experiment, precision)
    if not judgement.points:
        raise WrongUse(
            f"{name}: none of these iterations of {experiment.name} can be judged. Print early ones, such as 0, 10, "
            "20, …"
        )
    text, status = _answer(log, experiment, precision, shift, judgement)
    return Verdict(f"{report.source(log, shift)}\n{text}", status)


def _judgement(log: Log, experiment: Experiment, precision: str) -> tuple[int, Judgement]:
    """The judgement of the losses as they are counted: −1 from 1, if the log shows it and they are not right from 0."""
    from_0 = judge(log, experiment, precision)
    if not counts_from_1(log, experiment) or (from_0.accepted and from_0.points):
        return 0, from_0
    return -1, judge(log, experiment, precision, -1)


def _answer(
    log: Log, experiment: Experiment, precision: str, shift: int, judgement: Judgement
) -> tuple[str, int]:
    """The text and the exit status; mistakes are tried before lower precision is said."""
    if judgement.accepted and log.nonfinite():
        return report.nonfinite(experiment, log), WRONG
    if judgement.accepted:
        hidden = power.hidden(log, experiment, precision, shift)
        return report.correct(experiment, precision, judgement, log, shift, hidden), CORRECT
    search = naming.search(log, experiment, precision)
    if search.fits:
        return report.named(experiment, precision, judgement, log, shift, search), WRONG
    if precision == "float64" and naming.is_float32(log, experiment, judgement, shift):
        return report.lower_precision(experiment, search), WRONG
    if begins_elsewhere(log, experiment, shift, judgement):
        return report.begins_elsewhere(experiment, judgement, log, shift), NOTHING_TO_JUDGE
    return report.unexplained(experiment, precision, judgement, log, shift, search), WRONG


def begins_elsewhere(log: Log, experiment: Experiment, shift: int, judgement: Judgement) -> bool:
    """Whether the first loss, of the document's first iteration, is another already."""
    first = min(log)
    at = place(experiment, first) + shift
    wrong = {point.iteration for point in judgement.points if not point.accepted}
    return at <= place(experiment, 0) and at in wrong and first not in log.nonfinite()
