"""The golden traces as files: complete, of the schema, exact, and each change told in the changelog."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import needs
import pytest

from nnspec.cli import golden
from nnspec.documents.experiments import TRACED
from nnspec.ensemble import compare, files, table
from nnspec.runs.envelope import file_name
from nnspec.runs.printed_numbers import LOSSES, place

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "golden"
EVERY_TRACE = pytest.mark.parametrize("name", TRACED)


def stored(name):
    return json.loads((GOLDEN / file_name(name)).read_text(encoding="utf-8"))


def test_every_experiment_has_a_trace_and_every_trace_an_experiment():
    assert {path.name for path in GOLDEN.glob("trace-*.json")} == {file_name(name) for name in TRACED}


@EVERY_TRACE
def test_a_trace_is_of_the_schema(name):
    assert files.complaints(stored(name)) == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"losses": [1.0, "2"]}, "losses/1"),
        ({"float64": {}}, "float64"),
        ({"checksums": {"inputs": "0"}}, "checksums"),
        ({"surplus": 1}, "surplus"),
    ],
    ids=lambda value: "" if isinstance(value, str) else next(iter(value)),
)
def test_the_schema_refuses_what_is_none(change, complaint):
    assert any(complaint in told for told in files.complaints({**stored("spiral-linear"), **change}))


@EVERY_TRACE
def test_its_numbers_read_back_as_they_were_written(name):
    assert files.text(stored(name)) == (GOLDEN / file_name(name)).read_text(encoding="utf-8")


@EVERY_TRACE
def test_it_is_of_the_experiment_as_it_is_now(name):
    told = stored(name)

    assert told["checksums"] == files.checksums(TRACED[name])
    assert told["about"] == files.about(TRACED[name])
    assert told["iterations"][-1] == TRACED[name].iterations - 1
    assert {place(TRACED[name], int(iteration)) for iteration in LOSSES.get(name, {})} <= set(
        told["iterations"]
    )


def test_all_traces_together_take_a_few_hundred_kilobytes():
    assert sum(path.stat().st_size for path in GOLDEN.glob("trace-*.json")) < 500_000


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.name)
def test_the_changelog_says_why_a_golden_file_is_as_it_is(path):
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    entries = [ROOT / "CHANGELOG.md", *(ROOT / "changelog.d").glob("*.golden.md")]
    told = "".join(entry.read_text(encoding="utf-8") for entry in entries if entry.exists())

    assert f"{path.name} {digest}" in told, (
        f"golden/{path.name} has changed: say why in changelog.d/NUMBER.golden.md, named `{path.name} {digest}`"
    )


def test_the_table_of_the_traces_is_up_to_date():
    page = (ROOT / "docs" / "traces.md").read_text(encoding="utf-8")

    assert table.markdown() in page, "put in what `nnspec golden list --format md` prints"


# ---- made again ----


@needs.quadruple
def test_a_trace_that_is_made_again_agrees(capfd):
    with pytest.raises(SystemExit) as stop:
        golden.golden(["check", "spiral-linear", "--members", "8"])

    assert capfd.readouterr().out == "spiral-linear: agrees\n"
    assert stop.value.code == 0


@needs.quadruple
def test_making_writes_what_is_stored(tmp_path):
    with pytest.raises(SystemExit):
        golden.golden(["make", "spiral-linear", "--members", "4", "--output", str(tmp_path)])

    made = json.loads((tmp_path / file_name("spiral-linear")).read_text(encoding="utf-8"))
    assert files.complaints(made) == []
    assert compare.differences(stored("spiral-linear"), made) == []


@needs.quadruple
def test_making_without_a_folder_says_so(tmp_path):
    from nnspec.contract.errors import WrongUse

    with pytest.raises(WrongUse, match="no such folder"):
        golden.golden(["make", "spiral-linear", "-o", str(tmp_path / "none")], standalone_mode=False)


@needs.quadruple
def test_an_experiment_that_there_is_not_is_named():
    from nnspec.contract.errors import WrongUse

    with pytest.raises(WrongUse, match="Did you mean spiral-relu-biases"):
        golden.golden(["check", "spiral-relu-bias"], standalone_mode=False)


def altered(change):
    told = stored("moons-tanh")
    change(told)
    return told


def with_another_loss(told):
    told["losses"][5] *= 1 + 1e-14


def with_a_greater_reach(told):
    told["float64"]["reach"] = [min(0.9, 5 * share) for share in told["float64"]["reach"]]


def with_another_horizon(told):
    told["float32"]["horizon"] //= 2


def with_other_data(told):
    told["checksums"]["inputs"] = "0" * 64


def without_a_cycle(told):
    told["float64"]["cycle"] = None


def with_another_pair(told):
    told["float64"]["cycle"]["high"][3] *= 1.01


def with_a_cycle_elsewhere(told):
    told["float64"]["cycle"]["iterations"] = [1, 2]


def with_another_end(told):
    told["float64"]["outcome"] = {"loss": [1.0, 2.0], "correct": [0, 1]}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (with_another_loss, "another loss at iteration 5"),
        (with_a_greater_reach, "members reach 5 to 5 times as far"),
        (with_another_horizon, "the horizon is"),
        (with_other_data, "another inputs"),
        (without_a_cycle, "do not end in a cycle"),
        (with_another_pair, "another higher loss of the cycle at iteration"),
        (with_a_cycle_elsewhere, "runs are in a cycle from iteration 1, and were from"),
        (with_another_end, "examples end up right"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_differs_is_told(change, complaint):
    assert any(complaint in told for told in compare.differences(stored("moons-tanh"), altered(change)))


def test_the_same_agrees():
    assert compare.differences(stored("moons-tanh"), stored("moons-tanh")) == []
