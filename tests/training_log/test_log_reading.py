"""What is read from a log: the losses, their iterations, and what the digits leave open."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from log_formats import FORMATS, LIST, LOSSES, each

from nnspec.contract.errors import WrongUse
from nnspec.training_log.reading import decode, read


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_read(name):
    text, iterations = FORMATS[name]

    log = read(decode(text.encode()), "log")

    assert {i: loss.value for i, loss in log.items()} == dict(zip(iterations, map(float, LIST), strict=True))


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
    "iteration 1: loss 2.0\niteration 1: loss 1.9": "log, line 2: iteration 1 occurs twice",
    "[1.0, 2.0": "begins like JSON but is not valid JSON",
    '{"losses": [1.0, 2.0], "iterations": [1]}': "expected a list of 2 iterations, one for each loss",
    '["a", null]': "entry 1: null is not a loss",
    "[null]": "entry 0: null is not a loss",
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
@settings(max_examples=40)
def test_any_text_is_read_or_refused(pieces):
    with contextlib.suppress(WrongUse):
        losses = read("".join(pieces), "log")

        assert losses
        assert all(iteration >= 0 and loss.half >= 0 for iteration, loss in losses.items())


@pytest.mark.parametrize(
    ("text", "loss", "others"),
    [
        (each("step {i} val loss {v} train loss {l}"), "train loss", ("val loss",)),
        (each("{i} data_loss {v} reg_loss 0.1 loss {l}"), "loss", ("data_loss", "reg_loss")),
        (each("epoch {i} loss {l} smoothed loss {v}"), "loss", ("smoothed loss",)),
        (each("epoch {i} avg loss {l} best loss {v}"), "avg loss", ("best loss",)),
        (each("epoch {i} test loss {l}"), "test loss", ()),
    ],
)
def test_the_words_of_the_loss_and_of_the_losses_beside_it_are_kept(text, loss, others):
    log = read(text, "log")

    assert (log.loss, log.other_losses) == (loss, others)
    assert log[0].value == float(LOSSES[0])


def test_a_log_in_utf_16_is_read():
    text = decode(each("iteration {i}: loss {l}").encode("utf-16"))

    assert list(read(text, "log")) == list(LOSSES)


def test_steps_in_epochs_are_counted_through():
    lines = [f"Epoch [{e}/2], Step [{s}/3], Loss: {e}.{s}" for e in (1, 2) for s in (1, 2, 3)]

    log = read("\n".join(lines), "log")

    assert {i: loss.value for i, loss in log.items()} == {1: 1.1, 2: 1.2, 3: 1.3, 4: 2.1, 5: 2.2, 6: 2.3}


def test_zeros_that_all_losses_end_in_are_no_digits():
    log = read("1.096956200000000000e+00\n9.172645700000000000e-01\n8.515032400000000000e-01\n", "log")

    assert [loss.half for loss in log.values()] == pytest.approx([5e-8, 5e-9, 5e-9])


def test_losses_that_are_stored_in_float32_are_known_to_float32():
    log = read("\n".join(f"{np.float32(loss):.17g}" for loss in (1.0969562, 0.91726457, 0.85150324)), "log")

    assert log.in_float32
    assert log[1].half == pytest.approx(2.0**-25)


def test_a_program_that_prints_17_digits_stores_float64():
    log = read("1.0969562056541443\n0.91726456600000001\n0.85150323999999999\n", "log")

    assert not log.in_float32
    assert log[1].half < 1e-16


def test_accuracies_and_gradient_norms_are_read_beside_the_losses():
    log = read(each("epoch {i} loss {l} accuracy: 49.00% val_accuracy: 0.3 grad_norm 0.25"), "log")

    assert [accuracy.value for accuracy in log.accuracies.values()] == [0.49] * 5
    assert [norm.value for norm in log.gradient_norms.values()] == [0.25] * 5
