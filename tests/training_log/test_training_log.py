"""``nnspec trace``: what a log may look like, and what is said of it."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_cli import assert_wrong_use, nnspec, one_line

from nnspec.contract.errors import WrongUse
from nnspec.documents.experiments import TRACED
from nnspec.reference import Reference
from nnspec.runs.printed_numbers import LOSSES, decimals
from nnspec.training_log import naming, stored
from nnspec.training_log.reading import read
from nnspec.training_log.variants import right, variants

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")

# ---- reading ----

WANTED = {0: (1.096956, 5e-7), 10: (0.917265, 5e-7), 20: (0.8515, 5e-5)}
FORMS = {
    "as CS231n prints": "iteration 0: loss 1.096956\niteration 10: loss 0.917265\niteration 20: loss 0.8515",
    "as WildML prints": "Loss after iteration 0: 1.096956\nLoss after iteration 10: 0.917265\n"
    "Loss after iteration 20: 0.8515\n",
    "among other lines": "seed 7, learning rate 1.0\n\n[12:00:01] Iteration: 0/200 - loss=1.096956 - acc: 0.33\n"
    "[12:00:02] Iteration: 10/200 - loss=0.917265 - acc: 0.45\nsaved after 10\n"
    "[12:00:03] Iteration: 20/200 - loss=0.8515 - acc: 0.5\ntraining accuracy: 0.49\n",
    "of epochs": "Epoch 0 | train_loss 1.096956\nEpoch 10 | train_loss 0.917265\nEpoch 20 | train_loss 8.515e-1",
    "columns": "0 1.096956\n10\t0.917265\n20, 0.8515\n",
    "CSV": "time,step,accuracy,loss\n1,0,0.33,1.096956\n2,10,0.4,0.917265\n3,20,0.5,0.8515\n",
    "CSV with semicolons": '"Iteration";"Loss"\n0;1.096956\n10;0.917265\n20;0.8515\n',
    "JSON by iteration": '{"0": 1.096956, "10": 0.917265, "20": 0.8515}',
    "JSON lists": '{"iterations": [0, 10, 20], "losses": [1.096956, 0.917265, 0.8515]}',
    "JSON pairs": "[[0, 1.096956], [10, 0.917265], [20, 0.8515]]",
    "JSON objects": '[{"step": 0, "loss": 1.096956}, {"step": 10, "loss": 0.917265}, {"step": 20, "loss": 0.8515}]',
}


@pytest.mark.parametrize("form", FORMS)
def test_losses_are_read_with_what_their_last_digits_leave_open(form):
    losses = read(FORMS[form], "log")

    assert {i: (loss.value, pytest.approx(loss.half)) for i, loss in losses.items()} == WANTED


def test_a_json_list_counts_from_0():
    assert {i: loss.value for i, loss in read("[3.5, 2, 1.5]", "log").items()} == {0: 3.5, 1: 2.0, 2: 1.5}


@pytest.mark.parametrize("printed", ["nan", "NaN", "inf", "-inf"])
def test_what_is_no_number_is_read_as_it_is(printed):
    assert str(read(f"iteration 3: loss {printed}", "log")[3].value) == printed.lower()


WRONG = {
    "": "log has no losses. Print lines such as",
    "all went well": "log has no losses",
    "iteration 1: loss 2.0\niteration 1: loss 2.0": "log, line 2: iteration 1 comes a second time",
    "[1.0, 2.0": "begins as JSON and is none",
    '{"losses": [1.0, 2.0], "iterations": [1]}': "give as many iterations as there are losses, 2",
    '["a", null]': "entry 0: the loss 'a' is no number",
    "[null]": "entry 0: None is no loss",
    '{"one": 1.0}': "'one' is no iteration",
    "step,loss\n1\n": "line 2: there are 1 columns",
    "step,loss\n1,much\n": "line 2: the loss 'much' is no number",
    "step,loss\n1.5,2\n": "line 2: '1.5' is no iteration",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_cannot_be_read_is_said_where(text):
    with pytest.raises(WrongUse) as told:
        read(text, "log")

    assert WRONG[text] in str(told.value)


TEXTS = st.text() | st.sampled_from([*FORMS.values(), *WRONG])
PIECES = st.lists(
    TEXTS | st.sampled_from([",", "\n", "[", "{", '"', "1e999", "9" * 5000, "\0", "iteration", "loss"])
)


@given(PIECES)
def test_whatever_stands_in_a_file_is_read_or_refused(pieces):
    with contextlib.suppress(WrongUse):
        losses = read("".join(pieces), "log")

        assert losses
        assert all(iteration >= 0 and loss.half >= 0 for iteration, loss in losses.items())


# ---- naming ----

#: The documents' runs that print losses.
PRINTING = [name for name, printed in LOSSES.items() if printed]


def log_of(experiment, name, iterations, digits=6):
    """What a variant prints."""
    variant = next(each for each in (right(experiment), *variants(experiment)) if each.name == name)
    losses = variant.losses(iterations, noise=3e-16)
    return read("\n".join(f"{i} {loss:.{digits}f}" for i, loss in losses.items()), "log")


@pytest.mark.parametrize("name", PRINTING)
def test_what_the_documents_print_is_right(name):
    log = read("\n".join(f"iteration {i}: loss {digits}" for i, digits in LOSSES[name].items()), "log")

    assert naming.judge(log, TRACED[name], "float64").accepted


@pytest.mark.parametrize("name", PRINTING)
def test_another_last_digit_but_one_is_wrong(name):
    printed = {
        **LOSSES[name],
        "0": f"{float(LOSSES[name]['0']) + 10 ** (1 - decimals(LOSSES[name]['0'])):.6f}",
    }
    log = read("\n".join(f"iteration {i}: loss {digits}" for i, digits in printed.items()), "log")

    assert not naming.judge(log, TRACED[name], "float64").accepted


NAMED = [
    ("spiral-linear", "PenaltyWithoutTheHalf", range(0, 200, 10)),
    ("spiral-linear", "learning rate 0.1", range(0, 200, 10)),
    ("spiral-linear", "strength of the penalty 0.01", range(0, 200, 10)),
    ("spiral-linear", "Normals from 300", range(0, 200, 10)),
    ("spiral-linear", "seed 1 for all", range(0, 200, 10)),
    ("spiral-linear", "initial weights 0.1 · N(0, 1)", range(0, 200, 10)),
    ("spiral-linear", "iterations counted from 1", range(10, 200, 10)),
    ("spiral-linear", "PenaltyWithoutTheHalf", [0, 10, 20]),
    ("circles-momentum", "momentum 0.5", range(0, 300, 10)),
    ("circles-momentum", "number of hidden units 4", range(0, 300, 10)),
    ("moons-relu", "logged before the update", range(0, 50, 5)),
    ("moons-relu", "loss not divided by N", range(0, 50, 5)),
]


@pytest.mark.parametrize(("experiment", "name", "iterations"), NAMED, ids=lambda value: str(value))
def test_what_prints_a_log_is_named(experiment, name, iterations):
    found = naming.search(log_of(TRACED[experiment], name, iterations), TRACED[experiment], "float64")

    assert [fit.variant.name for fit in found.fits] == [name]
    assert found.fits[0].compared == len(list(iterations))


def test_few_digits_leave_several_and_none_is_sure():
    log = log_of(TRACED["spiral-linear"], "PenaltyWithoutTheHalf", [0, 10, 20], digits=2)

    found = naming.search(log, TRACED["spiral-linear"], "float64")

    assert not any(fit.sure for fit in found.fits)


def test_what_is_no_number_names_nothing():
    log = read("\n".join(["0 1.098744", "1000 nan", "2000 nan"]), "log")

    assert naming.search(log, TRACED["spiral-relu"], "float64").fits == []


def test_losses_of_nothing_that_is_known_are_left_unexplained():
    log = read("\n".join(f"{i} {1.1 / (1 + i / 40):.6f}" for i in range(0, 200, 10)), "log")

    assert naming.search(log, TRACED["spiral-linear"], "float64").fits == []


# ---- what is stored ----


@pytest.mark.parametrize("name", ["spiral-linear", "spiral-relu", "moons-tanh", "circles-momentum"])
def test_every_stored_log_is_that_of_a_variant(name):
    known = {variant.name for variant in variants(TRACED[name])}

    assert stored.losses(name)
    assert stored.losses(name).keys() <= known


@pytest.mark.parametrize("variant", ["learning rate 2", "BiasesPenalised", "seed 3"])
def test_a_stored_log_is_what_the_variant_prints_today(variant):
    experiment = TRACED["spiral-linear"]
    expected = stored.losses(experiment.name)[variant]

    got = next(each for each in variants(experiment) if each.name == variant).losses(expected)

    assert got == pytest.approx(expected, rel=stored.CERTAIN + stored.CUT)


@pytest.mark.parametrize("name", TRACED)
def test_every_variant_has_a_name_of_its_own_and_says_how_to_mend_it(name):
    found = list(variants(TRACED[name]))

    assert len({variant.name for variant in found}) == len(found)
    assert all(variant.about.endswith(".") and variant.fix.endswith(".") for variant in found)


# ---- the command ----


def trace(text, *more, experiment="spiral-linear"):
    """The command, with a log on its standard input."""
    return nnspec("trace", "-", "--experiment", experiment, *more, input=text)


CS231N = "\n".join(f"iteration {i}: loss {digits}" for i, digits in LOSSES["spiral-linear"].items())


def test_a_right_log_ends_with_0():
    told = trace(CS231N)

    assert told.returncode == 0
    assert told.stdout == "spiral-linear: 20 losses judged, each as a correct program in float64 has it.\n"


def test_a_wrong_one_ends_with_1_and_the_first_that_is_wrong():
    told = trace(CS231N.replace("0.851503", "0.851513"))

    assert told.returncode == 1
    assert "1 of 20 losses judged is wrong, as float64." in told.stdout
    assert "iteration 20: 0.851513, not 0.851503" in told.stdout
    assert "Unexplained" in told.stdout


def test_the_mistake_is_told_with_its_mend_within_80_columns():
    log = log_of(TRACED["spiral-linear"], "PenaltyWithoutTheHalf", range(0, 200, 10))

    told = trace("\n".join(f"{i} {loss.value:.6f}" for i, loss in log.items()))

    assert told.returncode == 1
    assert "The loss adds λ · Σ‖W‖², without the half.\n  Fix: Multiply by one half" in told.stdout
    assert "Sure: it prints 20 losses of these, to the last digit; 19 of them" in told.stdout
    assert max(map(len, told.stdout.splitlines())) <= 80


def test_the_readme_shows_what_it_says():
    (command,) = re.findall(r"printf '(.*)' (.*) \|\n  .venv/bin/nnspec trace - --experiment (\S+)", README)
    pattern, words, experiment = command[0], command[1].split(), command[2]
    lines = [pattern.replace("%s", "{}").format(*pair) for pair in zip(words[::2], words[1::2], strict=True)]

    told = trace("".join(lines).replace("\\n", "\n"), experiment=experiment)

    assert f"```text\n{told.stdout}```" in README


def test_a_float32_log_is_told_so():
    losses = Reference().train(**TRACED["spiral-linear"].training(60, "float32"))["losses"]
    text = "\n".join(f"{i} {float(loss):.9f}" for i, loss in enumerate(losses))

    told = trace(text)

    assert told.returncode == 1
    assert "but of one in float32" in one_line(told.stdout)
    assert trace(text, "--precision", "float32").returncode == 0


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_what_is_no_number_is_told_so(precision):
    told = trace("0 1.098744\n1000 nan\n2000 nan", "--precision", precision, experiment="spiral-relu")

    assert told.returncode == 1
    assert "From iteration 1000 on, losses are no numbers" in told.stdout


@pytest.mark.parametrize(
    ("text", "experiment", "said"),
    [
        (CS231N, "spiral-liner", "There is no experiment named 'spiral-liner'. Did you mean spiral-linear?"),
        ("0 1.0\n1 1.0", "spiral-linear", "<stdin> has 2 losses. Give 3 or more"),
        (
            "901 1.0\n902 1.0\n903 1",
            "spiral-linear",
            "none of these iterations of spiral-linear can be judged",
        ),
        ("nothing", "spiral-linear", "has no losses. Print lines such as"),
    ],
)
def test_wrong_use_says_how_to_mend_it(text, experiment, said):
    assert_wrong_use(trace(text, experiment=experiment), help_with=said)


def test_a_missing_file_is_wrong_use():
    told = nnspec("trace", "missing.txt", "--experiment", "spiral-linear")

    assert_wrong_use(told, help_with="missing.txt")
