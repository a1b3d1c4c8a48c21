"""The examples conform for their documents, and one broken line is found."""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from nnspec import mistakes
from nnspec.specification import chapters

EXAMPLES = Path(__file__).parents[2] / "examples"
README = (EXAMPLES.parent / "README.md").read_text(encoding="utf-8")


@cache
def check(adapter, *options, where=None):
    command = [sys.executable, "-m", "nnspec", "check", str(adapter), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, cwd=where)


def broken(example, tmp_path, line, instead):
    """A copy of the example's adapter, beside a network with one line exchanged."""
    copy = tmp_path / "examples" / example
    shutil.copytree(EXAMPLES / example, copy)
    program = copy / "network.py"
    text = program.read_text(encoding="utf-8")
    assert text.count(line) == 1, "the line to break is there, once"
    program.write_text(text.replace(line, instead), encoding="utf-8")
    return copy / "adapter.py"


@pytest.mark.parametrize("example", ["cs231n", "wildml", "roelants"])
def test_an_example_conforms_for_its_document(example):
    result = check(f"examples/{example}/adapter.py", "--document", example, where=EXAMPLES.parent)

    assert result.returncode == 0, result.stdout
    assert "CONFORMS" in result.stdout


def test_the_readme_shows_the_verdict_as_it_is_printed():
    run = check("examples/cs231n/adapter.py", "--document", "cs231n", where=EXAMPLES.parent)

    assert f"```text\n{run.stdout}```" in README


def test_the_readme_shows_a_failure_as_it_is_printed_on_a_screen(tmp_path):
    line = "        grads[i] += reg * params[i]\n"
    adapter = broken("cs231n", tmp_path, line, line.replace("params[i]", "params[i] * (i == 0)"))

    place = adapter.relative_to(tmp_path)
    output = check(place, "--document", "cs231n", "--quick", where=tmp_path).stdout

    assert f"```text\n{output}```" in README
    assert len(output.splitlines()) < 40
    assert all(len(line) <= 80 for line in output.splitlines()[:-1])


@pytest.mark.parametrize(
    ("example", "line", "instead", "clause", "mistake"),
    [
        (
            "cs231n",
            "        grads[i] += reg * params[i]\n",
            "        grads[i] += reg * params[i] if i == 0 else 0\n",
            "gradients.penalty",
            "PenaltyGradientMissingOnTheLastLayer",
        ),
        (
            "cs231n",
            "        dhidden[hidden <= 0] = 0  # a unit that was off passes nothing back\n",
            "",
            "gradients.hidden-layers",
            "ActivationDerivativeMissing",
        ),
        (
            "wildml",
            '    delta2 = (delta3 @ model["W2"].T) * tanh_slope(a1)\n',
            '    delta2 = (delta3 @ model["W2"].T) * tanh_slope(tanh(a1))\n',
            "gradients.hidden-layers",
            "TanhDerivativeOfTheInput",
        ),
        (
            "roelants",
            "    return logistic_derivative(H) * (Eo @ Wo.T)\n",
            "    return Eo @ Wo.T\n",
            "gradients.hidden-layers",
            "ActivationDerivativeMissing",
        ),
    ],
    ids=["penalty left out of W2", "ReLU mask left out", "tanh twice", "logistic derivative left out"],
)
def test_a_broken_line_is_named(example, line, instead, clause, mistake, tmp_path):
    adapter = broken(example, tmp_path, line, instead)

    result = check(adapter, "--document", example, "--select", "gradients")

    assert result.returncode == 1
    assert f"{clause}:" in result.stdout
    assert chapters.summary(getattr(mistakes, mistake)) in " ".join(result.stdout.split())
    replay = " ".join(result.stdout.replace("\\\n", " ").split())
    assert f"replay nnspec check {adapter} --document {example} --select" in replay


@pytest.mark.parametrize(
    ("example", "printed"),
    [
        ("cs231n", "training accuracy: 0.9"),
        ("wildml", "Accuracy with 3 hidden units: 0.9"),
        ("roelants", "classified correctly: 100 of 100"),
    ],
)
def test_an_example_runs_by_itself(example, printed):
    command = [sys.executable, str(EXAMPLES / example / "network.py")]

    result = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)

    assert printed in result.stdout
