"""Want of time and of memory are told apart from wrong answers, with the call that met them."""

from __future__ import annotations

import pytest
from calls import SOON, SOONER, softmax
from miniatures import miniature, program
from needs import posix

from nnspec.contract.errors import BudgetSpent, ImplementationError, OutOfMemory, TimedOut, Unreachable
from nnspec.reach.budget import Budget
from nnspec.reach.transports import InProcess, OverProcess

FLUSH = "until stdin was closed: flush stdout after each line"


@pytest.mark.parametrize(
    "words",
    [
        "terminate called after throwing an instance of 'std::bad_alloc'",
        "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n 1: 0xb7a940 node::Abort()",
        "numpy._core._exceptions._ArrayMemoryError: Unable to allocate 8.00 GiB",
        "memory allocation of 8589934592 bytes failed",
        "Error: cannot allocate vector of size 3.7 Gb",
        'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space',
        "lua: not enough memory",
        pytest.param("", marks=posix, id="SIGKILL"),
    ],
)
def test_a_process_that_ends_for_want_of_memory_is_told_apart(reach, words):
    with pytest.raises(OutOfMemory, match="the process ended"):
        softmax(reach(program("runs_out_of_memory", words)))


@pytest.mark.parametrize(
    "words", ["Segmentation fault", "train(network)\n    raise MemoryError  # a line of code"]
)
def test_any_other_end_is_a_crash(reach, words):
    with pytest.raises(Exception, match="the process ended") as error:
        softmax(reach(program("runs_out_of_memory", words)))

    assert error.value.outcome == "crashed"


def test_a_memory_error_in_this_process_is_one_too():
    class Greedy:
        def softmax(self, scores):
            raise MemoryError(f"8 GiB for {scores.shape}")

    with pytest.raises(OutOfMemory, match="MemoryError: 8 GiB for"):
        softmax(InProcess(Greedy(), "greedy"))


def test_the_end_of_the_budget_names_the_call():
    transport = OverProcess(miniature("hangs"), 60.0, 0, budget=Budget(SOON))

    with pytest.raises(BudgetSpent, match=f"^the budget of {SOON:g} s ended during softmax$"):
        softmax(transport)

    transport.close()


def test_a_call_may_be_given_a_share_of_the_budget_and_a_start_all_of_it():
    given = []
    transport = OverProcess(
        miniature("hangs"), 60.0, 0, watch=lambda operation, seconds: given.append((operation, seconds))
    )
    transport.limit(Budget(160.0), share=1 / 160)

    for _ in range(2):  # each in a process of its own
        with pytest.raises(TimedOut, match="softmax: no answer within"):
            softmax(transport)

    transport.close()
    (_, first), (again, start), (_, second) = given[1:]
    assert second <= first <= 1.0
    assert (again, start) == ("describe", 60.0)


def test_an_operation_that_hangs_is_called_twice_whoever_asks_for_it():
    called = []
    transport = OverProcess(
        miniature("hangs"), 60.0, 0, python=True, watch=lambda operation, _: called.append(operation)
    )
    transport.limit(Budget(160.0), share=1 / 160)  # a call gets a second, a new process all of its minute
    params = {"scores": [[0.5, 0.25]]}

    for ask in (transport.call, transport.changed_arguments, transport.call, transport.changed_arguments):
        with pytest.raises(TimedOut) as error:
            ask("softmax", params)

    transport.close()
    assert str(error.value) == "softmax timed out 2 times, so it was not called again"
    assert called.count("softmax") == 2


def test_a_budget_that_ends_during_describe_is_no_fault_of_the_program():
    with pytest.raises(BudgetSpent, match="the budget of 1 s ended during describe"):
        OverProcess(program("never_reads"), 60.0, 0, budget=Budget(1.0))


def test_each_call_is_announced_with_the_time_that_it_has():
    announced = []
    transport = OverProcess(
        miniature("right"),
        10.0,
        0,
        python=True,
        watch=lambda operation, seconds: announced.append((operation, seconds)),
    )

    softmax(transport)
    transport.changed_arguments("softmax", {"scores": [[0.5, 0.25]]})
    transport.close()

    assert announced == [("describe", 10.0), ("softmax", 10.0), ("softmax", 10.0)]


def test_a_program_that_forgets_to_flush_is_told_so():
    with pytest.raises(Unreachable, match=f"nothing came within {SOONER:g} s, {FLUSH}"):
        OverProcess(program("forgets_to_flush"), SOONER, 0)


def test_a_program_that_forgets_to_flush_later_is_told_so(reach):
    with pytest.raises(TimedOut, match=FLUSH):
        softmax(reach(program("forgets_to_flush_later"), timeout=SOONER))


def test_a_program_that_hangs_is_not_told_to_flush(reach):
    with pytest.raises(TimedOut, match="still warm") as error:
        softmax(reach(program("hangs"), timeout=SOONER))

    assert "flush" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("AnswersATensor", "no array"),
        ("AnswersATable", "no items"),
        ("AnswersAName", "no text"),
        ("RaisesNonsense", "no exception"),
        ("RaisesAnInterruption", "no key"),
        ("RaisesAName", "no text"),
    ],
)
def test_whatever_an_object_raises_is_an_error_of_its_operation(reach, name, said):
    transport = reach(miniature(f"lies:{name}"))

    for _ in range(2):  # the process goes on
        with pytest.raises(
            ImplementationError, match=rf"^softmax failed with an error:\n(.|\n)*{said}"
        ) as error:
            softmax(transport)
        assert "site-packages/nnspec/" not in str(error.value), "no line of nnspec's own"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("HasNoNames", "no names"),
        ("IsNoObject", "no object"),
        ("DescribesATable", "no items"),
        ("DescribesANumber", "describe returned 7; it must return a dictionary"),
    ],
)
def test_whatever_an_object_raises_at_its_start_is_shown_without_a_line_of_nnspecs(reach, name, said):
    with pytest.raises(Unreachable, match=said) as error:
        reach(miniature(f"lies:{name}"))

    assert "site-packages/nnspec/" not in str(error.value)
