"""``nnspec trace``: what is said about a log, and the exit status."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from command_line import assert_wrong_use, nnspec, one_line

from nnspec.documents.experiments import TRACED
from nnspec.mistakes import catalogue
from nnspec.mistakes.base import with_other_constants
from nnspec.reference import Reference
from nnspec.runs.printed_numbers import LOSSES
from nnspec.training_log import work
from nnspec.training_log.reading import read
from nnspec.training_log.verdict import verdict

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
CS231N = "\n".join(f"iteration {i}: loss {digits}" for i, digits in LOSSES["spiral-linear"].items())


def losses_of(experiment, iterations, program=Reference, precision="float64", **changes):
    """The objective before each update."""
    arguments = {**TRACED[experiment].training(iterations, precision), **changes}
    return [float(loss) for loss in program().train(**arguments)["losses"]]


def lines(losses, iterations, digits=6, pattern="iteration {}: loss {}", start=0):
    return "\n".join(pattern.format(i + start, f"{losses[i]:.{digits}f}") for i in iterations)


def answer(text, experiment="spiral-linear", precision="float64"):
    """The exit status, and what is said in one line."""
    found = verdict(read(text, "log"), TRACED[experiment], precision, "log")
    assert max(map(len, found.text.splitlines())) <= 80
    return found.status, one_line(found.text)


@pytest.fixture
def short_search(monkeypatch):
    """A search that ends soon: enough for what is stored."""
    monkeypatch.setattr(work, "ITERATIONS", 300)


# ---- a correct program ----


def test_what_was_read_is_said_first():
    run = trace(
        "step 0 val loss 1.3163 train loss 1.0970\nstep 10 val loss 1.1 train loss 0.9173\nstep 20 train loss 0.8515"
    )

    assert run.returncode == 0
    assert one_line(run.stdout).startswith(
        "Read “train loss” as the loss and “step” as the iteration: 3 losses, 0 to 20. Not read: “val loss”. "
        "spiral-linear: 3 losses judged, none wrong (float64)."
    )


@pytest.mark.parametrize(
    "pattern", ["Epoch [{}/200], Loss: {}", "Epoch {}/200\n1/1 [====] - 0s 2ms/step - loss: {}"]
)
def test_a_correct_log_that_counts_from_1_is_accepted_and_says_so(pattern):
    text = lines(losses_of("spiral-linear", 40), range(0, 40, 10), 4, pattern, start=1)

    status, said = answer(text)

    assert status == 0
    assert "Iterations are counted from 1: iteration 1 of the log is the document's 0." in said


def test_a_log_that_stops_early_says_how_far_the_document_goes():
    half, whole = CS231N.splitlines()[:10], CS231N

    assert (
        "stops at iteration 90, and the document's run goes on to iteration 199" in answer("\n".join(half))[1]
    )
    assert "stops" not in answer(whole)[1]


def test_too_few_digits_say_how_many_mistakes_they_would_not_have_shown():
    losses = losses_of("spiral-linear", 200)

    counts = []
    for digits in (2, 4):
        status, said = answer(lines(losses, range(0, 200, 10), digits))
        assert status == 0
        hidden, known = re.search(r"would not have shown (\d+) of the (\d+) known mistakes", said).groups()
        counts.append((int(hidden), int(known)))

    (few, known), (more, same_known) = counts
    assert known == same_known
    assert known / 2 > few > more > 0
    assert "would not have shown" not in answer(lines(losses, range(0, 200, 10), 12))[1]


def test_losses_that_a_logger_stored_in_float32_are_accepted():
    stored = [np.float32(loss) for loss in losses_of("spiral-linear", 40)]

    status, said = answer(lines(stored, range(0, 40, 10), 17, "{},{}").join(["step,value\n", ""]))

    assert status == 0
    assert "These are float32 numbers, as TensorBoard stores them" in said


# ---- a wrong one ----


def test_an_epsilon_in_the_logarithm_is_named_before_float32_is_said():
    (mistake,) = (each for each in catalogue() if each.__name__ == "LossWithEpsilon")
    (epsilon,) = (each for each in with_other_constants(mistake) if each.constant == 1e-7)

    class RightGradients(Reference):
        cross_entropy = epsilon.cross_entropy
        constant = epsilon.constant

    losses = losses_of("spiral-linear", 200, RightGradients)

    status, said = answer(lines(losses, range(0, 200, 10)))

    assert status == 1
    assert "The loss is −log(p + 1e-7)" in said
    assert "float32" not in said


@pytest.mark.usefixtures("short_search")
def test_float32_is_said_where_nothing_else_fits():
    losses = losses_of("spiral-linear", 60, precision="float32")
    text = lines(losses, range(60), 9)

    status, said = answer(text)

    assert status == 1
    assert "but one in float32 does, and none of" in said
    assert answer(text, precision="float32")[0] == 0


@pytest.mark.parametrize(
    ("experiment", "before"),
    [
        ("spiral-relu", "before any update"),
        ("circles-momentum", "before any update"),
        ("moons-tanh", "after one update"),
    ],
)
@pytest.mark.usefixtures("short_search")
def test_a_correct_program_that_begins_elsewhere_is_told_how_to_begin(experiment, before):
    network = TRACED[experiment].network()
    random = np.random.default_rng(123456)
    network["weights"] = [w.std() * random.standard_normal(w.shape) for w in network["weights"]]
    losses = losses_of(experiment, 32, network=network)

    status, said = answer(lines(losses, range(0, 31, 10)), experiment)

    assert status == 2
    assert f"{experiment}: the log begins elsewhere. The first loss, {before}, is another already" in said
    assert f'start = EXPERIMENTS["{experiment}"].training()' in said


@pytest.mark.usefixtures("short_search")
def test_a_log_that_begins_right_and_goes_wrong_is_unexplained():
    status, said = answer(CS231N.replace("0.851503", "0.851513"))

    assert status == 1
    assert "1 of 20 losses judged is wrong (float64)." in said
    assert "iteration 20: got 0.851513, expected 0.851503" in said
    assert "Unexplained" in said


@pytest.mark.usefixtures("short_search")
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_nan_is_reported(precision):
    status, said = answer("0 1.098744\n1000 nan\n2000 nan", "spiral-relu", precision)

    assert status == 1
    assert "From iteration 1000 on, losses are nan or infinite" in said


# ---- the command ----


def trace(text, *more, experiment="spiral-linear"):
    """Run the command with a log on its standard input."""
    return nnspec("trace", "-", "--experiment", experiment, *more, input=text)


def test_the_readme_shows_its_output():
    (command,) = re.findall(r"printf '(.*)' (.*) \|\n  nnspec trace - --experiment (\S+)", README)
    pattern, words, experiment = command[0], command[1].split(), command[2]
    pairs = [pattern.replace("%s", "{}").format(*pair) for pair in zip(words[::2], words[1::2], strict=True)]

    run = trace("".join(pairs).replace("\\n", "\n"), experiment=experiment)

    assert run.returncode == 1
    assert f"```text\n{run.stdout}```" in README


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
        ("0,1.0,0.5\n1,0.9,0.6", "spiral-linear", "has 3 columns of numbers without names. Put a first line"),
    ],
)
def test_wrong_use_says_how_to_fix_it(text, experiment, message):
    assert_wrong_use(trace(text, experiment=experiment), help_with=message)


def test_a_missing_file_is_wrong_use():
    run = nnspec("trace", "missing.txt", "--experiment", "spiral-linear")

    assert_wrong_use(run, help_with="missing.txt")
