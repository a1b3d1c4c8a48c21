"""A diagnosis stops when its work is spent, and costs nothing for a program that conforms."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from miniatures import target

from nnspec import mistakes
from nnspec.diagnosis.findings import Finding
from nnspec.diagnosis.inquiry import LIMITS, diagnose
from nnspec.diagnosis.questions import Question
from nnspec.diagnosis.relations import relation
from nnspec.diagnosis.work import Work, WorkSpent
from nnspec.documents.experiments import EXPERIMENTS
from nnspec.judging.transcript import Call, Transcript, Transcripts
from nnspec.mistakes import catalogue
from nnspec.reference import Reference
from nnspec.report.paragraphs import OUT_OF_TIME
from nnspec.report.record import FAILED


def run_of(program, iterations=40):
    """The transcript of a failed test with a long run of the program."""
    params = EXPERIMENTS["moons-tanh"].training(iterations)
    call = Call("train", params, program().train(**params))
    assert call.is_long
    return Transcript("training.moons-tanh:test", [call], FAILED)


def test_a_run_ends_when_the_work_is_spent():
    class Counting(Reference):
        updates = 0

        def update(self, **params):
            self.updates += 1
            return super().update(**params)

    program = Work(3).limit(Counting())

    with pytest.raises(WorkSpent):
        program.train(**EXPERIMENTS["moons-tanh"].training(40))

    assert program.updates == 3
    assert Counting().forward.__name__ == "forward", "only this object is limited"


@pytest.mark.parametrize(
    "units", [0, 5, 45], ids=["at once", "in the right run", "in a run with other rounding"]
)
def test_the_computation_of_right_answers_ends_when_the_work_is_spent(units):
    with pytest.raises(WorkSpent):
        Question(run_of(mistakes.BiasesPenalised), "float64", Work(units))


def test_the_calls_of_a_test_are_compared_until_the_work_is_spent():
    scores = {"scores": np.ones((1, 2))}
    calls = [Call("softmax", scores, Reference().softmax(**scores)) for _ in range(3)]

    with pytest.raises(WorkSpent):
        Question(Transcript("functions.softmax:test", calls, FAILED), "float64", Work(2))


def test_suspects_and_relations_are_tried_until_the_work_is_spent():
    work = Work(1000)
    question = Question(run_of(mistakes.BiasesPenalised), "float64", work)
    assert question.wrong_places

    work.left = 12
    with pytest.raises(WorkSpent):
        question.is_reproduced_by(lambda _: mistakes.BiasesPenalised)
    work.left = 3
    with pytest.raises(WorkSpent):
        relation([question], work)


def test_a_diagnosis_says_that_its_work_was_spent(monkeypatch):
    monkeypatch.setitem(LIMITS, "none", (0, 0))
    transcripts = Transcripts()
    transcripts.failed.append(run_of(mistakes.BiasesPenalised))

    assert diagnose(transcripts, "float64", catalogue(), extent="none") == [Finding("", [])]


def test_a_program_that_hangs_when_it_is_asked_again_is_asked_no_more():
    command = [sys.executable, "-m", "nnspec", "check", target("hangs_when_asked_again")]
    options = ["--select", "functions.softmax:one_example", "--call-timeout", "600"]

    run = subprocess.run([*command, *options], capture_output=True, text=True, check=False, timeout=120)

    assert run.returncode == 1, run.stderr
    assert run.stdout.splitlines()[-1].startswith("DOES NOT CONFORM  1 failed")
    assert OUT_OF_TIME in " ".join(run.stdout.split())


@pytest.mark.parametrize(
    ("program", "is_diagnosed"), [("reference", False), ("nnspec.mistakes:SoftmaxWithEpsilon", True)]
)
def test_a_program_that_conforms_is_not_diagnosed(program, is_diagnosed):
    options = [
        "--nnspec-select",
        "functions.softmax",
        "--nnspec-implementation",
        program,
        "--nnspec-in-process",
    ]
    isolated = ["-c", os.devnull, "--noconftest", "-p", "no:cacheprovider", "--pyargs", "nnspec.spec_tests"]
    code = f"import pytest, sys; pytest.main({options + isolated}); print('nnspec.diagnosis.inquiry' in sys.modules)"

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout.splitlines()[-1] == str(is_diagnosed)
