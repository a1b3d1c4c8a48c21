"""The opening of a check: bounded, without a fault in a correct program, and before the first clause."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

import ignored_arguments
import networks
import pytest
import wrong_forms
from miniatures import program
from openings import opened

from nnspec.contract.errors import BudgetSpent, Crashed, NotJudged, TimedOut, Unsupported
from nnspec.contract.operations import OPERATIONS, Description
from nnspec.contract.support import Support
from nnspec.documents.scopes import SCOPES
from nnspec.judging import opening
from nnspec.judging.opening import Opening
from nnspec.judging.ordinary import usual
from nnspec.reach.transports import InProcess
from nnspec.reference import Reference
from nnspec.report.record import FORM, IGNORED, NOTE, UNREADABLE

#: Calls of the whole opening: an answer takes a program a fraction of a millisecond.
MOST = 300


@pytest.mark.parametrize(
    "document", [None, *SCOPES.values()], ids=lambda one: one.document if one else "none"
)
@pytest.mark.parametrize("correct", [Reference, networks.Right], ids=lambda one: one.__name__)
def test_nothing_is_found_of_a_correct_program(correct, document):
    found = opened(correct(), document=document)

    assert found.observations == []
    for operation in OPERATIONS:
        found.check(operation, usual(found.support, document).params(operation))


def test_every_fault_is_looked_for_and_absent_in_a_correct_program_that_does_everything():
    assert {*opened(Reference()).absent} == opening.fault_names()


@pytest.mark.parametrize(
    ("program", "fault"),
    [
        (wrong_forms.FlatGradients, "form.gradients"),
        (ignored_arguments.AlwaysTheMean, "ignored.loss.objective.reduction"),
        (ignored_arguments.NoSchedule, "ignored.train.optimizer.schedule"),
    ],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_a_fault_has_a_name_that_a_known_failure_can_have(program, fault):
    found = opened(program())

    names = [name for one in found.observations for name in one.faults]
    assert fault in names
    assert {*names} <= opening.fault_names()
    assert not {*names} & {*found.absent}


def test_a_fault_is_not_said_to_be_absent_where_it_was_not_looked_for():
    sums = Description.read({"name": "sums", "reductions": ["sum"]})
    found = opening.begin(InProcess(Reference(), "sums").call, sums, operations=("loss", "train"))

    assert "form.loss" in found.absent
    assert not [name for name in found.absent if "reduction" in name or "gradients" in name]


def test_a_program_without_operations_is_asked_few_times():
    transport = InProcess(object(), "nothing")
    asked = Counter()

    def ask(operation, params):
        asked[operation] += 1
        return transport.call(operation, params)

    assert opening.begin(ask, transport.description).observations == []
    assert asked.total() <= MOST


def test_the_calls_are_bounded():
    asked = Counter()
    transport = InProcess(ignored_arguments.NoSchedule(), "no schedule")

    def ask(operation, params):
        asked[operation] += 1
        return transport.call(operation, params)

    opening.begin(ask, transport.description)
    assert asked.total() <= MOST


def test_only_the_operations_that_are_judged_are_asked():
    asked = Counter()

    def ask(operation, params):
        asked[operation] += 1
        raise Unsupported(f"{operation} without {', '.join(params)}")

    opening.begin(ask, Description("none"), operations={"softmax", "loss"})
    assert {*asked} == {"softmax", "loss"}


# ---- programs that give no answer ----


@pytest.mark.parametrize(
    ("error", "notes"), [(TimedOut, ["no answer, so its tests run last"]), (Crashed, [])]
)
def test_an_operation_that_hangs_or_crashes_is_asked_once_and_left_to_the_clauses(error, notes):
    transport = InProcess(networks.Right(), "right")
    asked = Counter()

    def ask(operation, params):
        asked[operation] += 1
        if operation == "gradients":
            raise error("no answer; its stderr ends with:\nnothing")
        return transport.call(operation, params)

    found = opening.begin(ask, transport.description)

    assert asked["gradients"] == 1
    assert [(one.kind, one.message) for one in found.observations] == [(NOTE, note) for note in notes]
    assert [*found.slow] == ["gradients"] * len(notes)
    found.check("gradients", usual(Support()).params("gradients"))


def test_an_operation_that_hangs_at_one_argument_is_left_to_the_clauses():
    transport = InProcess(ignored_arguments.AlwaysTheMean(), "mean")

    def ask(operation, params):
        if operation == "gradients" and params["objective"]["l2"]:
            raise TimedOut("no answer")
        return transport.call(operation, params)

    found = opening.begin(ask, transport.description)
    assert {one.operation for one in found.observations if one.kind == IGNORED} == {"loss", "train"}
    assert "ignored.gradients.objective.l2" not in found.absent


def test_the_end_of_the_budget_ends_the_opening_and_keeps_what_was_found():
    transport = InProcess(wrong_forms.LossOfEachExample(), "loss of each example")

    def ask(operation, params):
        if operation == "train":
            raise BudgetSpent("the budget of 1 s ended during train")
        return transport.call(operation, params)

    found = opening.begin(ask, transport.description)

    assert found.cut == "the budget of 1 s ended during train"
    assert [one.operation for one in found.observations] == ["loss"]


# ---- a predict for what fit returned ----


def test_a_predict_that_takes_only_what_fit_returned_is_judged_with_that():
    found = opened(networks.Estimator())

    (note,) = found.observations
    assert (note.kind, note.operation) == (NOTE, "predict")
    assert note.message == "predict takes only what fit returned: it is judged with that alone"
    params = usual(Support()).params("predict")
    found.check("predict", {**params, "network": {"handle": 0}})
    with pytest.raises(NotJudged, match="predict takes only what fit returned"):
        found.check("predict", params)


def test_nothing_is_said_of_a_predict_whose_fit_returns_nothing():
    class FailsToFit(networks.Estimator):
        def fit(self, **_):
            raise ArithmeticError("singular")

    found = opened(FailsToFit())

    assert [(one.kind, one.operation) for one in found.observations] == [(FORM, "fit")]
    with pytest.raises(NotJudged, match="nothing that predict might take"):
        found.check("predict", usual(Support()).params("predict"))


@pytest.mark.parametrize(
    "more", [{}, {"gradients": networks.Right().gradients}], ids=["fit alone", "gradients"]
)
def test_a_fit_that_begins_anywhere_is_told_that_its_results_alone_are_judged(more):
    own = SimpleNamespace(
        describe=lambda: {"initialization": "own"}, **{**more, "fit": networks.Estimator().fit}
    )
    own.predict = networks.Estimator().predict

    noted = opening.RESULTS_ALONE in opened(own).observations

    assert noted == (not more)


# ---- what the documents do not know ----


def test_names_outside_of_the_documents_are_noted():
    notes = {one.message: one.fix for one in opened(networks.Adam()).observations if one.kind == NOTE}

    assert notes == {
        "activation 'ReLU' is outside of the documents: it is not judged": "Did you mean 'relu'?",
        "activation 'sigmoid' is outside of the documents: it is not judged": "Did you mean 'logistic'?",
        "activation 'swish' is outside of the documents: it is not judged": "",
        "method 'adam' is outside of the documents: it is not judged": "",
        "method 'sgd' is outside of the documents: it is not judged": "Did you mean 'gradient_descent'?",
    }


def test_another_precision_is_noted_with_what_to_choose():
    class Half(networks.Right):
        def describe(self):
            return {"name": "half", "precision": "bfloat16"}

    (note,) = [one for one in opened(Half()).observations if one.kind == NOTE]

    assert note.message == "precision 'bfloat16' is outside of the documents: it is not judged"
    assert note.fix == "Choose --precision float64 or --precision float32 to judge it by that."


# ---- numbers that JSON changes ----


def found_over_json(reach, *words, name="Right"):
    """The opening of a miniature that is reached over JSON, and what it says of numbers."""
    transport = reach(program("serves", name, *words))
    found = opening.begin(transport.call, transport.description, digits=transport.digits)
    return found, [one for one in found.observations if one.kind == UNREADABLE]


def assert_nothing_is_judged(found, why):
    for operation in OPERATIONS:
        with pytest.raises(NotJudged, match=why):
            found.check(operation, usual(Support()).params(operation))


@pytest.mark.parametrize(("digits", "printer"), [(15, "%.15g"), (14, "%.14g")])
@pytest.mark.parametrize("reader", ["right", "careless"])
def test_numbers_with_too_few_digits_are_told_once_and_nothing_is_judged(reach, reader, digits, printer):
    found, (told,) = found_over_json(reach, reader, printer)

    assert (told.operation, told.message) == ("", f"its numbers have {digits} digits")
    assert told.fix.startswith("Print 17")
    assert_nothing_is_judged(found, "its numbers have")


def test_a_reader_that_changes_numbers_is_told_once_and_nothing_is_judged(reach):
    found, (told,) = found_over_json(reach, "careless")

    assert told.message.startswith("its JSON reader changed ")
    assert " by 1 unit in the last place (" in told.message
    assert told.fix.startswith("Use a reader that rounds correctly")
    assert_nothing_is_judged(found, "its JSON reader changed")


@pytest.mark.parametrize("name", ["Right", "TwoLayers", "TwoClasses", "RefusesSchedules"])
def test_numbers_that_are_read_and_printed_right_are_judged(reach, name):
    found, told = found_over_json(reach, name=name)

    assert told == []
    found.check("gradients", usual(found.support).params("gradients"))


def test_digits_are_of_no_interest_in_float32(reach):
    found, told = found_over_json(reach, "careless", "%.9g", name="Single")

    assert told == []
    found.check("loss", usual(Support()).params("loss"))


def test_without_an_opening_every_call_is_judged():
    Opening().check("loss", {})
