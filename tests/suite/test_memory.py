"""The judge needs little memory, whatever a program sends, and never passes it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from miniatures import program, target
from needs import posix

pytestmark = posix

#: KiB that the front, the judge and the program may take, each.
LIMIT = 300 * 2**10
#: Runs a check; prints its exit status and the greatest memory of its processes.
RUN = """
import resource, subprocess, sys
check = subprocess.run([sys.executable, "-m", "nnspec", "check", *sys.argv[1:]], capture_output=True, text=True)
print(check.stdout, check.stderr)
print(check.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
#: Clauses with a call of each kind: an array, a long run, and a fit.
CLAUSES = ("functions.softmax", "training.moons-tanh", "outcomes.moons-tanh")


def checked(*words, names=CLAUSES):
    """The exit status of a check, its greatest memory in KiB, and its output."""
    selected = [word for name in names for word in ("--select", name)]
    run = subprocess.run(
        [sys.executable, "-c", RUN, *selected, *words], capture_output=True, text=True, check=True
    )
    output, _, last = run.stdout.rstrip().rpartition("\n")
    status, memory = map(int, last.split())
    return status, memory / (2**10 if sys.platform == "darwin" else 1), output


@pytest.mark.parametrize(
    "what",
    [
        "many numbers",
        "many short lists",
        "many objects",
        "lists in lists",
        "a whole number",
        "a long string among short ones",
        "base64",
        "base64 with a large shape",
        "a dtype",
        "keys",
        "an error",
        "a line without an end",
    ],
)
def test_too_large_an_answer_costs_no_memory_and_is_no_pass(what):
    status, memory, output = checked("--", *program("sends_too_much", what, "calls"))

    assert status in (1, 3)
    assert memory < LIMIT
    assert "Traceback" not in output
    assert "nnspec itself failed" not in output


@pytest.mark.parametrize(
    "what", ["many numbers", "a long string among short ones", "base64", "a line without an end"]
)
def test_too_large_a_description_costs_no_memory_and_is_no_pass(what):
    status, memory, output = checked("--", *program("sends_too_much", what, "describe"))

    assert status == 3
    assert memory < LIMIT
    assert "Traceback" not in output


def test_many_large_answers_are_not_kept():
    status, memory, output = checked(target("answers_with_strings"), names=("functions", "losses"))

    assert status == 1, output
    assert memory < LIMIT / 2
