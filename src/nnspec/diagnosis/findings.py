"""What a diagnosis reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from nnspec.diagnosis.suspects import Mistakes
from nnspec.mistakes import Mistake
from nnspec.mistakes.choices import (
    Choice,
    with_activation,
    with_loss_and_gradient,
    with_penalty_and_gradient,
)
from nnspec.report.record import Explained
from nnspec.specification.chapters import summary


@dataclass
class Finding:
    """What explains wrong answers of an operation; they are unexplained if there are neither mistakes nor a relation.

    operation: "" if the time was up before all answers were explained; cases: the tests that it explains;
    mistakes: of the catalogue; others: mistakes that fit as well; relation: how the answers relate to the right ones;
    activation: the only one with which the mistakes are made, or "" for all; is_local: other operations have right
    answers that a program with these mistakes would not give.
    """

    operation: str
    cases: list[str]
    mistakes: Mistakes = ()
    others: Mistakes = ()
    relation: str = ""
    activation: str = ""
    is_local: bool = False

    def as_record(self) -> Explained:
        """The finding in words, for the record."""
        scope = f" Only with {self.activation}." if self.activation else ""
        scope += " Another operation has this right." if self.is_local else ""
        return Explained(
            operation=self.operation,
            cases=tuple(self.cases),
            names=tuple(mistake.__name__ for mistake in self.mistakes if is_listed(mistake)),
            wrong=tuple(sentence(mistake) + scope for mistake in together(self.mistakes))
            or tuple(filter(None, [self.relation])),
            fix=tuple(mistake.fix for mistake in together(self.mistakes)),
            others=tuple(sentence(mistake) for mistake in self.others),
            clauses=tuple(mistake.clause for mistake in self.mistakes),
        )


def is_listed(mistake: type[Mistake]) -> bool:
    """Whether a mistake is one of the catalogue, so that it has a name."""
    return not issubclass(mistake, Choice) and not mistake.__module__.startswith(__package__)


def sentence(mistake: type[Mistake]) -> str:
    """What is wrong; of a choice alone, not what would be right beside it."""
    whole = summary(mistake)
    if issubclass(mistake, Choice) and mistake.table in ("losses", "penalties", "activations"):
        return whole.partition(";")[0].rstrip(".") + "."
    return whole


def together(mistakes: Mistakes) -> Mistakes:
    """The mistakes, with the two sides of one choice as one: a loss and its gradient, a function and its derivative."""
    if not mistakes:
        return ()
    first, *rest = mistakes
    for other in rest:
        if both := _both(first, other):
            return together((both, *(one for one in rest if one is not other)))
    return (first, *together(tuple(rest)))


def _both(one: type[Mistake], other: type[Mistake]) -> type[Mistake] | None:
    """The whole choice that two sides of it make; None if they are not the sides of one."""
    if not (issubclass(one, Choice) and issubclass(other, Choice) and one.table == other.table):
        return None
    if one.row != other.row or one.table not in _WHOLE:
        return None
    replaced = {"functions.relu": "relu", "functions.tanh": "tanh", "functions.logistic": "logistic"}
    if one.table == "activations":
        name = replaced.get(one.clause.removesuffix("-derivative"))
        same = name == replaced.get(other.clause.removesuffix("-derivative"))
        return with_activation(one.row, name) if same and name else None
    return _WHOLE[one.table](one.row)


_WHOLE: dict[str, Callable[[Any], type[Mistake]]] = {
    "losses": with_loss_and_gradient,
    "penalties": with_penalty_and_gradient,
    "activations": with_activation,
}


def joined(findings: Sequence[Finding]) -> list[Finding]:
    """The findings, with those that are the sides of one choice as one."""
    result: list[Finding] = []
    for finding in findings:
        for earlier in result:
            if any(_both(one, other) for one in earlier.mistakes for other in finding.mistakes):
                earlier.mistakes = tuple(dict.fromkeys((*earlier.mistakes, *finding.mistakes)))
                break
        else:
            result.append(finding)
    return result
