"""A diagnosis keeps to its time, whatever it looks at, and a program that conforms pays nothing."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from miniatures import target

from nnspec import mistakes
from nnspec.diagnosis.clock import Clock, TimeIsUp
from nnspec.diagnosis.findings import Finding, diagnose
from nnspec.diagnosis.questions import Question
from nnspec.diagnosis.relations import relation
from nnspec.documents.experiments import EXPERIMENTS
from nnspec.judging.transcript import Call, Transcript, Transcripts
from nnspec.mistakes import catalogue
from nnspec.reference import Reference
from nnspec.report.paragraphs import OUT_OF_TIME
from nnspec.report.record import FAILED

PLENTY = 60.0


class ByGlances(Clock):
    """Runs out when it has been looked at so many times."""

    def __init__(self, glances):
        super().__init__(PLENTY)
        self.left = glances

    def check(self):
        self.left -= 1
        if self.left < 0:
            raise TimeIsUp


def run_of(program, iterations=40):
    """A test that asked a program for a long run, and failed."""
    params = EXPERIMENTS["moons-tanh"].training(iterations)
    call = Call("train", params, program().train(**params))
    assert call.is_long
    return Transcript("training.moons-tanh:test", [call], FAILED)


def test_a_run_ends_where_the_time_is_up():
    class Counting(Reference):
        updates = 0

        def update(self, **told):
            self.updates += 1
            return super().update(**told)

    program = ByGlances(3).watched(Counting())

    with pytest.raises(TimeIsUp):
        program.train(**EXPERIMENTS["moons-tanh"].training(40))

    assert program.updates == 3
    assert Counting().forward.__name__ == "forward", "of one object alone"


@pytest.mark.parametrize(
    "glances", [0, 5, 45], ids=["at once", "in the right run", "in one that rounds otherwise"]
)
def test_right_answers_are_looked_for_while_there_is_time(glances):
    with pytest.raises(TimeIsUp):
        Question(run_of(mistakes.BiasesPenalised), "float64", ByGlances(glances))


def test_the_calls_of_a_test_are_looked_at_while_there_is_time():
    scores = {"scores": np.ones((1, 2))}
    calls = [Call("softmax", scores, Reference().softmax(**scores)) for _ in range(3)]

    with pytest.raises(TimeIsUp):
        Question(Transcript("functions.softmax:test", calls, FAILED), "float64", ByGlances(2))


def test_suspects_and_relations_are_tried_while_there_is_time():
    clock = ByGlances(1000)
    question = Question(run_of(mistakes.BiasesPenalised), "float64", clock)
    assert question.wrong

    clock.left = 12
    with pytest.raises(TimeIsUp):
        question.is_answered_by(mistakes.BiasesPenalised)
    clock.left = 3
    with pytest.raises(TimeIsUp):
        relation([question], clock)


def test_a_diagnosis_says_that_its_time_was_up():
    transcripts = Transcripts()
    transcripts.failed.append(run_of(mistakes.BiasesPenalised))

    assert diagnose(transcripts, "float64", catalogue(), seconds=0.0) == [Finding("", [])]


def test_what_the_program_is_asked_besides_has_an_end_in_time():
    command = [sys.executable, "-m", "nnspec", "check", target("hangs_when_asked_again")]
    told = ["--select", "functions.softmax:one_example", "--call-timeout", "600"]

    run = subprocess.run([*command, *told], capture_output=True, text=True, check=False, timeout=120)

    assert run.returncode == 1, run.stderr
    assert run.stdout.splitlines()[-1].startswith("DOES NOT CONFORM  1 failed")
    assert OUT_OF_TIME in " ".join(run.stdout.split())


@pytest.mark.parametrize(
    ("program", "diagnosed"), [("reference", False), ("nnspec.mistakes:SoftmaxWithEpsilon", True)]
)
def test_a_program_that_conforms_pays_nothing(program, diagnosed):
    told = ["--select", "functions.softmax", "--implementation", program, "--in-process"]
    alone = ["-c", os.devnull, "--noconftest", "-p", "no:cacheprovider", "--pyargs", "nnspec.spec_tests"]
    code = (
        f"import pytest, sys; pytest.main({told + alone}); print('nnspec.diagnosis.findings' in sys.modules)"
    )

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout.splitlines()[-1] == str(diagnosed)
