"""``nnspec trace``: the forms of a log, and what is reported about it."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pytest
from command_line import assert_wrong_use, nnspec, one_line
from hypothesis import given
from hypothesis import strategies as st

from nnspec.contract.errors import WrongUse
from nnspec.documents.experiments import TRACED
from nnspec.reference import Reference
from nnspec.runs.printed_numbers import LOSSES, decimals
from nnspec.training_log import naming, variant_losses
from nnspec.training_log.reading import read
from nnspec.training_log.variants import correct, variants

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")

# ---- reading ----

EXPECTED = {0: (1.096956, 5e-7), 10: (0.917265, 5e-7), 20: (0.8515, 5e-5)}
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

    assert {i: (loss.value, pytest.approx(loss.half)) for i, loss in losses.items()} == EXPECTED


def test_a_json_list_counts_from_0():
    assert {i: loss.value for i, loss in read("[3.5, 2, 1.5]", "log").items()} == {0: 3.5, 1: 2.0, 2: 1.5}


@pytest.mark.parametrize("printed", ["nan", "NaN", "inf", "-inf"])
def test_nan_and_infinity_are_read(printed):
    assert str(read(f"iteration 3: loss {printed}", "log")[3].value) == printed.lower()


WRONG = {
    "": "log has no losses. Print lines such as",
    "all went well": "log has no losses",
    "iteration 1: loss 2.0\niteration 1: loss 2.0": "log, line 2: iteration 1 occurs twice",
    "[1.0, 2.0": "begins like JSON but is not valid JSON",
    '{"losses": [1.0, 2.0], "iterations": [1]}': "expected a list of 2 iterations, one for each loss",
    '["a", null]': "entry 0: the loss 'a' is not a number",
    "[null]": "entry 0: None is not a loss",
    '{"one": 1.0}': "'one' is not an iteration",
    "step,loss\n1\n": "line 2: fewer columns (1) than in the first line",
    "step,loss\n1,much\n": "line 2: the loss 'much' is not a number",
    "step,loss\n1.5,2\n": "line 2: '1.5' is not an iteration",
}


@pytest.mark.parametrize("text", WRONG)
def test_an_unreadable_log_is_reported_with_the_place(text):
    with pytest.raises(WrongUse) as error:
        read(text, "log")

    assert WRONG[text] in str(error.value)


TEXTS = st.text() | st.sampled_from([*FORMS.values(), *WRONG])
PIECES = st.lists(
    TEXTS | st.sampled_from([",", "\n", "[", "{", '"', "1e999", "9" * 5000, "\0", "iteration", "loss"])
)


@given(PIECES)
def test_any_text_is_read_or_refused(pieces):
    with contextlib.suppress(WrongUse):
        losses = read("".join(pieces), "log")

        assert losses
        assert all(iteration >= 0 and loss.half >= 0 for iteration, loss in losses.items())


# ---- naming ----

#: The documents' runs that print losses.
PRINTING = [name for name, printed in LOSSES.items() if printed]


def log_of(experiment, name, iterations, digits=6):
    """The log that a variant prints."""
    variant = next(each for each in (correct(experiment), *variants(experiment)) if each.name == name)
    losses = variant.losses(iterations, noise=3e-16)
    return read("\n".join(f"{i} {loss:.{digits}f}" for i, loss in losses.items()), "log")


@pytest.mark.parametrize("name", PRINTING)
def test_what_the_documents_print_is_right(name):
    log = read("\n".join(f"iteration {i}: loss {digits}" for i, digits in LOSSES[name].items()), "log")

    assert naming.judge(log, TRACED[name], "float64").accepted


@pytest.mark.parametrize("name", PRINTING)
def test_a_change_in_the_last_digit_but_one_is_wrong(name):
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
def test_the_variant_that_prints_a_log_is_named(experiment, name, iterations):
    result = naming.search(log_of(TRACED[experiment], name, iterations), TRACED[experiment], "float64")

    assert [fit.variant.name for fit in result.fits] == [name]
    assert result.fits[0].losses == len(list(iterations))


def test_with_few_digits_no_variant_is_sure():
    log = log_of(TRACED["spiral-linear"], "PenaltyWithoutTheHalf", [0, 10, 20], digits=2)

    result = naming.search(log, TRACED["spiral-linear"], "float64")

    assert not any(fit.sure for fit in result.fits)


def test_nan_names_no_variant():
    log = read("\n".join(["0 1.098744", "1000 nan", "2000 nan"]), "log")

    assert naming.search(log, TRACED["spiral-relu"], "float64").fits == []


def test_losses_of_no_known_variant_stay_unexplained():
    log = read("\n".join(f"{i} {1.1 / (1 + i / 40):.6f}" for i in range(0, 200, 10)), "log")

    assert naming.search(log, TRACED["spiral-linear"], "float64").fits == []


# ---- stored losses ----


@pytest.mark.parametrize("name", ["spiral-linear", "spiral-relu", "moons-tanh", "circles-momentum"])
def test_every_stored_log_belongs_to_a_variant(name):
    known = {variant.name for variant in variants(TRACED[name])}

    assert variant_losses.losses(name)
    assert variant_losses.losses(name).keys() <= known


@pytest.mark.parametrize("variant", ["learning rate 2", "BiasesPenalised", "seed 3"])
def test_a_variant_still_prints_its_stored_log(variant):
    experiment = TRACED["spiral-linear"]
    expected = variant_losses.losses(experiment.name)[variant]

    got = next(each for each in variants(experiment) if each.name == variant).losses(expected)

    assert got == pytest.approx(expected, rel=variant_losses.CERTAIN + variant_losses.ROUNDING)


@pytest.mark.parametrize("name", TRACED)
def test_every_variant_has_its_own_name_and_a_fix(name):
    every = list(variants(TRACED[name]))

    assert len({variant.name for variant in every}) == len(every)
    assert all(variant.about.endswith(".") and variant.fix.endswith(".") for variant in every)


# ---- the command ----


def trace(text, *more, experiment="spiral-linear"):
    """Run the command with a log on its standard input."""
    return nnspec("trace", "-", "--experiment", experiment, *more, input=text)


CS231N = "\n".join(f"iteration {i}: loss {digits}" for i, digits in LOSSES["spiral-linear"].items())


def test_a_correct_log_exits_with_0():
    run = trace(CS231N)

    assert run.returncode == 0
    assert run.stdout == "spiral-linear: 20 losses judged, none wrong (float64).\n"


def test_a_wrong_log_exits_with_1_and_shows_the_first_wrong_loss():
    run = trace(CS231N.replace("0.851503", "0.851513"))

    assert run.returncode == 1
    assert "1 of 20 losses judged is wrong (float64)." in run.stdout
    assert "iteration 20: got 0.851513, expected 0.851503" in run.stdout
    assert "Unexplained" in run.stdout


def test_the_mistake_and_its_fix_are_shown_within_80_columns():
    log = log_of(TRACED["spiral-linear"], "PenaltyWithoutTheHalf", range(0, 200, 10))

    run = trace("\n".join(f"{i} {loss.value:.6f}" for i, loss in log.items()))

    assert run.returncode == 1
    assert "The loss adds λ · Σ‖W‖², without the half.\n  Fix: Multiply by one half" in run.stdout
    assert "Sure: it prints 20 of these losses to the last digit; 19 of them" in run.stdout
    assert max(map(len, run.stdout.splitlines())) <= 80


def test_the_readme_shows_its_output():
    (command,) = re.findall(r"printf '(.*)' (.*) \|\n  nnspec trace - --experiment (\S+)", README)
    pattern, words, experiment = command[0], command[1].split(), command[2]
    lines = [pattern.replace("%s", "{}").format(*pair) for pair in zip(words[::2], words[1::2], strict=True)]

    run = trace("".join(lines).replace("\\n", "\n"), experiment=experiment)

    assert f"```text\n{run.stdout}```" in README


def test_a_float32_log_is_reported():
    losses = Reference().train(**TRACED["spiral-linear"].training(60, "float32"))["losses"]
    text = "\n".join(f"{i} {float(loss):.9f}" for i, loss in enumerate(losses))

    run = trace(text)

    assert run.returncode == 1
    assert "but one in float32 does" in one_line(run.stdout)
    assert trace(text, "--precision", "float32").returncode == 0


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_nan_is_reported(precision):
    run = trace("0 1.098744\n1000 nan\n2000 nan", "--precision", precision, experiment="spiral-relu")

    assert run.returncode == 1
    assert "From iteration 1000 on, losses are nan or infinite" in run.stdout


@pytest.mark.parametrize(
    ("text", "experiment", "message"),
    [
        (CS231N, "spiral-liner", "There is no experiment named 'spiral-liner'. Did you mean spiral-linear?"),
        ("0 1.0\n1 1.0", "spiral-linear", "<stdin> has fewer than 3 losses (2)."),
        (
            "901 1.0\n902 1.0\n903 1",
            "spiral-linear",
            "none of these iterations of spiral-linear can be judged",
        ),
        ("nothing", "spiral-linear", "has no losses. Print lines such as"),
    ],
)
def test_wrong_use_says_how_to_fix_it(text, experiment, message):
    assert_wrong_use(trace(text, experiment=experiment), help_with=message)


def test_a_missing_file_is_wrong_use():
    run = nnspec("trace", "missing.txt", "--experiment", "spiral-linear")

    assert_wrong_use(run, help_with="missing.txt")
