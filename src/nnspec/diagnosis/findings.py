"""What a diagnosis reports."""

from __future__ import annotations

from dataclasses import dataclass

from nnspec.diagnosis.suspects import Mistakes
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
        scope += f" Only in {self.operation}: another operation is right." if self.is_local else ""
        return Explained(
            operation=self.operation,
            cases=tuple(self.cases),
            names=tuple(mistake.__name__ for mistake in self.mistakes),
            wrong=tuple(summary(mistake) + scope for mistake in self.mistakes)
            or tuple(filter(None, [self.relation])),
            fix=tuple(mistake.fix for mistake in self.mistakes),
            others=tuple(summary(mistake) for mistake in self.others),
            clauses=tuple(mistake.clause for mistake in self.mistakes),
        )
