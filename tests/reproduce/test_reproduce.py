"""``nnspec reproduce``: the documents' numbers, compared with an implementation's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def reproduce(*arguments):
    command = [sys.executable, "-m", "nnspec", "reproduce", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)


def test_the_linear_classifier_agrees_to_the_last_digit():
    run = reproduce("spiral-linear")

    assert run.returncode == 0
    assert "agrees to the last digit: 21; wrong: 0." in run.stdout
    assert "iteration 190" in run.stdout
    assert "0.786302" in run.stdout


def test_the_circles_pass_the_gradient_check():
    run = reproduce("circles-momentum")

    assert run.returncode == 0
    assert "gradient check" in run.stdout
    assert "on all 17 parameters" in run.stdout


def test_a_wrong_number_is_called_wrong():
    run = reproduce("spiral-linear", "--implementation", "nnspec.mistakes:PenaltyMissingInTheLoss")

    assert run.returncode == 1
    assert "wrong" in run.stdout


def test_a_mistake_in_backpropagation_fails_the_gradient_check():
    run = reproduce("circles-momentum", "--implementation", "nnspec.mistakes:LogisticDerivativeOfTheInput")

    assert run.returncode == 1
    assert "fails" in run.stdout


def test_an_unsupported_experiment_is_neither_right_nor_wrong():
    run = reproduce("spiral-linear", "spiral-tanh", "--implementation", "examples/cs231n/adapter.py")

    assert run.returncode == 0, run
    assert "skipped: activation 'tanh' is unsupported (supported: relu)" in run.stdout


def test_a_run_without_any_comparison_fails():
    run = reproduce("spiral-tanh", "--implementation", "examples/cs231n/adapter.py")

    assert run.returncode == 1, run


def test_an_experiment_that_does_not_exist_is_wrong_use():
    run = reproduce("spiral-line")

    assert run.returncode == 2
    assert "Did you mean spiral-linear?" in run.stderr


@pytest.mark.parametrize("experiment", ["spiral-linear", "circles-momentum"])
def test_plots_are_written(experiment, tmp_path):
    run = reproduce(experiment, "--plot", str(tmp_path))

    assert run.returncode == 0
    assert (tmp_path / f"boundary-{experiment}.png").stat().st_size > 10_000
