"""The record of a run: it comes back whole from its file, and the plan changes while tests are run."""

from __future__ import annotations

from dataclasses import replace

from records import CASE, PENALISED, ended, explained, record

from nnspec.report.record import FORM, IGNORED, NOTE, PASSED, Observation, Record
from nnspec.report.recorder import Recorder


def test_the_record_comes_back_from_its_file(tmp_path):
    made = explained(PENALISED)
    made.planned = [replace(planned, operations=("gradients", "loss")) for planned in made.planned]
    made.observations = [
        Observation(FORM, "train", "what was found", "what to do"),
        Observation(NOTE, "", "what was found"),
        Observation(IGNORED, "train", "what", "fix", ("labels", "inputs")),
    ]
    made.absent = ["form.loss"]
    made.header = replace(made.header, require=("fit",), known_failures={"gradients": "why"}, strict=True)
    recorder = Recorder(tmp_path / "record.jsonl")
    recorder.start(made.header, made.planned)
    for observation in made.observations:
        recorder.observation(observation)
    recorder.absent(made.absent)
    for result in made.results:
        recorder.result(result)
    recorder.findings(made.findings)
    recorder.end()

    assert CASE.sources
    assert made.planned[0].operations
    assert Record.read(tmp_path / "record.jsonl") == made


def test_what_nnspec_itself_failed_in_first_comes_back_too(tmp_path):
    recorder = Recorder(tmp_path / "record.jsonl")
    recorder.failed("first")
    recorder.failed("second")
    recorder.end(20.0, "the budget of 20 s ended during gradients")

    back = Record.read(tmp_path / "record.jsonl")

    assert (back.failed, back.budget, back.cut) == (
        "first",
        20.0,
        "the budget of 20 s ended during gradients",
    )


def test_cases_that_are_put_off_are_the_last_of_the_plan():
    made = record(planned=4)
    recorder = Recorder(None)
    recorder.start(made.header, made.planned)
    recorder.later(["gradients.penalty:0", "gradients.penalty:2"])

    assert [planned.case[-1] for planned in recorder.record.planned] == ["1", "3", "0", "2"]


def test_a_case_outside_the_document_is_planned_no_more():
    made = record(*ended(PASSED), planned=2)
    recorder = Recorder(None)
    recorder.start(made.header, made.planned)
    recorder.outside("gradients.penalty:1")

    assert [planned.case for planned in recorder.record.planned] == ["gradients.penalty:0"]
