"""What explains the failures of a run: a diagnosis, and its questions to the implementation after the last test."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from nnspec.contract.errors import BudgetSpent
from nnspec.contract.support import Support
from nnspec.documents.scopes import Scope
from nnspec.judging.subject import Subject
from nnspec.judging.transcript import Transcripts
from nnspec.reach.budget import Budget
from nnspec.reach.transports import Transport
from nnspec.report.record import Explained

#: Seconds after which a question hangs: it is about a few examples, and seven iterations, or 240 if runs end early.
HANG = 10.0


def explanations(
    transcripts: Transcripts,
    transport: Transport,
    scope: Scope | None,
    support: Support,
    extent: str,
    ignoring: Iterable[str],
    budget: Budget,
) -> list[Explained]:
    """What explains the wrong answers.

    extent: how much may be asked, as ``--diagnose`` has it; ignoring: the operations that ignore an argument, for which
    another formula may be the reason.
    """
    from nnspec.diagnosis.inquiry import diagnose
    from nnspec.mistakes import catalogue

    ask, precision = questions(transport, scope, budget), transport.description.precision
    own_start = transport.description.initialization == "own"
    found = diagnose(transcripts, precision, catalogue(), ask, support, extent, ignoring, own_start)
    return [finding.as_record() for finding in found]


def questions(
    transport: Transport, scope: Scope | None, budget: Budget
) -> Callable[[str, dict[str, Any]], Any]:
    """Calls the implementation with small questions; after one that hangs, with none.

    scope: of the document that it is checked against; budget: that of the run.
    """
    subject, hangs = Subject(transport, scope=scope), False

    def ask(operation: str, params: dict[str, Any]) -> Any:
        nonlocal hangs
        if hangs:
            raise BudgetSpent("an earlier question was not answered")
        transport.limit(Budget(min(HANG, budget.left())))
        try:
            return subject.call(operation, params)
        except BudgetSpent:
            hangs = True
            raise

    return ask
