"""Checks of mistakes that the exact reference makes too: nothing but the laws can refuse them. A pytest plugin, too.

What the exact reference says is then the mistaken number, with the tolerance of the right one.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from checked import read, run

from nnspec import mistakes
from nnspec.diagnosis.questions import answer_of
from nnspec.judging.rounding import Bounded, Precision
from nnspec.judging.subject import Exact, Subject
from nnspec.judging.transcript import Call

#: Tells the plugin which mistake.
MISTAKE = "MISTAKE"


def refusing(name: str, clauses: Iterable[str]) -> set[str]:
    """The cases of these clauses that refuse the mistake of this name where the exact reference makes it too.

    Those, too, in which nnspec fails because it has no right reference: so none is said to be alone that is not.
    """
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder) / "record.jsonl"
        selected = [word for clause in clauses for word in ("--select", clause)]
        run(name, record, Path(__file__).stem, {MISTAKE: name}, selected)
        return {result.case for _, result in read(name, record).failures}


class MistakenAlike(Exact):
    """The tolerances of the exact reference about the numbers of a mistake."""

    def call(self, operation: str, params: dict[str, Any]) -> Any:
        """The mistake's answer, its numbers Bounded."""
        program = getattr(mistakes, os.environ[MISTAKE])()
        return _moved(
            super().call(operation, params), answer_of(program, Call(operation, _plain(params), None))
        )


def _moved(right: Any, told: Any) -> Any:
    """The right answer with the numbers of another, but for those that are not finite."""
    if isinstance(right, Bounded):
        numbers = np.where(np.isfinite(told), told, right.value)
        return Bounded(numbers, right.error, right.precision)
    if isinstance(right, dict):
        return {name: _moved(part, told[name]) for name, part in right.items()}
    if isinstance(right, list):
        return [_moved(*pair) for pair in zip(right, told, strict=True)]
    return right


def _plain(told: Any) -> Any:
    """Arguments without bounds."""
    if isinstance(told, Bounded):
        return told.value.astype(float)
    if isinstance(told, dict):
        return {name: _plain(part) for name, part in told.items()}
    return [_plain(part) for part in told] if isinstance(told, list) else told


class Fixtures:
    """What differs from other runs."""

    @pytest.fixture(scope="session")
    def exact(self, subject: Subject) -> Exact:
        """Mistaken alike."""
        return MistakenAlike(Precision(subject.description.precision))


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Come after the fixtures of nnspec, to stand before them."""
    config.pluginmanager.register(Fixtures(), "alike-fixtures")
