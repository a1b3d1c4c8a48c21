"""The report that people read: causes first, then the table, then the verdict, at every width."""

from __future__ import annotations

import re
import shlex
import textwrap
from dataclasses import replace

import pytest
from records import CASE, HEADER, NUMBERS, PENALISED, ended, explained, record

from nnspec.report import terminal, verdict
from nnspec.report.record import (
    CRASHED,
    FAILED,
    LOWER_PRECISION,
    OUTCOMES,
    PASSED,
    TIMED_OUT,
    UNSUPPORTED,
    Explained,
    Planned,
    Record,
    Result,
)

WIDTHS = [40, 80, 120, 200]
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def one_line(text):
    return " ".join(text.split())


def test_a_cause_is_a_paragraph():
    text = terminal.render(
        explained(replace(PENALISED, cases=("gradients.penalty:2", "gradients.penalty:3")))
    )

    assert text.startswith(
        textwrap.dedent("""\
        mistake      The penalty's gradient is added to that on the biases too.
                     (BiasesPenalised)
        fix          Leave the gradient on the biases without a penalty.
        first wrong  gradients.biases[0][0] (3 of 4 numbers wrong)
        got          0.25
        expected     0.5 ± 1.0e-16
        clause       gradients.penalty: The penalty adds λ W to the gradient on the
                     weights of every layer, and nothing to that on a bias.
        source       WildML “Implementation”
        also         1 more test for the same reason
        replay       nnspec check mine.py --document cs231n --select gradients.penalty:2

        """)
    )


def test_a_clause_that_no_cause_explains_has_a_paragraph_after_them():
    text = terminal.render(explained(PENALISED))

    assert text.index("mistake ") < text.index("failed       gradients.penalty:3")
    assert text.count("The penalty adds λ W") == 1, "a sentence and its sources stand once"


def test_a_relation_is_a_cause():
    twice = Explained("gradients", ("gradients.penalty:1",), wrong=("gradients: twice what it should be",))

    assert terminal.render(explained(twice)).startswith("relation     gradients: twice what it should be\n")


def test_an_operation_without_an_explanation_keeps_its_clauses():
    text = terminal.render(explained(Explained("gradients", PENALISED.cases)))

    assert text.startswith("failed       gradients.penalty:1\n")
    assert "also         2 more tests of the same clause" in text


def test_many_clauses_are_named_and_not_shown():
    cases = [Planned(f"gradients.c{n}:0", f"gradients.c{n}", f"Rule {n}.", "MUST", ()) for n in range(20)]
    results = [Result(case.case, FAILED, comparison=NUMBERS) for case in cases]
    made = Record(HEADER, cases, results, finished=True)

    text = terminal.render(made)

    assert text.count("\nclause ") == 5
    assert "15 failed tests, of gradients.c5, gradients.c6," in one_line(text)
    assert terminal.render(made, verbosity=terminal.VERBOSE).count("\nclause ") == 20


def test_a_diagnosis_that_ended_early_says_so_and_lists_what_is_left():
    text = terminal.render(explained(PENALISED, Explained("", ())))

    assert "not shown    1 failed test, of gradients.penalty; -v shows every failure\n" in text
    assert "The diagnosis ended before it had looked at everything" in " ".join(text.split())


def test_the_same_message_of_several_clauses_stands_once():
    cases = [Planned(f"{name}:0", name, "A rule.", "MUST", ()) for name in ("losses.a", "gradients.b")]
    made = Record(HEADER, cases, [Result(case.case, CRASHED, "it ended") for case in cases], finished=True)

    text = terminal.render(made)

    assert text.count("it ended") == 1
    assert "also         1 more test" in text


def test_a_long_message_is_cut_and_whole_with_v():
    message = "\n".join(f"line {number}" for number in range(30))
    made = record(Result("gradients.penalty:0", CRASHED, message))

    assert "line 15" not in terminal.render(made)
    assert "(26 lines left out; -v shows more)" in terminal.render(made)
    assert "line 15" in terminal.render(made, verbosity=terminal.VERBOSE)


def test_a_cause_shows_a_test_of_the_clause_that_the_mistake_breaks():
    cases = [Planned(f"{name}:0", name, "A rule.", "MUST", ()) for name in ("gradients.a", "gradients.b")]
    results = [Result(case.case, FAILED, comparison=NUMBERS) for case in cases]
    finding = replace(PENALISED, cases=("gradients.a:0", "gradients.b:0"), clauses=("gradients.b",))
    made = Record(HEADER, cases, results, findings=[finding], finished=True)

    assert "clause       gradients.b: A rule.\n" in terminal.render(made)


def test_the_lines_of_a_traceback_are_not_wrapped():
    line = f'File "{"a_long_path/" * 10}network.py", line 3, in softmax'
    made = record(Result("gradients.penalty:0", CRASHED, f"softmax failed with an error:\n  {line}"))

    assert f"because      softmax failed with an error:\n    {line}\n" in terminal.render(made, width=80)


def test_a_run_without_a_test_says_why():
    assert "No test was selected: cs231n has none of them." in terminal.render(record(planned=0))


def test_a_run_of_unsupported_tests_alone_says_what_to_do():
    made = record(*ended(UNSUPPORTED, UNSUPPORTED))

    assert "Every test is unsupported" in one_line(terminal.render(made))
    assert "docs/contract.md" in one_line(terminal.render(made))
    assert "--quick" not in terminal.render(made)


def test_unsupported_tests_of_the_quick_ones_alone_are_not_all():
    made = record(*ended(UNSUPPORTED), quick=True)

    assert "Without --quick, other tests are tried too." in one_line(terminal.render(made))


def test_the_name_of_a_test_is_not_broken():
    case = f"gradients.penalty:{'a-long-name-' * 6}"
    made = Record(
        HEADER, [replace(CASE, case=case)], [Result(case, CRASHED, "softmax failed")], finished=True
    )

    assert case in terminal.render(made, width=40)


def test_a_run_in_another_precision_says_what_to_choose():
    made = record(*ended(UNSUPPORTED), precision="bfloat16")

    assert (
        "Nothing is judged in bfloat16, which is outside of the documents: "
        "choose --precision float64 or --precision float32."
    ) in one_line(terminal.render(made))


def test_a_timeout_says_how_to_allow_more():
    made = record(Result("gradients.penalty:0", TIMED_OUT, "no answer came within 60 s"))

    assert "--call-timeout SECONDS" in one_line(terminal.render(made))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "made", [explained(PENALISED), record(*ended(*OUTCOMES))], ids=["causes", "outcomes"]
)
def test_the_last_line_is_the_verdict_and_nothing_else_is_wider_than_the_terminal(made, width):
    *others, last = terminal.render(made, width=width).splitlines()

    assert last == verdict.line(made)
    assert max(map(len, others)) <= width
    assert not any("…" in line for line in others)


def test_a_command_longer_than_the_terminal_is_not_cut():
    made = replace_target(explained(), "a" * 90 + ".py")

    assert "a" * 90 + ".py" in terminal.render(made, width=80)


def replace_target(made, target):
    made.header = replace(made.header, target=target, replay=("nnspec", "check", target, "--select", "CASE"))
    return made


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "replay",
    [
        "nnspec check mine.py --select CASE",
        "nnspec check 'my network.py' --in-process --seed 1234567 --known-failures 'what is known.json' --select CASE",
        "nnspec check --document cs231n --call-timeout 3 --memory-limit 0.5 --select CASE -- node 'my network.js'",
    ],
)
def test_a_shell_reads_the_replay_as_one_command(replay, width):
    made = Record(
        replace(HEADER, replay=tuple(shlex.split(replay))),
        [CASE],
        [Result(CASE.case, FAILED, comparison=NUMBERS)],
    )

    text = terminal.failure(made.header, CASE, made.results[0], width)

    shown = text.partition("replay       ")[2].replace("\\\n", " ")
    assert shlex.split(shown) == shlex.split(replay.replace("CASE", shlex.quote(CASE.case)))


def test_a_path_that_contains_the_placeholder_stays_as_it_is():
    made = replace_target(record(*ended(FAILED)), "CASES/mine.py")

    assert "nnspec check CASES/mine.py --select gradients.penalty:0\n" in terminal.render(made)


@pytest.mark.parametrize("width", [40, 80])
def test_wide_characters_are_not_cut(width):
    text = (
        "重みの形が正しくありません。期待した形は三行四列でしたが、実際は四行三列でした。転置してください。"
    )
    made = record(Result("gradients.penalty:0", CRASHED, text))

    lines = terminal.render(made, width=width).splitlines()

    assert text in "".join(
        line[13:] if line.startswith(" ") else line.removeprefix("because").strip() for line in lines
    )


def test_a_cause_has_at_most_12_lines():
    assert terminal.render(explained(PENALISED)).split("\n\n")[0].count("\n") < 12


def test_timeouts_and_messages_that_differ_in_stderr_are_one_paragraph():
    cases = [replace(CASE, case=f"gradients.c{n}:0", clause=f"gradients.c{n}") for n in range(4)]
    ends = [(CRASHED, f"it ended; its stderr ends with:\n{n}") for n in range(2)]
    ends += [(TIMED_OUT, "no answer within 1 s"), (TIMED_OUT, "it was not called again")]
    results = [Result(case.case, *end) for case, end in zip(cases, ends, strict=True)]

    text = terminal.render(Record(HEADER, cases, results, finished=True))

    assert text.count("\nclause ") == 2


def test_quiet_is_the_last_line_alone():
    made = explained(PENALISED)

    assert terminal.render(made, verbosity=terminal.QUIET) == verdict.line(made)


def test_verbose_shows_every_failure_and_why_tests_are_unsupported():
    made = record(
        *ended(PASSED, FAILED, FAILED), Result("gradients.penalty:3", UNSUPPORTED, "tanh is unsupported")
    )

    usual, verbose = (terminal.render(made, verbosity=level) for level in (terminal.USUAL, terminal.VERBOSE))

    assert "1 unsupported: run with -v to see why" in usual
    assert "tanh is unsupported" not in usual
    assert "   1  tanh is unsupported" in verbose
    assert "failed       gradients.penalty:2" in verbose


def test_verbose_says_which_clauses_were_not_reached():
    made = record(*ended(PASSED), planned=3)
    made.budget = 60

    assert "gradients: penalty 2/3" in terminal.render(made, verbosity=terminal.VERBOSE)


def test_the_table_has_a_column_for_what_there_is():
    assert terminal.columns(record(*ended(PASSED))) == [PASSED, FAILED]
    assert terminal.columns(record(*ended(LOWER_PRECISION), planned=2)) == [
        PASSED,
        FAILED,
        LOWER_PRECISION,
        terminal.NOT_REACHED,
    ]


def test_errors_of_the_run_stand_above_the_table_with_their_lines():
    made = record(*ended(PASSED))
    made.errors.append("the process ended by signal 9\nTraceback:\n    line 1")

    assert (
        "error        the process ended by signal 9\n  Traceback:\n      line 1\n\nchapter"
        in terminal.render(made)
    )


def test_colours_change_nothing_but_colours():
    made = explained(PENALISED)

    coloured = terminal.render(made, colour=True)

    assert "\x1b[" in coloured
    assert ANSI.sub("", coloured) == terminal.render(made)
