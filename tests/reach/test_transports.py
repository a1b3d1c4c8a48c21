"""No implementation can bring the harness down, and each way of failing has its own error."""

from __future__ import annotations

import re
import time
from pathlib import Path

import numpy as np
import pytest
from calls import MORE_THAN_A_PIPE_HOLDS, RIGHT, SCORES, SOON, SOONER, assert_answers_right, softmax
from miniatures import miniature, program, worker
from needs import linux, posix

from nnspec.contract import operations
from nnspec.contract.errors import (
    Crashed,
    Garbled,
    ImplementationError,
    MalformedAnswer,
    NoAnswer,
    OutOfMemory,
    TimedOut,
    Unreachable,
    Unsupported,
    WrongUse,
)
from nnspec.contract.operations import Description
from nnspec.judging import cases
from nnspec.reach import transports
from nnspec.reach.options import Options
from nnspec.reach.transports import PATIENCE, InProcess, OverProcess, open_transport
from nnspec.reference import Reference

# ---- right answers ----


@pytest.mark.parametrize("name", ["right", "prints", "floods_stdout", "floods_stderr", "mutates"])
def test_an_implementation_with_side_effects_still_answers_right(reach, name):
    transport = reach(miniature(name))

    for _ in range(3):
        assert_answers_right(transport)


@pytest.mark.parametrize("name", ["speaks_json", "speaks_base64", "speaks_hex"])
def test_a_program_in_any_language_answers(reach, name):
    assert_answers_right(reach(program(name)))


@pytest.mark.parametrize("name", ["speaks_json", "speaks_base64", "speaks_hex"])
def test_a_request_longer_than_every_pipe_arrives_whole(reach, name):
    scores = np.random.default_rng(0).standard_normal((20_000, 4))
    right = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)

    assert_answers_right(reach(program(name)), scores, right)


def test_numbers_travel_to_the_last_bit(reach):
    params = cases.problem(np.random.default_rng(1), (3, 4, 2), "tanh", cases.objective("mean", 1e-3))
    process = reach(worker("reference"))

    over, within = (
        operations.answer("gradients", transport.call("gradients", params))
        for transport in (process, InProcess(Reference(), "reference"))
    )

    for part in ("weights", "biases"):
        for left, right in zip(over[part], within[part], strict=True):
            np.testing.assert_array_equal(left, right, strict=True)


# ---- five different results ----


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("exits_with_0", "with exit status 0"),
        ("calls_sys_exit", "with exit status 0"),
        pytest.param("segfaults", "by signal SIGSEGV", marks=posix),
    ],
)
def test_a_process_that_ends_in_a_call_has_crashed(reach, name, ending):
    with pytest.raises(Crashed, match=f"the process ended {ending}"):
        softmax(reach(miniature(name)))


@posix
def test_a_crash_is_seen_at_once_though_a_child_keeps_stdout_open(reach):
    transport = reach(miniature("leaves_a_child"), timeout=9.0)
    began = time.monotonic()

    with pytest.raises(Crashed, match="with exit status 1"):
        softmax(transport)

    assert time.monotonic() - began < 4


def test_a_process_that_closes_its_output_has_crashed(reach):
    with pytest.raises(Crashed, match="but still runs"):
        softmax(reach(program("closes_its_output")))


def test_a_call_that_does_not_come_back_times_out(reach):
    with pytest.raises(TimedOut, match=f"no answer within {SOON:g} s; its stderr ends with:\nstill warm"):
        softmax(reach(miniature("hangs"), timeout=SOON))


def test_a_program_that_does_not_read_times_out(reach):
    transport = reach(program("stops_reading"), timeout=SOONER)

    with pytest.raises(TimedOut):
        softmax(transport, MORE_THAN_A_PIPE_HOLDS)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("speaks_no_json", "'0.25 0.75'"),
        ("speaks_half_json", "'[[0.25, 0.75]]'"),
        ("sends_no_result", '"id": 2'),
        ("answers_another_call", '"id": 3'),
        ("floods", "'epoch 1'"),
    ],
)
def test_a_line_that_is_not_a_message_is_shown(reach, name, line):
    with pytest.raises(Garbled, match=f"expected a reply to this call, got the line .*{re.escape(line)}"):
        softmax(reach(program(name)))


def test_base64_that_cannot_be_read_is_shown_with_the_reason(reach):
    with pytest.raises(Garbled, match=r"its numbers cannot be read \(.+\), in the line .*AAAA"):
        softmax(reach(program("packs_badly")))


def test_a_line_that_never_ends_is_cut_off(reach):
    with pytest.raises(Garbled, match="a line longer than 466016 bytes, which this call cannot need"):
        softmax(reach(program("never_ends_its_line")))


def test_lists_in_lists_without_end_are_not_parsed(reach):
    with pytest.raises(
        Garbled, match="its answer has about 100003 values; an answer to softmax may have 10012"
    ):
        softmax(reach(program("nests")))


def test_a_second_answer_to_a_call_is_not_taken_for_the_answer_to_the_next(reach):
    transport = reach(program("answers_twice"))
    softmax(transport)

    with pytest.raises(Garbled):
        softmax(transport)


@pytest.mark.parametrize("name", ["Flat", "Nan"])
def test_a_wrong_answer_is_not_an_error(reach, name):
    assert not np.array_equal(softmax(reach(miniature(f"answers:{name}"))), RIGHT)


@pytest.mark.parametrize("name", ["Nothing", "Word", "Ragged", "Huge"])
def test_an_answer_that_is_not_an_array_is_malformed(reach, name):
    with pytest.raises(MalformedAnswer, match="it must be an array of numbers"):
        softmax(reach(miniature(f"answers:{name}")))


@pytest.mark.parametrize("name", ["Complex", "Endless", "ManyDigits"])
def test_an_answer_that_no_message_can_hold_is_an_error_of_the_implementation(reach, name):
    with pytest.raises(ImplementationError, match="the answer to softmax cannot be sent"):
        softmax(reach(miniature(f"answers:{name}")))


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (miniature("raises"), r"return scores / \[\]\[0\](.|\n)*IndexError: list index out of range"),
        (miniature("raises_nonsense"), "half a letter"),
        (
            miniature("has_other_parameters"),
            r"softmax\(logits\) has the wrong parameters(.|\n)*as softmax\(scores\)",
        ),
        (program("answers_with_an_error"), "singular matrix"),
        (program("says_nothing_of_its_error"), "softmax failed with an error:\nan error without a message"),
    ],
    ids=["raises", "raises nonsense", "has other parameters", "answers with an error", "says nothing of it"],
)
def test_an_error_of_the_implementation_keeps_its_own_words(reach, command, message):
    with pytest.raises(ImplementationError, match=message):
        softmax(reach(command))


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (miniature("does_nothing"), "^operation softmax is missing$"),
        (miniature("uses_another_name"), r"^operation softmax is missing \(rename soft_max to softmax\?\)$"),
        (miniature("declines"), "softmax of scores is for another day"),
    ],
    ids=["does nothing", "uses another name", "declines"],
)
def test_an_operation_that_is_missing_or_declined_is_unsupported(reach, command, message):
    with pytest.raises(Unsupported, match=message):
        softmax(reach(command))


def test_the_code_method_not_found_makes_an_operation_unsupported(reach):
    transport = reach(program("speaks_json"))

    with pytest.raises(Unsupported, match="this one does softmax alone"):
        transport.call("predict", {})


@linux
def test_memory_is_bounded(reach):
    transport = reach(miniature("exhausts_memory"), gibibytes=0.5)

    with pytest.raises(OutOfMemory, match="MemoryError"):
        softmax(transport)


# ---- after a loss ----


@pytest.mark.parametrize(
    "command",
    [miniature("crashes_on_one_example"), program("answers_twice")],
    ids=["a crash", "nonsense"],
)
def test_a_new_process_answers_the_next_call(reach, command):
    transport = reach(command)
    two = np.zeros((2, 2))
    outcomes = []

    for scores in (SCORES, two, SCORES, two):
        try:
            outcomes.append(softmax(transport, scores) is not None)
        except NoAnswer:
            outcomes.append(False)

    assert sum(outcomes) == 2


def test_the_end_of_stderr_is_shown_after_a_crash(reach):
    with pytest.raises(Crashed, match="with exit status 7; its stderr ends with:\ndisk full"):
        softmax(reach(miniature("exits")))


def test_an_operation_that_timed_out_twice_and_no_other_is_not_called_again(reach):
    transport = reach(program("hangs"), timeout=SOONER)
    for _ in range(PATIENCE):
        with pytest.raises(TimedOut):
            softmax(transport)

    with pytest.raises(TimedOut, match="so it was not called again"):
        softmax(transport)
    with pytest.raises(Unsupported):
        transport.call("predict", {})


def test_a_process_that_cannot_be_replaced_stays_crashed(reach, tmp_path):
    transport = reach(program("starts_once", tmp_path / "started"))

    messages = []
    for _ in range(2 + PATIENCE):
        with pytest.raises(Crashed) as crash:
            softmax(transport)
        messages.append(str(crash.value))

    assert all("the device is busy" in message for message in messages[1:-1])
    assert "no other was started" in messages[-1]


def test_a_target_that_its_file_lacks_later_cannot_be_replaced(reach, tmp_path):
    adapter = tmp_path / "adapter.py"
    adapter.write_text("import os\nclass Net:\n    def softmax(self, scores):\n        os._exit(3)\n")
    transport = reach(worker(f"{adapter}:Net"), python=True)
    with pytest.raises(Crashed):
        softmax(transport)
    adapter.write_text("")

    with pytest.raises(Crashed, match=r"adapter\.py has no 'Net'"):
        softmax(transport)


def test_a_second_process_whose_target_is_gone_is_unreachable(tmp_path):
    adapter = tmp_path / "adapter.py"
    adapter.touch()

    with pytest.raises(Unreachable, match=r"adapter\.py has no 'Net'"):
        OverProcess(worker(f"{adapter}:Net"), 10.0, 0, python=True, described=Description("mine"))


def test_a_network_lost_with_its_process_is_an_error(reach):
    transport = reach(miniature("forgets_its_fit"))
    fitted = transport.call("fit", {"inputs": SCORES, "labels": [0], "experiment": {}, "seed": 0})
    with pytest.raises(Crashed):
        softmax(transport)

    with pytest.raises(ImplementationError, match="the process that fitted this network has ended"):
        transport.call("predict", {"network": fitted, "inputs": SCORES})


# ---- no implementation ----


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["no-such-program-anywhere"], "cannot start 'no-such-program-anywhere'"),
        (program("exits_at_once"), "exit status 1; its stderr ends with:\nno licence found"),
        (program("speaks_first"), "the line 'Welcome to the network!'"),
        (program("claims_wrong_use"), "describe failed with an error:\nno such option"),
        (miniature("raises_at_import"), "OSError: no such network"),
        (miniature("exits_at_import"), "the process ended with exit status 0"),
        (miniature("descriptions:PrecisionInBits"), "precision 64"),
        (miniature("descriptions:UnknownProtocol"), "speaks protocol 1"),
        (miniature("descriptions:UnknownField"), "the unknown field 'licence'"),
        (miniature("descriptions:NoObject"), "describe returned 5; it must return a dictionary"),
        (miniature("descriptions:Raises"), "RuntimeError: who am I"),
        (miniature("descriptions:Endless"), "recursion"),
        (miniature("descriptions:Crashes"), "the process ended with exit status 0"),
    ],
    ids=lambda value: Path(value[-1]).name if isinstance(value, list) else "",
)
def test_an_implementation_that_cannot_be_reached_is_reported_with_the_reason(reach, command, message):
    with pytest.raises(Unreachable, match=message):
        reach(command)


def test_a_program_that_never_reads_is_unreachable(reach):
    with pytest.raises(Unreachable, match="no answer within"):
        reach(program("never_reads"), timeout=SOON)


def test_a_target_that_its_file_lacks_is_wrong_use(reach):
    with pytest.raises(WrongUse, match=r"right\.py has no 'Softmax'"):
        reach(miniature("right:Softmax"), python=True)


def test_a_syntax_error_is_shown_with_its_file_and_line(reach, tmp_path):
    broken = tmp_path / "broken.py"
    broken.write_text("def softmax(scores:\n", encoding="utf-8")

    with pytest.raises(Unreachable, match=r"broken.py(.|\n)*SyntaxError: '\(' was never closed"):
        reach(worker(broken))


# ---- the options ----


def test_a_process_gets_the_options(monkeypatch):
    calls = []
    monkeypatch.setattr(transports, "OverProcess", lambda *args, **kwargs: calls.append((args, kwargs)))

    open_transport(Options(command=("node", "mine.js"), timeout=3.0, memory_limit=0.5))

    chosen = {"python": False, "budget": None, "process": None, "watch": None, "described": None}
    assert calls == [((["node", "mine.js"], 3.0, 2**29), chosen)]
