"""Correct programs are accepted, whatever their precision and the inputs."""

from __future__ import annotations

from pathlib import Path

import pytest

from nnspec.reach.options import Options
from nnspec.suite.check import check

SINGLE = str(Path(__file__).parents[1] / "miniatures" / "single_precision.py")
CHAPTERS = ("data", "functions", "losses", "gradients", "updates")


@pytest.mark.parametrize("target", ["reference", SINGLE], ids=["float64", "float32"])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_correct_program_conforms_for_any_inputs(target, seed):
    record = check(Options(target=target, select=CHAPTERS, seed=seed), lambda _: None)

    assert record.reasons == []
    assert record.counts["passed"] == len(record.planned) > 150


def test_a_correct_program_trains_correctly_in_float32():
    record = check(Options(target=SINGLE, select=("training",)), lambda _: None)

    assert record.reasons == []


def test_float64_with_one_function_in_float32_is_refused():
    record = check(Options(target=f"{SINGLE}:Lying", select=("functions.tanh", "gradients")), lambda _: None)

    assert record.exit_code == 1
