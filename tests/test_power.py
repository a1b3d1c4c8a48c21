"""Every mistake of the catalogue is refused, by the clause that it says it breaks."""

from __future__ import annotations

import pytest

from nnspec.check import check
from nnspec.mistakes import Mistake, catalogue
from nnspec.options import Options
from nnspec.record import FAILED


@pytest.mark.parametrize("mistake", catalogue(), ids=lambda mistake: mistake.__name__)
def test_a_mistake_is_refused_by_its_clause(mistake: type[Mistake]) -> None:
    target = f"nnspec.mistakes:{mistake.__name__}"

    record = check(Options(target=target, in_process=True, select=(mistake.clause,)), lambda _: None)

    assert record.exit_code == 1
    assert record.counts[FAILED] > 0
    assert not any("nnspec itself failed" in result.message for _, result in record.failures)


@pytest.mark.parametrize("mistake", catalogue(), ids=lambda mistake: mistake.__name__)
def test_a_mistake_says_in_a_sentence_what_is_wrong(mistake: type[Mistake]) -> None:
    assert (mistake.__doc__ or "").endswith(".")
