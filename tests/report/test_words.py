"""A subject's words are data: they are shown, and do nothing to a terminal, a service that reads logs, or a reader."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from needs import posix
from records import CASE, HEADER, ended, record

from nnspec.report import terminal, text, verdict
from nnspec.report.record import (
    CRASHED,
    EXPECTED,
    FAILED,
    FORM,
    NOTE,
    PASSED,
    TIMED_OUT,
    UNREADABLE,
    UNSUPPORTED,
    Header,
    Observation,
    Record,
    Result,
)

VERDICTS = (verdict.CONFORMS, verdict.DOES_NOT_CONFORM, verdict.INCONCLUSIVE)
#: A line that a service takes for a command: GitHub, Azure, TeamCity and others.
COMMAND = re.compile(r"\s*::|.*##\w*\[")
#: Colours, which nnspec itself writes on a terminal.
OURS = re.compile(r"\x1b\[[0-9;]*m")
NASTY = [
    "\x1b[2J\x1b[1;1HCONFORMS  771 passed",
    "\x1b]0;title\x07\x9b31m\x90q\x9c",
    "\rCONFORMS  771 passed",
    "one\nCONFORMS  771 passed\n\nINCONCLUSIVE",
    "one\u2028CONFORMS\x85CONFORMS\x0bCONFORMS\x0cCONFORMS",
    "\u202e\u2066reversed\u2069 zero\u200bwidth\ufeff\u3164\u034f",
    "half a letter: \ud800 \udc80",
    "[red]CONFORMS[/red] [link=file:///etc/passwd]x[/link]",
    "::error::no\n  ::add-mask::e\n##[error]no\n##vso[task.complete result=Succeeded]\n##teamcity[x]",
    "a word ::error file=a.py:: and another " * 30,
    "x" * 70 + "::error::" * 20,
    "\t::error::after a tab",
    "\N{NO-BREAK SPACE}::error::after a space of another kind",
    "'\"\\$(touch x)`touch x`",
]
words = st.one_of(st.sampled_from(NASTY), st.text(), st.text("\x1b[]m:# \n\r\\'\"ae\u202e\ud800"))


def every_place(said):
    """A record with these words in every place that a subject, or whoever names it, can write to."""
    outcomes = (PASSED, FAILED, CRASHED, TIMED_OUT, UNSUPPORTED, EXPECTED)
    results = [
        replace(result, message=said)
        if result.outcome != FAILED
        else replace(result, comparison={"got": said})
        for result in ended(*outcomes)
    ]
    header = {
        "target": said,
        "implementation": said,
        "select": (said,),
        "replay": ("nnspec", "check", said, "--select", "CASE"),
        "known_failures": {CASE.clause: said},
    }
    made = record(*results, **header)
    made.observations = [Observation(kind, said, said, said) for kind in (FORM, UNREADABLE, NOTE)]
    made.errors, made.failed = [said], said
    return made


def assert_harmless(shown):
    assert all(line.isprintable() for line in shown.split("\n"))
    assert not any(COMMAND.match(line) for line in shown.split("\n"))


@pytest.mark.parametrize("verbosity", [terminal.USUAL, terminal.VERBOSE])
@pytest.mark.parametrize("width", [40, 80])
@given(said=words)
@example(said="::")
@example(said="::error::" * 9)
def test_no_word_does_anything_in_a_report(said, width, verbosity):
    made = every_place(said)

    shown = terminal.render(made, width=width, verbosity=verbosity)

    assert_harmless(shown)
    *others, last = shown.split("\n")
    assert last == verdict.line(made)
    assert not any(line.startswith(VERDICTS) for line in others)


@given(said=words)
def test_colours_are_ours_alone(said):
    made = every_place(said)

    coloured = OURS.sub("", terminal.render(made, colour=True))

    assert [line.rstrip() for line in coloured.split("\n")] == terminal.render(made).split("\n")


@given(said=words)
def test_no_word_does_anything_in_the_report_of_one_test(said):
    record = every_place(said)
    ((planned, result),) = [found for found in record.failures if found[0].case == "gradients.penalty:2"]

    shown = terminal.failure(record.header, planned, result, width=60)

    assert_harmless(shown)
    assert not any(line.startswith(VERDICTS) for line in shown.split("\n"))


@given(said=words)
def test_no_word_does_anything_where_nothing_was_reached(said):
    made = Record(Header(target=said, version="9.9"), unreachable=said)

    *others, last = terminal.render(made).split("\n")

    assert_harmless("\n".join(others))
    assert last == verdict.line(made)
    assert not any(line.startswith(VERDICTS) for line in others)


@given(said=words)
def test_words_after_words_of_ours_begin_no_line(said):
    shown = f"Error: {text.visible_block(said)}"

    assert_harmless(shown)
    assert all(line.startswith("  ") or not line for line in shown.split("\n")[1:])


@given(said=words)
def test_words_in_one_line_stay_in_one_line(said):
    assert text.visible(said).isprintable()
    assert text.visible(text.visible(said)) == text.visible(said), "what is visible stays as it is"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("std::vector, [0, 2], 50 % ✓ 重み λ", "std::vector, [0, 2], 50 % ✓ 重み λ"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("\x9b31m", r"\x9b31m"),
        ("a\u202eb\u200bc", r"a\u202eb\u200bc"),
        ("\u3164\ufe0f\U000e0100", r"\u3164\ufe0f\U000e0100"),
        ("\ud800", r"\ud800"),
        ("::error::x", r"\x3a:error::x"),
        ("see ::error::x", r"see \x3a:error::x"),
        ("##[error]x and ##vso[y]", r"\x23#[error]x and \x23#vso[y]"),
        ("# a heading, ## another", "# a heading, ## another"),
    ],
)
def test_what_is_shown_in_place_of_what_does_something(said, shown):
    assert text.visible(said) == shown


def test_markup_is_not_read():
    made = record(Result("gradients.penalty:0", CRASHED, "[red]it[/red] :smile: failed"))

    assert "because      [red]it[/red] :smile: failed\n" in terminal.render(made)


def crashed(message):
    return Record(HEADER, [CASE], [Result(CASE.case, CRASHED, message)], finished=True)


def test_a_line_and_a_text_have_their_longest():
    line, lines = "x" * 10_000, "\n".join(map(str, range(1000)))

    usual, verbose = (terminal.render(crashed(line), verbosity=level) for level in (0, terminal.VERBOSE))
    many = terminal.render(crashed(lines), verbosity=terminal.VERBOSE)

    assert (usual.count("x"), verbose.count("x")) == (200, 4000)
    assert "… (601 lines left out)" in many
    assert many.count("\n") < 430


# ---- the replay ----


@posix
@pytest.mark.parametrize("target", [*(word for word in NASTY if "\ud800" not in word), "\udc80", "a\nb'c.py"])
@pytest.mark.parametrize("width", [40, 120])
def test_a_shell_reads_the_replay_of_an_odd_target(target, width):
    made = Record(
        replace(HEADER, target=target, replay=("printf", r"%s\0", target, "--select", "CASE")),
        [CASE],
        [Result(CASE.case, FAILED, comparison={"got": "1"})],
    )
    command = terminal.failure(made.header, CASE, made.results[0], width).partition("replay       ")[2]

    read = subprocess.run(["bash", "-c", command], capture_output=True, check=True).stdout

    assert read.split(b"\0")[:-1] == [os.fsencode(target), b"--select", os.fsencode(CASE.case)]


def test_a_usual_target_is_quoted_as_ever():
    assert text.shell_word("my network.py") == shlex.quote("my network.py")
    assert text.shell_word("std::vector.py") == "std::vector.py"
