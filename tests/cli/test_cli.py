"""The command line: its help, its errors and its exit statuses."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from command_line import assert_wrong_use, nnspec, one_line
from miniatures import program, target
from needs import posix

#: A check that takes a second; and one that judges enough for a verdict.
CHEAP = ("--select", "functions.softmax:one_example")
ENOUGH = ("--select", "gradients.penalty:where_it_outweighs_the_data[3-4-mean]")


# ---- help ----


@pytest.mark.parametrize(
    "words",
    [
        ("--help",),
        ("-h",),
        ("check", "--help"),
        ("reproduce", "--help"),
        ("trace", "--help"),
        ("smoke", "--help"),
    ],
)
def test_help_fits_a_terminal_of_80_columns(words):
    result = nnspec(*words)

    assert result.returncode == 0
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_help_says_what_the_statuses_mean():
    said = one_line(nnspec("check", "--help").stdout)

    assert "0 CONFORMS, 1 DOES NOT CONFORM, 2 wrong use, 3 INCONCLUSIVE, 4 nnspec itself failed" in said
    assert "at least one of gradients, train and fit was judged" in said
    assert "docs/trust.md says what a verdict can rest on" in said


def test_the_version_is_that_of_the_package():
    assert nnspec("--version").stdout == f"nnspec, version {version('nnspec')}\n"


@pytest.mark.parametrize(
    "code",
    [
        "import nnspec",
        "import nnspec.cli.main",
        "from nnspec.cli.main import cli; cli(['--help'], standalone_mode=False)",
    ],
)
def test_nothing_heavy_is_imported_before_it_is_needed(code):
    ending = "import sys; print('heavy:', *{'numpy', 'rich', 'pytest', 'matplotlib'} & set(sys.modules))"

    result = subprocess.run(
        [sys.executable, "-c", f"{code}; {ending}"], capture_output=True, text=True, check=True
    )

    assert result.stdout.splitlines()[-1] == "heavy:"


# ---- statuses ----


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["reference", *ENOUGH], 0, "CONFORMS 2 passed (reference, "),
        (["--", *program("speaks_json")], 3, "INCONCLUSIVE 1 passed (/"),
        ([target("raises")], 1, "DOES NOT CONFORM 1 wrong form · 0 passed · 1 not judged (/"),
        ([target("exits_at_import")], 3, "INCONCLUSIVE could not be reached (/"),
    ],
    ids=["conforms", "too little", "does not", "not reached"],
)
def test_a_check_ends_with_its_status(words, status, said):
    result = nnspec("check", *CHEAP, *words)

    assert result.returncode == status, result
    assert said in one_line(result.stdout)


def test_a_syntax_error_in_the_file_is_shown_with_its_line(tmp_path):
    (tmp_path / "mine.py").write_text("import math\n\ndef softmax(scores:\n", encoding="utf-8")

    result = nnspec("check", "mine.py", *CHEAP, cwd=tmp_path)

    assert result.returncode == 3, result
    assert 'mine.py", line 3' in result.stdout
    assert (
        "SyntaxError: '(' was never closed\n\nINCONCLUSIVE  could not be reached  (mine.py" in result.stdout
    )


def test_fresh_inputs_come_with_the_seed_that_brings_them_back():
    (line,) = nnspec("check", "reference", "--fresh", "-q", *CHEAP).stdout.splitlines()

    assert int(line.partition(", seed ")[2].partition(",")[0]) > 0


# ---- the report ----


def test_quiet_prints_the_verdict_alone():
    result = nnspec("check", "reference", "-q", *ENOUGH)

    assert re.fullmatch(r"CONFORMS  1 passed  \(reference, .*\)\n", result.stdout)


def test_verbose_says_what_is_unsupported():
    result = nnspec("check", target("does_nothing"), "-v", *CHEAP)

    assert "unsupported tests, and why:\n     1  " in result.stdout


@pytest.mark.parametrize("columns", ["40", "80", "200"])
def test_the_last_line_is_the_verdict_at_any_width(columns):
    *others, last = nnspec(
        "check", target("raises"), *CHEAP, environment={"COLUMNS": columns}
    ).stdout.splitlines()

    assert last.startswith("DOES NOT CONFORM  1 wrong form · 0 passed · 1 not judged  (")
    assert last.endswith(")")
    assert not any("DOES NOT CONFORM" in line for line in others)


def test_one_mistake_that_fails_many_tests_prints_at_most_40_lines():
    chapters = ("--select", "losses", "--select", "gradients", "--select", "training.steps")
    lines = nnspec("check", "nnspec.mistakes:BiasesPenalised", *chapters).stdout.splitlines()

    assert int(re.match(r"DOES NOT CONFORM  (\d+) failed", lines[-1])[1]) > 60
    assert len(lines) <= 40


@pytest.mark.parametrize("length", [10, 20, 29, 40, 80, 200])
def test_the_length_of_a_path_changes_nothing_but_the_path(tmp_path, length):
    place = Path("x" * (length - len("/mine.py")), "mine.py")
    (tmp_path / place).parent.mkdir()
    (tmp_path / place).write_text(Path(target("raises")).read_text(encoding="utf-8"), encoding="utf-8")

    *others, last = nnspec("check", place, *CHEAP, cwd=tmp_path).stdout.splitlines()

    counts = "1 wrong form · 0 passed · 1 not judged"
    assert last.startswith(f"DOES NOT CONFORM  {counts}  ({place}, all documents, float64, nnspec ")
    assert others[0] == "Found before the first test:"


@pytest.mark.parametrize(
    ("words", "environment", "coloured"),
    [
        ((), {}, False),
        (("--color", "always"), {}, True),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
        (("--color", "never"), {}, False),
    ],
)
def test_a_pipe_has_no_colours_unless_they_are_asked_for(words, environment, coloured):
    result = nnspec("check", "reference", *CHEAP, *words, environment=environment)

    assert ("\x1b[" in result.stdout) == coloured


@posix
@pytest.mark.parametrize(("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_a_terminal_has_colours_unless_no_color_is_set(environment, coloured):
    output = in_a_terminal("check", "reference", *ENOUGH, environment=environment)

    assert ("\x1b[1;32mCONFORMS" in output) == coloured
    assert "CONFORMS  1 passed" in output


def in_a_terminal(*words, environment):
    """What the command line prints on a terminal."""
    import pty

    ours, theirs = pty.openpty()
    kept = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    process = subprocess.Popen(
        [sys.executable, "-m", "nnspec", *words],
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env={**kept, "TERM": "xterm", **environment},
    )
    os.close(theirs)
    output = b""
    with contextlib.suppress(OSError):  # the other end is closed
        while chunk := os.read(ours, 4096):
            output += chunk
    os.close(ours)
    assert process.wait() == 0
    return output.decode()


# ---- wrong use ----


@pytest.mark.parametrize(
    ("words", "help_with"),
    [
        ([], "Name one implementation: a TARGET (such as reference), or -- and a command."),
        (["--"], "Name one implementation: a TARGET (such as reference), or -- and a command."),
        (["reference", "--", "node", "mine.js"], "Name one implementation"),
        (["--in-process", "--", "node", "mine.js"], "--in-process is for Python objects"),
        (["refrence"], "Did you mean 'reference'?"),
        (["no.such.module"], "There is no implementation named 'no.such.module'."),
        (["no_such_file.py"], "There is no file 'no_such_file.py'."),
        (["reference", "--document", "goodfellow"], "'cs231n', 'wildml', 'roelants'"),
        ([f"{'long' * 100}.py"], "There is no file 'long"),
        (["reference", "--write-known-failures", f"{'long' * 100}.toml"], "File name too long."),
        (["reference", "--known-failures", "nowhere.json"], "'nowhere.json' does not exist"),
        (["reference", "--call-timeout", "0"], "--call-timeout"),
        (["reference", "--call-timeout", "nan"], "--call-timeout"),
        (["reference", "--memory-limit", "inf"], "--memory-limit"),
        (["reference", "--select", "functions.sotfmax"], "Did you mean functions.softmax?"),
        (["reference", "--selct", "functions"], "--select"),
        (["reference", "--select", ""], "--select needs the name of a chapter, a clause or a test"),
        (["reference", "--fresh", "--seed", "3"], "--fresh draws a seed of its own"),
        (["reference", "--require", "gradient"], "Did you mean gradients?"),
        (["reference", "--require", "train,,fit"], "There is no operation named ''."),
        (["reference", "--precision", "float16"], "'float64', 'float32'"),
        (["reference", "--write-known-failures", "known.yaml"], "must end with .toml or .json"),
    ],
    ids=lambda value: " ".join(value)[:80] or "nothing" if isinstance(value, list) else "",
)
def test_wrong_use_gets_an_error_that_says_how_to_fix_it(words, help_with):
    assert_wrong_use(nnspec("check", *CHEAP, *words), help_with=help_with)


def test_an_unknown_command_gets_a_suggestion():
    assert_wrong_use(nnspec("chekc", "reference"), help_with="check")


# ---- where it runs ----


def installed_command():
    """The script that pip puts beside Python, whose folder is not the one that it is called from."""
    return str(Path(sys.executable).with_name("nnspec"))


def test_a_module_in_the_present_folder_is_a_target(tmp_path):
    (tmp_path / "mine.py").write_text(Path(target("right")).read_text(encoding="utf-8"), encoding="utf-8")

    result = nnspec("check", "mine", *CHEAP, command=[installed_command()], cwd=tmp_path)

    assert "INCONCLUSIVE  1 passed  (mine," in result.stdout, result


def test_the_verdict_is_printed_in_an_encoding_that_lacks_characters():
    result = nnspec("check", "reference", *ENOUGH, environment={"PYTHONIOENCODING": "latin-1"})

    assert result.returncode == 0, result
    assert "CONFORMS" in result.stdout


def test_an_error_that_no_encoding_can_print_is_escaped():
    result = nnspec("check", target("raises_nonsense"), *CHEAP)

    assert result.returncode == 1
    assert "half a letter" in result.stdout
    assert "DOES NOT CONFORM" in result.stdout


@pytest.mark.parametrize("how", [(), ("--in-process",)], ids=["process", "in-process"])
def test_an_object_that_the_file_lacks_is_wrong_use(how):
    result = nnspec("check", f"{target('right')}:softmaxx", *how, *CHEAP)

    assert result.returncode == 2, result
    assert "has no 'softmaxx'" in result.stderr
    assert "Did you mean 'softmax'?" in result.stderr


# ---- words that others chose ----

VERDICTS = ("CONFORMS", "DOES NOT CONFORM", "INCONCLUSIVE")
NASTY = "\x1b[2J\r\nCONFORMS  771 passed\n::error::no"


@pytest.mark.parametrize(
    "words",
    [
        (NASTY,),
        (f"{NASTY}.py",),
        ("reference", "--select", NASTY),
        ("reference", "--require", NASTY),
        ("reference", "--known-failures", NASTY),
        ("reference", "--write-known-failures", NASTY),
        ("reference", "--document", NASTY),
    ],
    ids=["module", "file", "select", "require", "known", "write", "document"],
)
def test_an_error_repeats_no_word_that_does_anything(words):
    result = nnspec("check", *CHEAP, *words)

    assert result.returncode == 2, result
    assert "\x1b" not in result.stderr
    assert not any(line.startswith(VERDICTS) for line in result.stderr.splitlines())
    assert not any(line.lstrip().startswith("::") for line in result.stderr.splitlines())


@posix
def test_a_file_whose_name_imitates_a_verdict_is_checked_as_any_other(tmp_path):
    name = "mine\nCONFORMS  771 passed.py"
    (tmp_path / name).write_text("def softmax(scores):\n    return 2 * scores\n", encoding="utf-8")

    result = nnspec("check", name, *CHEAP, cwd=tmp_path)
    *others, last = result.stdout.splitlines()

    assert result.returncode == 1, result
    counts = "1 failed · 0 passed"
    assert last.startswith(f"DOES NOT CONFORM  {counts}  (mine\\nCONFORMS  771 passed.py, ")
    assert not any(line.startswith(VERDICTS) for line in others)
    assert r"nnspec check $'mine\012CONFORMS  771 passed.py'" in result.stdout


@pytest.mark.parametrize("columns", ["0", "-5", "wide", "99999999999"])
def test_a_width_that_no_terminal_has_changes_no_verdict(columns):
    run = nnspec("check", "reference", *CHEAP, environment={"COLUMNS": columns})

    assert run.returncode == 3, run
    assert run.stdout.splitlines()[-1].startswith("INCONCLUSIVE")


@posix
def test_a_folder_that_was_removed_is_wrong_use(tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    command = ["sh", "-c", 'rmdir "$PWD"; exec "$@"', "sh", sys.executable, "-m", "nnspec"]

    run = nnspec("check", "reference", *CHEAP, command=command, cwd=gone)

    assert_wrong_use(run, help_with="The current folder does not exist any more")


@posix
def test_known_failures_are_not_written_to_what_is_no_file(tmp_path):
    (tmp_path / "known.toml").symlink_to("/dev/zero")

    run = nnspec("check", "reference", *CHEAP, "--write-known-failures", tmp_path / "known.toml", timeout=60)

    assert_wrong_use(run, help_with="it is no file.")
