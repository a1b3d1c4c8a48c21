"""Programs that share no code with the reference are accepted: those that need no more than NumPy, cc or node."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import needs
import pytest

from nnspec.documents.experiments import TRACED
from nnspec.judging.subject import Subject
from nnspec.reach.options import Options
from nnspec.reach.transports import open_transport
from nnspec.runs.envelope import golden
from nnspec.suite.check import check

IMPLEMENTATIONS = Path(__file__).parents[2] / "implementations"
BEGINNINGS = [
    "spiral-linear",
    "spiral-relu-biases",
    "circles-momentum",
    "moons-minibatch",
    "moons-annealing-step",
]
CHAPTERS = ("functions", "losses", "gradients", "updates", "calls")


def adapter(folder, variant=""):
    return Options(target=str(IMPLEMENTATIONS / folder / "adapter.py") + (variant and f":{variant}"))


def node(*arguments):
    return Options(command=("node", str(IMPLEMENTATIONS / "javascript" / "main.js"), *arguments))


def needing(program, options):
    return pytest.param(options, marks=needs.program(program))


PROGRAMS = {
    "plain-loops": adapter("plain_loops"),
    "einsum-float64": adapter("einsum", "float64"),
    "einsum-float32": adapter("einsum", "float32"),
    "c-float64": needing("cc", adapter("c", "float64")),
    "c-float32": needing("cc", adapter("c", "float32")),
    "c-fastmath": needing("cc", adapter("c", "fastmath")),
    "c-fastmath-float32": needing("cc", adapter("c", "fastmath_float32")),
    "javascript-float64": needing("node", node()),
    "javascript-float32": needing("node", node("--float32")),
}


@pytest.fixture(params=PROGRAMS.values(), ids=PROGRAMS)
def options(request):
    return request.param


def test_a_program_follows_golden_traces(options):
    transport = open_transport(options)
    precision = transport.description.precision
    try:
        traces = {
            name: Subject(transport).train(**TRACED[name].training(iterations=60))["losses"]
            for name in BEGINNINGS
        }
    finally:
        transport.close()

    refused = [name for name, losses in traces.items() if not golden(name, precision).judge(losses).accepted]

    assert refused == []


def test_a_program_conforms_in_single_calls(options):
    record = check(replace(options, select=CHAPTERS, quick=True), lambda _: None)

    assert record.reasons == []


def test_no_program_imports_nnspec():
    texts = [path.read_text(encoding="utf-8") for path in IMPLEMENTATIONS.glob("*/*.py")]

    assert len(texts) >= 8
    assert not any("import nnspec" in text or "from nnspec" in text for text in texts)
