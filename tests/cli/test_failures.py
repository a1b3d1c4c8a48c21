"""A failure of nnspec's own is exit status 4 and one line on stderr; it never looks like a verdict."""

from __future__ import annotations

import subprocess
import sys

import pytest
from command_line import nnspec
from miniatures import target
from needs import linux, posix

CHEAP = ("--select", "functions.softmax:one_example")
ENOUGH = ("--select", "gradients.penalty:where_it_outweighs_the_data[3-4-mean]")
COMMANDS = {
    "check": ("check", "reference", *ENOUGH),
    "a check that fails": ("check", target("raises"), *CHEAP),
    "list": ("list",),
    "spec": ("spec",),
    "explain": ("explain", "gradients.penalty"),
    "coverage": ("coverage",),
    "golden": ("golden", "--help"),
    "golden list": ("golden", "list"),
    "version": ("--version",),
    "help": ("check", "--help"),
}
each_command = pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)


def in_a_shell(redirection, *words):
    """The command line with its streams redirected; what remains of stderr."""
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {redirection}', "sh", sys.executable, "-m", "nnspec", *words],
        capture_output=True,
        text=True,
        check=False,
    )


def assert_failed(run, *, said):
    """The status is 4, and stderr is one line that says why."""
    assert run.returncode == 4, run
    assert run.stderr.splitlines() == [f"nnspec itself failed: {said}"]


@linux
@each_command
def test_a_full_disk_is_a_failure(words):
    assert_failed(in_a_shell("> /dev/full", *words), said="No space left on device.")


@posix
@each_command
def test_a_closed_stdout_is_a_failure(words):
    assert_failed(in_a_shell(">&-", *words), said="stdout is closed.")


@posix
@each_command
def test_a_pipe_that_nobody_reads_is_a_failure(words):
    process = subprocess.Popen(
        [sys.executable, "-m", "nnspec", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    with process.stderr:
        said = process.stderr.read()

    assert process.wait() == 4
    assert said == "nnspec itself failed: its output was closed before everything was written.\n"


@linux
@pytest.mark.parametrize("redirection", ["2> /dev/full", "2>&-"])
def test_a_verdict_stands_where_stderr_cannot_be_written(redirection):
    statuses = [
        in_a_shell(redirection, *COMMANDS[name]).returncode for name in ("check", "a check that fails")
    ]

    assert statuses == [0, 1]


@linux
def test_an_error_that_cannot_be_written_is_a_failure():
    assert in_a_shell("2> /dev/full", "explain", "nothing").returncode == 4


def broken(patch, *words, environment=None):
    """The command line after some Python was run."""
    code = f"{patch}\nimport sys; sys.argv[:1] = ['nnspec']\nfrom nnspec.cli.main import main; main()"
    return nnspec(*words, command=(sys.executable, "-c", code), environment=environment or {})


def raising(error):
    """Python that lets the listing of clauses raise an error."""
    return f"import nnspec.specification.terminal as t\ndef fail(_): raise {error}\nt.listing = fail"


def test_a_bug_is_one_line_that_says_where():
    said = (
        "KeyError: 'x' (in <string>, line 2). This is a bug in nnspec; set NNSPEC_TRACEBACK=1 to see where."
    )

    assert_failed(broken(raising("KeyError('x')"), "list"), said=said)


def test_a_bug_shows_its_traceback_to_whoever_asks():
    run = broken(raising("KeyError('x')"), "list", environment={"NNSPEC_TRACEBACK": "1"})

    assert run.returncode == 4
    assert "Traceback (most recent call last)" in run.stderr


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("MemoryError", "there is not enough memory."),
        ("OSError(24, 'Too many open files')", "Too many open files."),
        (
            "SystemExit(0)",
            "SystemExit: 0 (in <string>, line 2). This is a bug in nnspec; set NNSPEC_TRACEBACK=1 to",
        ),
        (
            "RecursionError('deep\\n\\nand deeper')",
            "RecursionError: deep and deeper (in <string>, line 2). This is",
        ),
    ],
)
def test_each_error_has_one_line(error, said):
    run = broken(raising(error), "list")

    (line,) = run.stderr.splitlines()
    assert run.returncode == 4
    assert line.startswith(f"nnspec itself failed: {said}")


def test_a_report_that_cannot_be_made_is_a_failure():
    patch = "import nnspec.report.terminal as t\ndef fail(*_, **__): raise ValueError('no')\nt.render = fail"

    run = broken(patch, *COMMANDS["check"])

    assert_failed(
        run,
        said="ValueError: no (in <string>, line 2). This is a bug in nnspec; set NNSPEC_TRACEBACK=1 to see where.",
    )


def test_a_test_that_fails_by_itself_is_a_failure_and_no_verdict(tmp_path):
    (tmp_path / "broken.py").write_text(
        "def pytest_runtest_setup(item):\n    raise KeyError('not set up')\n", encoding="utf-8"
    )
    patch = (
        "import nnspec.suite.check as c\n"
        "command = c._command\n"
        "def with_plugin(options):\n"
        "    words = command(options)\n"
        f"    words[words.index('-c') + 2] += ':{tmp_path}'\n"
        "    return [*words, '-p', 'broken']\n"
        "c._command = with_plugin\n"
    )

    run = broken(patch, *COMMANDS["check"])

    assert run.returncode == 4, run
    assert run.stderr == (
        "nnspec itself failed: KeyError: 'not set up' (in broken.py, line 2), "
        "in the test gradients.penalty:where_it_outweighs_the_data[3-4-mean]\n"
    )
    assert "CONFORMS  1 passed" not in run.stdout
    assert "Traceback" not in run.stdout


@posix
def test_an_end_of_the_tests_in_the_middle_is_a_failure():
    run = nnspec("check", target("exits_with_0"), "--in-process", *CHEAP)

    assert_failed(run, said="the process that runs the tests ended with exit status 0 before they were done")
