"""The published matrix is that of this catalogue and these cases, and says what each clause is needed for.

docs/power-matrix.json and docs/power-matrix.md are made by benchmarks/power_matrix.py and benchmarks/additions.py.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from power_matrix import read, stored
from power_page import Power, page

from nnspec.mistakes import catalogue
from nnspec.specification.chapters import entries
from nnspec.suite import order

DOCS = Path(__file__).parents[2] / "docs"
MATRIX = json.loads((DOCS / "power-matrix.json").read_text(encoding="utf-8"))
PAGE = (DOCS / "power-matrix.md").read_text(encoding="utf-8")


def refusing(name):
    """The cases that refuse a mistake, from ranges such as 0-4 7 9-20."""
    runs = [[int(end) for end in run.split("-")] for run in MATRIX["mistakes"][name].split()]
    return [
        MATRIX["cases"][place] for first, *last in runs for place in range(first, (last or [first])[0] + 1)
    ]


def test_it_has_every_mistake_of_the_catalogue_and_no_other():
    names = [mistake.__name__ for mistake in catalogue()]
    new = [name for name in names if name not in MATRIX["mistakes"]]

    assert list(MATRIX["mistakes"]) == names, f"python benchmarks/additions.py {' '.join(new)}"


def test_it_has_every_case_and_no_other():
    assert set(MATRIX["cases"]) == order.cases()


def test_the_page_shows_what_the_json_file_holds():
    power, provenance = read(json.dumps(MATRIX))
    quick = set(filter(order.is_quick, power.operations))

    assert page(power, provenance, quick) == PAGE, (
        "docs/power-matrix.md is old: python benchmarks/additions.py"
    )


@pytest.mark.parametrize("mistake", catalogue(), ids=lambda mistake: mistake.__name__)
def test_every_mistake_is_refused_by_the_clause_that_it_names(mistake):
    clauses = {case.partition(":")[0] for case in refusing(mistake.__name__)}
    assert mistake.clause in clauses, f"{mistake.clause} does not refuse it; these do: {sorted(clauses)}"


@pytest.mark.parametrize("clause", [entry.clause.id for entry in entries()])
def test_every_clause_is_needed(clause):
    (need,) = re.findall(rf"^- `{re.escape(clause)}` (.*)$", PAGE, flags=re.MULTILINE)

    assert need.startswith(("alone refuses ", "alone covers ", "in a program that has only "))


@pytest.fixture
def power():
    """Three clauses: the second asks for one operation alone, and the third refuses what the first does."""
    refused = {
        "OnlyTheFirst": {"a.first:test"},
        "AllThree": {"a.first:test", "a.second:test", "a.third:test"},
    }
    operations = {
        "a.first:test": {"softmax", "loss"},
        "a.second:test": {"softmax"},
        "a.third:test": {"softmax", "loss"},
    }
    return Power(refused, operations)


def test_what_is_stored_reads_back(power):
    assert read(stored(power, {"numpy": "2"})) == (power, {"numpy": "2"})


@pytest.mark.parametrize(
    ("clause", "need"),
    [
        ("a.first", "alone refuses OnlyTheFirst"),
        ("a.second", "in a program that has only `softmax`, alone refuses AllThree"),
        ("a.third", ""),
    ],
)
def test_a_clause_is_needed_for_what_no_other_refuses(power, clause, need):
    assert power.alone(clause) == need


def test_a_clause_that_refuses_nothing_alone_is_tried_on_what_the_fewest_others_refuse(power):
    assert power.candidates("a.third") == ["AllThree"]
    assert power.candidates("a.first") == ["OnlyTheFirst", "AllThree"]
