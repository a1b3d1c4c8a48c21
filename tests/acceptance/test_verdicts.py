"""A green verdict means something, and a red one too: each kind of accident by two programs, from outside.

The programs are in programs.py, after_documents.py, fits.py and slow.py; speaks.py puts those of programs.py behind
JSON. Each section is a kind; its tests look at the last line, the exit status and the few words that a user must see.
"""

from __future__ import annotations

import re
import shutil
import sys
from functools import cache
from pathlib import Path

import pytest
from command_line import nnspec, one_line

HERE = Path(__file__).parent
CONFORMS, DOES_NOT, INCONCLUSIVE = "CONFORMS", "DOES NOT CONFORM", "INCONCLUSIVE"
STATUS = {CONFORMS: 0, DOES_NOT: 1, INCONCLUSIVE: 3}
#: Installed beside this interpreter: unlike ``python -m nnspec``, it leaves the current folder alone.
SCRIPT = (shutil.which("nnspec", path=str(Path(sys.executable).parent)) or "nnspec",)
WHOLE_RUN = "training.spiral-relu"


@cache  # some tests look at the same check
def check(name, *words, file="programs.py"):
    """``nnspec check`` of a program of programs.py, or of another file."""
    return nnspec("check", HERE / f"{file}:{name}", *words, command=SCRIPT)


@cache
def check_json(name, *words, habit=""):
    """``nnspec check`` of the same program behind JSON."""
    speaks = [sys.executable, HERE / "speaks.py", name, *([habit] if habit else [])]
    buffered = {"PYTHONUNBUFFERED": ""}
    return nnspec("check", *words, "--", *speaks, command=SCRIPT, environment=buffered)


def last_line(run):
    """The verdict's line."""
    return run.stdout.rstrip().rpartition("\n")[2]


def assert_verdict(run, word):
    """The last line begins with the word, and the exit status is the word's."""
    shown = f"{run.stdout[-3000:]}\n{run.stderr[-1000:]}"
    assert (last_line(run).partition("  ")[0], run.returncode) == (word, STATUS[word]), shown


def assert_counts(run):
    """The last line says how many tests passed."""
    assert re.search(r"  \d+ passed", last_line(run)), last_line(run)


def assert_counts_as_unsupported(run):
    """The last line says how many tests a missing operation left out, and calls none of them declined."""
    assert re.search(r"  \d+ passed · \d+ unsupported  \(", last_line(run)), last_line(run)


def assert_says(run, pattern):
    """The report has this, wherever its lines are broken; what was checked, in the last line, does not count."""
    assert re.search(pattern, one_line(run.stdout).rpartition(" (")[0], re.I), run.stdout[-3000:]


# ---- too little was judged ----


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("one_function", ["--document", "cs231n"]),
        ("inference_alone", ["--quick"]),
        ("loss_alone", ["--quick", "--document", "roelants"]),
    ],
)
def test_a_program_that_offers_too_little_is_not_judged(name, words):
    run = check(name, *words)

    assert_verdict(run, INCONCLUSIVE)
    assert_counts(run)


@pytest.mark.parametrize("required", ["softmax", "loss,update", "all"])
def test_what_is_required_must_be_there(required):
    run = check("right_core", "--quick", "--require", required)

    assert_verdict(run, INCONCLUSIVE)
    assert_says(run, "softmax" if required == "all" else required.rpartition(",")[2])


def test_a_program_with_what_is_required_conforms():
    assert_verdict(check("right_core", "--quick", "--require", "loss,gradients,train"), CONFORMS)


def test_what_was_declined_stands_in_the_last_line():
    run = check("DeclinesToTrain", "--quick")

    assert_verdict(run, INCONCLUSIVE)
    assert re.search(r"declined: .*gradients.*train", last_line(run).partition("programs.py")[0])


def test_what_a_command_never_answers_is_not_offered_and_not_judged():
    run = check_json("DeclinesToTrain", "--quick")

    assert_verdict(run, INCONCLUSIVE)
    assert_says(run, "None of gradients, train and fit was judged")
    assert_counts_as_unsupported(run)


def test_what_a_command_does_not_offer_stands_in_the_last_line_as_for_python():
    for run in (check("right_core", "--quick"), check_json("right_core", "--quick")):
        assert_verdict(run, CONFORMS)
        assert_counts_as_unsupported(run)


@pytest.mark.parametrize(
    ("behind", "name", "operation"),
    [(check, "SleepsInGradients", "gradients"), (check_json, "SleepsInTrain", "train")],
)
def test_a_call_that_hangs_when_the_budget_ends_is_named(behind, name, operation):
    run = behind(name, "--quick", "--budget", "8s")

    assert_verdict(run, INCONCLUSIVE)
    assert_says(
        run, rf"\b{operation}\b[^.]{{0,80}}\b(call|answer)|\b(call|answer)[^.]{{0,80}}\b{operation}\b"
    )


# ---- what is ignored is looked at ----


@pytest.mark.parametrize("name", ["constant_rate", "constant_rate_under_momentum"])
def test_a_schedule_that_is_ignored_is_refused(name):
    run = check(name, "--quick")

    assert_verdict(run, DOES_NOT)
    assert_says(run, "schedule")


@pytest.mark.parametrize(
    "name",
    [
        "schedule_by_epochs",
        "schedule_starts_anew_each_epoch",
        "constant_rate_under_momentum_on_minibatches",
    ],
)
def test_a_schedule_that_counts_otherwise_on_minibatches_is_refused(name):
    words = ("--select", "training.schedules-and-minibatches", "--select", "updates", "--diagnose", "none")

    assert_verdict(check(name, *words), DOES_NOT)


def test_an_example_that_a_minibatch_names_twice_counts_twice():
    assert_verdict(check("each_example_once", "--select", "training.steps"), DOES_NOT)


# ---- one shape ----


def test_an_error_of_one_operation_alone_is_no_shape_that_the_program_is_made_for():
    run = check("TrainsOneLayer", "--quick")

    assert_verdict(run, DOES_NOT)
    assert_says(run, "train raised ValueError.* for 2 layers, for which forward, .* answer")


# ---- what no document states does not decide ----


@pytest.mark.parametrize("name", ["ExponentialsAsPrinted", "LogarithmOfZero"])
def test_the_formulas_that_the_documents_print_conform(name):
    run = check(name, "--quick")

    assert_verdict(run, CONFORMS)
    assert_says(run, "SHOULD")


@pytest.mark.parametrize("name", ["ExponentialsAsPrinted", "LogarithmOfZero"])
def test_common_sense_counts_where_it_is_asked_for(name):
    assert_verdict(check(name, "--quick", "--strict"), DOES_NOT)


@pytest.mark.parametrize("name", ["RateOutside", "NoVelocity"])
def test_each_convention_that_no_document_decides_conforms(name):
    runs = ("annealing", "schedules-and-minibatches", "stored-states", "circles-momentum")

    selected = [word for run in runs for word in ("--select", f"training.{run}")]
    assert_verdict(check(name, "--select", "updates", *selected), CONFORMS)


# ---- the program's folder is its own ----

LISTED, OTHERS = ("json", "random", "rich"), ("sitecustomize", "click", "nnspec", "_pytest", "conftest")


@pytest.fixture
def folder(tmp_path):
    """A folder with the programs, and with a wrong one."""
    shutil.copy(HERE / "programs.py", tmp_path)
    wrong = "from programs import *\n\n\nclass Wrong(Right):\n    def gradients(self, *a, **n):\n"
    wrong += "        return without(super().gradients(*a, **n), 0.5)\n"
    (tmp_path / "adapter.py").write_text(wrong, encoding="utf-8")
    return tmp_path


EXITS, HARMLESS = "import os\n\nos._exit(0)\n", '"""Notes of mine."""\n'
#: Each file alone, for one chapter, and all files together, for all.
BESIDE = pytest.mark.parametrize(
    ("modules", "words"),
    [
        *(([module], ["--select", "gradients", "--diagnose", "none"]) for module in (*LISTED, *OTHERS)),
        ([*LISTED, *OTHERS], []),
    ],
    ids=[*LISTED, *OTHERS, "all"],
)


def check_beside(folder, name, modules, text, words):
    for module in modules:
        (folder / f"{module}.py").write_text(text, encoding="utf-8")
    return nnspec("check", f"adapter.py:{name}", "--quick", *words, command=SCRIPT, cwd=folder)


@BESIDE
def test_a_file_beside_a_wrong_program_does_not_make_it_right(folder, modules, words):
    run = check_beside(folder, "Wrong", modules, EXITS, words)

    assert run.returncode in {1, 3}, run
    assert last_line(run).startswith((DOES_NOT, INCONCLUSIVE)), run


@BESIDE
def test_a_file_beside_a_right_program_does_not_break_it(folder, modules, words):
    assert_verdict(check_beside(folder, "Right", modules, HARMLESS, words), CONFORMS)


# ---- written after a document, described by nothing ----

AFTER_FILE = "after_documents.py"
AFTER = [
    ("AfterCS231n", "cs231n", "AfterCS231nWithAnotherMask", "mask"),
    ("AfterRoelants", "roelants", "AfterRoelantsWithoutTheSlope", "derivative"),
]


@pytest.mark.parametrize(("name", "document"), [case[:2] for case in AFTER])
def test_a_program_after_a_document_conforms_to_it(name, document):
    assert_verdict(check(name, "--document", document, file=AFTER_FILE), CONFORMS)


@pytest.mark.parametrize(("document", "name", "mistake"), [case[1:] for case in AFTER])
def test_its_one_mistake_is_named(document, name, mistake):
    run = check(name, "--document", document, "--quick", file=AFTER_FILE)

    assert_verdict(run, DOES_NOT)
    assert re.search(rf"^mistake\b.*(\n\s.*)*{mistake}", run.stdout, re.M), run.stdout


@pytest.mark.parametrize(
    ("name", "ignored"), [("AfterCS231n", "reduction"), ("AfterRoelants", "(l2|penalty)")]
)
def test_what_it_ignores_is_said_once_an_operation(name, ignored):
    report = one_line(check(name, "--quick", file=AFTER_FILE).stdout)

    assert re.search(rf"loss[^:]{{0,40}} ignores [^:]*{ignored}", report), report
    assert "describe" in report


# ---- an initialisation of its own ----


@pytest.mark.parametrize("name", ["Estimator", "OwnNormals"])
def test_a_fit_from_weights_of_its_own_is_never_too_accurate(name):
    assert_verdict(check(name, "--select", "outcomes", file="fits.py"), CONFORMS)


def test_a_fit_from_weights_of_its_own_that_goes_uphill_is_refused():
    words = ("--select", "outcomes.moons-tanh", "--select", "outcomes.spiral-relu", "--diagnose", "none")

    assert_verdict(check("WrongOwnNormals", *words, file="fits.py"), DOES_NOT)


# ---- form before numbers ----


@pytest.mark.parametrize(
    ("name", "operation"),
    [("LayerByLayer", "gradients"), ("ALossAnExample", "loss"), ("OneHotLabels", "predict")],
)
def test_a_wrong_form_is_one_line(name, operation):
    run = check(name, "--quick")
    report = one_line(run.stdout)

    assert_verdict(run, DOES_NOT)
    assert report.rpartition(DOES_NOT)[0].count("wrong form") == 1, run.stdout
    assert re.search(rf"\b{operation}\b.{{0,60}}wrong form|wrong form.{{0,60}}\b{operation}\b", report), (
        run.stdout
    )


# ---- numbers as other languages print and read them ----


@pytest.mark.parametrize("digits", [14, 15, 16])
def test_few_digits_are_told_once(digits):
    run = check_json("right_core", "--quick", habit=f"prints:{digits}")
    report = one_line(run.stdout)

    assert_verdict(run, INCONCLUSIVE)
    assert report.count(f"its numbers have {digits} digits") == 1, run.stdout
    assert "17" in report
    assert "float32" not in report


def test_as_many_digits_as_float32_has_are_told_with_that_precision():
    run = check_json("right_core", "--quick", habit="prints:9")
    report = one_line(run.stdout)

    assert_verdict(run, INCONCLUSIVE)
    assert report.count("its numbers have 9 digits") == 1, run.stdout
    assert 'if it computes in float32, answer "precision": "float32"' in report, run.stdout


@pytest.mark.parametrize("digits", [9, 14])
def test_a_reader_that_keeps_few_digits_is_told_once(digits):
    run = check_json("right_core", "--quick", habit=f"takes:{digits}")

    assert_verdict(run, INCONCLUSIVE)
    assert one_line(run.stdout).count(f"its JSON reader keeps {digits} digits") == 1, run.stdout


def test_a_mistake_of_the_size_of_lost_digits_is_refused_behind_json():
    run = check_json("ATrifleTooFar", "--select", "updates")

    assert_verdict(run, DOES_NOT)
    assert_says(run, r"updates\.gradient-descent")


@pytest.mark.parametrize("habit", ["takes-next:1", "takes-next:2", "takes:15"])
def test_a_reader_that_is_a_little_off_is_no_mistake_of_the_program(habit):
    run = check_json("right", "--select", "losses", "--select", "gradients", habit=habit)

    assert run.returncode in {0, 3}, run.stdout
    assert_verdict(run, INCONCLUSIVE if run.returncode else CONFORMS)
    if run.returncode:
        assert_says(run, r"\bread")
    assert not re.search("^(mistake|relation)", run.stdout, re.M)


def test_a_program_behind_json_that_reads_and_prints_every_digit_conforms():
    assert_verdict(check_json("right_core", "--quick"), CONFORMS)


# ---- slow is not wrong ----


def test_a_run_that_takes_longer_than_a_call_may_is_asked_in_pieces():
    run = check("Slow", "--select", WHOLE_RUN, "--call-timeout", "2", file="slow.py")

    assert_verdict(run, CONFORMS)
    assert "timed out" not in last_line(run)


def test_a_call_that_cannot_be_asked_in_pieces_is_not_judged():
    run = check("SlowFit", "--select", "outcomes.spiral-linear", "--call-timeout", "1", file="slow.py")

    assert_verdict(run, INCONCLUSIVE)
    assert_says(run, r"\bfit\b")


# ---- a program that waits ----


@pytest.mark.parametrize("habit", ["keeps", "waits"])
def test_a_program_that_answers_when_stdin_is_closed_is_told_to_flush(habit):
    run = check_json("right_core", "--quick", "--call-timeout", "3", habit=habit)

    assert_verdict(run, INCONCLUSIVE)
    assert_says(run, "until stdin was closed")
    assert_says(run, "flush")
