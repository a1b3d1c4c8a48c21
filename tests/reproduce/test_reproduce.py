"""``nnspec reproduce``: the documents' numbers beside what comes out."""

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
    told = reproduce("spiral-linear")

    assert told.returncode == 0
    assert "agrees to the last digit: 21; wrong: 0." in told.stdout
    assert "iteration 190" in told.stdout
    assert "0.786302" in told.stdout


def test_the_circles_pass_the_gradient_check():
    told = reproduce("circles-momentum")

    assert told.returncode == 0
    assert "gradient check" in told.stdout
    assert "on each of 17 parameters" in told.stdout


def test_a_wrong_number_is_called_wrong():
    told = reproduce("spiral-linear", "--implementation", "nnspec.mistakes:PenaltyMissingInTheLoss")

    assert told.returncode == 1
    assert "wrong" in told.stdout


def test_a_mistake_in_backpropagation_fails_the_gradient_check():
    told = reproduce("circles-momentum", "--implementation", "nnspec.mistakes:LogisticDerivativeOfTheInput")

    assert told.returncode == 1
    assert "fails" in told.stdout


def test_what_is_not_supported_is_neither_right_nor_wrong():
    told = reproduce("spiral-linear", "spiral-tanh", "--implementation", "examples/cs231n/adapter.py")

    assert told.returncode == 0, told
    assert "unsupported: activation 'tanh' is unsupported (describe lists relu)" in told.stdout


def test_a_run_in_which_nothing_could_be_compared_is_no_success():
    told = reproduce("spiral-tanh", "--implementation", "examples/cs231n/adapter.py")

    assert told.returncode == 1, told


def test_an_experiment_that_does_not_exist_is_wrong_use():
    told = reproduce("spiral-line")

    assert told.returncode == 2
    assert "Did you mean spiral-linear?" in told.stderr


@pytest.mark.parametrize("experiment", ["spiral-linear", "circles-momentum"])
def test_plots_are_written(experiment, tmp_path):
    told = reproduce(experiment, "--plot", str(tmp_path))

    assert told.returncode == 0
    assert (tmp_path / f"boundary-{experiment}.png").stat().st_size > 10_000
