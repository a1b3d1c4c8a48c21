"""The first look at a program: what is there, and what is wrong with its messages and forms."""

from __future__ import annotations

import shlex

import pytest
from command_line import nnspec, one_line
from miniatures import program, target


def smoke(*words):
    return nnspec("smoke", *words)


def last_line(result):
    return result.stdout.splitlines()[-1]


@pytest.mark.parametrize("name", ["reference", target("right")])
def test_a_python_program_without_faults_is_ready(name):
    result = smoke(name)

    assert result.returncode == 0
    assert last_line(result).startswith("READY  ")
    assert "numbers" not in result.stdout  # they need not travel as text


@pytest.mark.parametrize(
    ("name", "numbers"),
    [("speaks_json", "JSON, 17 digits"), ("speaks_hex", "hex"), ("speaks_base64", "base64")],
)
def test_a_program_says_how_its_numbers_travel(name, numbers):
    result = smoke("--", *program(name))

    assert result.returncode == 0
    assert f"numbers {numbers}, float64" in one_line(result.stdout)
    assert "answered softmax" in one_line(result.stdout)
    assert last_line(result) == f"READY  1 operation of 16 answered  ({shlex.join(program(name))})"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("forgets_to_flush", "until stdin was closed: flush stdout after each line"),
        ("speaks_first", "it is not JSON: write to stderr what is not an answer"),
        ("exits_at_once", "the process ended with exit status 1"),
    ],
)
def test_a_program_that_does_not_describe_itself_is_explained(name, said):
    result = smoke("--call-timeout", "3", "--", *program(name))

    assert result.returncode == 1
    assert "did not answer describe" in result.stdout
    assert said in one_line(result.stdout)
    assert last_line(result) == f"NOT READY  1 fault  ({shlex.join(program(name))})"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("answers_another_call", "its id is 3, and that of the call is 2"),
        ("speaks_half_json", "it is not an object: answer"),
        ("sends_no_result", "it has neither a result nor an error"),
        ("forgets_to_flush_later", "until stdin was closed: flush stdout after each line"),
    ],
)
def test_a_fault_of_every_message_is_told_once_and_nothing_more_is_asked(name, said):
    result = smoke("--call-timeout", "2", "--", *program(name))

    assert result.returncode == 1
    assert one_line(result.stdout).count(said) == 1
    assert "unreadable " in one_line(result.stdout)
    assert "gradients, update, train" in one_line(result.stdout).partition("not asked")[2]
    assert last_line(result).startswith("NOT READY  1 fault · 0 operations of 16 answered")


def test_each_wrong_form_is_told_with_its_fix(tmp_path):
    adapter = tmp_path / "adapter.py"
    adapter.write_text("def softmax(scores):\n    return scores.sum(axis=1)\n", encoding="utf-8")

    result = smoke(str(adapter))

    assert result.returncode == 1
    assert "wrong form softmax returned an array of the shape (7,)" in one_line(result.stdout)
    assert "fix Return the shape (7, 4)." in one_line(result.stdout)


def test_why_an_operation_declines_is_told(tmp_path):
    adapter = tmp_path / "adapter.py"
    text = "def predict(network, inputs):\n    raise NotImplementedError('it is not trained')\n"
    adapter.write_text(text, encoding="utf-8")

    result = smoke(str(adapter))

    assert result.returncode == 1  # nothing can be checked
    assert "declined predict: it is not trained" in one_line(result.stdout)


def test_a_target_that_does_not_exist_is_wrong_use():
    assert smoke("no_such_file.py").returncode == 2
    assert smoke().returncode == 2


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("answers_another_call", "its id is 3, and that of the call is 2"),
        ("forgets_to_flush_later", "until stdin was closed: flush stdout after each line"),
    ],
)
def test_a_check_says_a_fault_of_every_message_once_and_blames_no_network(name, said):
    result = nnspec("check", "--quick", "--call-timeout", "2", "--", *program(name))

    assert result.returncode == 3
    assert one_line(result.stdout).count(said) == 1
    assert "mistake" not in result.stdout
    assert last_line(result).startswith("INCONCLUSIVE  0 passed · ")
