"""Checks of mistakes that the exact reference makes too, so that only the laws can refuse them. Also a pytest plugin.

The exact reference then gives the mistake's numbers, with the tolerances of the right ones.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from checks import read_record, run

from nnspec import mistakes
from nnspec.diagnosis.questions import answer_of
from nnspec.judging.rounding import Bounded, Precision
from nnspec.judging.subject import Exact, Subject
from nnspec.judging.transcript import Call
from nnspec.report.record import FAILURES, NOT_JUDGED

#: The environment variable that tells the plugin which mistake to make.
MISTAKE = "MISTAKE"


def refusals(name: str, clauses: Iterable[str]) -> set[str]:
    """The cases of these clauses that refuse this mistake if the exact reference makes it too.

    They include cases in which nnspec fails because its reference is wrong: no clause must seem to be the only one
    that refuses the mistake if another may refuse it too.
    """
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder) / "record.jsonl"
        selected = [word for clause in clauses for word in ("--nnspec-select", clause)]
        run(name, record, Path(__file__).stem, {MISTAKE: name}, selected)
        results = read_record(name, record).results
        return {result.case for result in results if result.outcome in (*FAILURES, NOT_JUDGED)}


class MistakenExact(Exact):
    """Gives the numbers of a mistake with the tolerances of the exact reference."""

    def call(self, operation: str, params: dict[str, Any]) -> Any:
        """The mistake's answer, its numbers Bounded."""
        program = getattr(mistakes, os.environ[MISTAKE])()
        mistaken = answer_of(program, Call(operation, _without_bounds(params), None))
        return _with_numbers(super().call(operation, params), mistaken)


def _with_numbers(right: Any, mistaken: Any) -> Any:
    """The right answer with the finite numbers of the mistaken one."""
    if isinstance(right, Bounded):
        numbers = np.where(np.isfinite(mistaken), mistaken, right.value)
        return Bounded(numbers, right.error, right.precision)
    if isinstance(right, dict):
        return {name: _with_numbers(part, mistaken[name]) for name, part in right.items()}
    if isinstance(right, list):
        return [_with_numbers(*pair) for pair in zip(right, mistaken, strict=True)]
    return right


def _without_bounds(value: Any) -> Any:
    """Arguments as plain numbers."""
    if isinstance(value, Bounded):
        return value.value.astype(float)
    if isinstance(value, dict):
        return {name: _without_bounds(part) for name, part in value.items()}
    return [_without_bounds(part) for part in value] if isinstance(value, list) else value


@pytest.fixture(scope="session")
def exact(subject: Subject) -> Exact:
    """The exact reference with the mistake."""
    return MistakenExact(Precision(subject.description.precision))


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Put the mistaken reference in the place of the exact one."""
    config.pluginmanager.get_plugin("nnspec-fixtures").given["exact"] = exact
