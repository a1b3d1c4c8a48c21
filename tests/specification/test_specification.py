"""The specification for people to read: what stands in it, in which order, and how the commands show it."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from nnspec.cli.main import cli
from nnspec.contract.errors import WrongUse
from nnspec.mistakes import catalogue
from nnspec.report.record import CHAPTERS
from nnspec.specification import chapters, data, html, markdown, terminal
from nnspec.specification.blocks import Formula
from nnspec.specification.front import FRONT

ROOT = Path(__file__).parents[2]
ENTRIES = chapters.entries()
FORMULAS = [entry.clause.formula for entry in ENTRIES if entry.clause.formula] + [
    block.latex for part in FRONT for block in part.blocks if isinstance(block, Formula)
]


@pytest.fixture(autouse=True)
def _terminal_of_80_columns(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")


def nnspec(*words):
    """Run the command in this process."""
    return CliRunner().invoke(cli, words)


# ---- what is collected ----


def test_the_chapters_stand_in_the_order_in_which_they_rest_on_each_other():
    assert tuple(chapter.name for chapter in chapters.chapters()) == CHAPTERS


class Shared:
    """Tests that several clauses have."""

    def test_b_of_all(self):
        """The first, though a comes before b."""

    def test_replaced(self):
        """Replaced below, so it keeps its place and is named once."""


class OfAClause(Shared):
    """A clause's class of tests; its name does not begin with Test, so pytest leaves it."""

    def test_z_of_its_own(self):
        """Before a, as it stands before it."""

    def test_a_of_its_own(self):
        """The last."""

    def test_replaced(self):
        """Another body."""


def test_the_tests_of_a_clause_stand_in_the_order_of_their_file_inherited_ones_first():
    entry = chapters.Entry(ENTRIES[0].clause, OfAClause)

    assert entry.tests == ["b of all", "replaced", "z of its own", "a of its own"]


def test_clauses_stand_in_the_order_of_their_files():
    ids = [entry.clause.id for entry in ENTRIES]
    files = [ROOT / "spec_tests" / name for name in ("test_losses.py", "test_losses_laws.py")]
    source = "".join(file.read_text(encoding="utf-8") for file in files)

    assert [name for name in ids if name.startswith("losses.")] == re.findall(
        r'@clause\(\s*"([^"]*)"', source
    )


def test_a_clause_names_the_mistakes_that_break_it():
    entry = chapters.find("losses.penalty")

    assert isinstance(entry, chapters.Entry)
    assert "PenaltyWithoutTheHalf" in [mistake.__name__ for mistake in entry.mistakes]


def test_every_mistake_stands_under_a_clause():
    under_clauses = [mistake for entry in ENTRIES for mistake in entry.mistakes]

    assert sorted(map(repr, under_clauses)) == sorted(map(repr, catalogue()))


def test_a_case_is_found_by_its_clause():
    assert chapters.find("losses.penalty:where_it_outweighs") == chapters.find("losses.penalty")


@pytest.mark.parametrize(
    ("name", "help_with"),
    [
        ("gradients.penlty", "Did you mean gradients.penalty?"),
        ("momentum", "Did you mean updates.momentum?"),
        ("penalty", "Did you mean losses.penalty or gradients.penalty?"),
        ("qqq", "nnspec list names them all."),
    ],
)
def test_a_clause_that_does_not_exist_is_told_from_the_nearest(name, help_with):
    with pytest.raises(WrongUse, match=re.escape(f"There is no clause '{name}'. {help_with}")):
        chapters.find(name)


# ---- the pages ----


def test_the_file_in_the_repository_is_what_the_command_writes():
    written = (ROOT / "SPEC.md").read_text(encoding="utf-8")

    assert written == markdown.specification(), "SPEC.md is out of date: nnspec spec -o SPEC.md"


def test_every_link_of_the_markdown_leads_to_a_heading():
    page = markdown.specification()
    headings = [markdown.anchor(line.lstrip("# ")) for line in page.splitlines() if re.match("#+ ", line)]

    assert len(headings) == len(set(headings))
    assert set(re.findall(r"\]\(#([^)]*)\)", page)) <= set(headings)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a * b * c", r"a \* b \* c"),
        ("where z <= 0", r"where z \<= 0"),
        ("p_k of Σ_j", "p_k of Σ_j"),
        ("_not emphasis_", r"\_not emphasis\_"),
        ("`a * b` * c", r"`a * b` \* c"),
        ("a | b", r"a \| b"),
    ],
)
def test_markdown_takes_nothing_in_a_text_for_its_own(text, expected):
    assert markdown.plain(text) == expected


def test_every_formula_is_one_that_markdown_leaves_alone():
    assert [formula for formula in FORMULAS if "```" in formula or "\n\n" in formula] == []


def test_the_json_has_every_clause_whole():
    told = json.loads(data.specification())
    penalty = next(
        clause
        for chapter in told["chapters"]
        for clause in chapter["clauses"]
        if clause["id"] == "gradients.penalty"
    )

    assert [chapter["name"] for chapter in told["chapters"]] == list(CHAPTERS)
    assert sum(len(chapter["clauses"]) for chapter in told["chapters"]) == len(ENTRIES)
    assert penalty["level"] == "MUST"
    assert {"document": "wildml", "section": "Implementation"} in penalty["sources"]
    assert "where it outweighs the data" in penalty["tests"]
    assert {
        "name": "BiasesPenalised",
        "sentence": "The penalty's gradient is added to that on the biases too.",
    } in penalty["mistakes"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_set_in_mathml_without_a_remainder(formula):
    shown = html.mathml(formula)

    assert shown.startswith("<math")
    assert shown.endswith("</math>")
    assert "\\" not in shown, "a command that the library does not know stays as it is"


def test_the_page_needs_nothing_from_elsewhere():
    page = html.specification()

    assert re.findall(r"<(script|link|img|iframe)\b", page) == []
    assert re.findall(r"(?:src|href)=\"(?!#)[^\"]*\"|url\(|@import", page) == []


def test_every_link_of_the_page_leads_somewhere():
    page = html.specification()
    places = re.findall(r'id="([^"]*)"', page)

    assert len(places) == len(set(places))
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(places)
    assert {entry.clause.id for entry in ENTRIES} <= set(places)


@pytest.mark.parametrize("library", ["jinja2", "latex2mathml"])
def test_a_missing_library_is_told_with_what_brings_it(library, monkeypatch):
    monkeypatch.setitem(sys.modules, library, None)

    with pytest.raises(WrongUse, match=rf"^--format html needs {library}: pip install 'nnspec\[report\]'$"):
        html.specification()


# ---- the commands ----


@pytest.mark.parametrize("command", ["spec", "explain", "list", "coverage"])
def test_help_fits_a_terminal_of_80_columns(command):
    told = nnspec(command, "--help")

    assert told.exit_code == 0
    assert max(map(len, told.output.splitlines())) <= 80


def test_spec_writes_to_a_file(tmp_path):
    told = nnspec("spec", "-o", str(tmp_path / "SPEC.md"))

    assert (told.exit_code, told.output) == (0, "")
    assert (tmp_path / "SPEC.md").read_text(encoding="utf-8") == markdown.specification()


def test_spec_says_where_it_cannot_write(tmp_path):
    told = nnspec("spec", "-o", str(tmp_path / "nowhere" / "SPEC.md"))

    assert isinstance(told.exception, WrongUse)
    assert str(told.exception).endswith("SPEC.md: No such file or directory.")


def test_explain_says_all_that_there_is_to_say():
    told = nnspec("explain", "gradients.penalty").output

    assert told.startswith("gradients.penalty (MUST)\n\nThe penalty adds λ W")
    assert "  CS231n, “Computing the Analytic Gradient with Backpropagation”\n" in told
    assert "needs\n  gradients\n" in told
    assert "  where it outweighs the data\n" in told
    assert "  BiasesPenalised: The penalty's gradient is added to that on the biases too.\n" in told
    assert told.endswith("nnspec check TARGET --select gradients.penalty\n")


def test_explain_says_that_no_document_states_a_should():
    told = nnspec("explain", "functions.softmax-large-scores").output

    assert "stated in\n  no document; it follows from common sense\n" in told


def test_explain_tells_what_a_chapter_is_about():
    told = nnspec("explain", "updates").output

    assert told.startswith("updates: ")
    assert "\nupdates.momentum " in told


@pytest.mark.parametrize(("columns", "width"), [(40, 40), (80, 80), (200, 100)])
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.clause.id)
def test_a_clause_fits_the_terminal(entry, columns, width, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    *lines, command = terminal.explain(entry).splitlines()

    assert max(map(len, lines)) <= width
    assert command == f"nnspec check TARGET --select {entry.clause.id}", "a command is not broken"


def test_explain_prints_formulas_as_text():
    assert "\n    ∂/∂W (λ/2 · ‖W‖²) = λ W\n" in nnspec("explain", "gradients.penalty").output


def test_formulas_that_do_not_fit_on_one_line_stand_below_each_other(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    output = nnspec("explain", "losses.penalty-scaling").output

    assert "\n    R(c W, λ) = c² R(W, λ),\n    R(W, c λ) = c R(W, λ)\n" in output


@pytest.mark.parametrize("columns", [50, 80])
def test_list_has_a_clause_a_line_and_fits_the_terminal(columns, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = nnspec("list").output.splitlines()

    assert [line.split()[0] for line in lines] == [entry.clause.id for entry in ENTRIES]
    assert max(map(len, lines)) <= columns


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--chapter", "updates"], lambda clause: clause.chapter == "updates"),
        (["--document", "roelants"], lambda clause: "roelants" in clause.documents),
        (["--level", "should"], lambda clause: clause.level == "SHOULD"),
        (
            ["--chapter", "losses", "--document", "cs231n", "--level", "MUST"],
            lambda clause: clause.chapter == "losses" and "cs231n" in clause.documents,
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_list_leaves_what_is_asked_for(words, expected):
    listed = [clause["id"] for clause in json.loads(nnspec("list", "--json", *words).output)]

    assert listed == [entry.clause.id for entry in ENTRIES if expected(entry.clause)]
    assert listed


def test_list_of_a_chapter_that_does_not_exist_names_those_that_do():
    told = nnspec("list", "--chapter", "loss")

    assert str(told.exception) == f"There is no chapter 'loss'. The chapters are {', '.join(CHAPTERS)}."
