"""The specification for people to read: its content, its order, and the commands that show it."""

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
from nnspec.specification.front import FRONT, Formula

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


# ---- the content ----


def test_each_chapter_comes_after_those_that_it_builds_on():
    assert tuple(chapter.name for chapter in chapters.chapters()) == CHAPTERS


class Shared:
    """Tests that several clauses share."""

    def test_b_of_all(self):
        """The first, though a comes before b."""

    def test_replaced(self):
        """Overridden below, so it keeps its place and is listed once."""


class OfAClause(Shared):
    """The test class of a clause; its name does not begin with Test, so pytest does not collect it."""

    def test_z_of_its_own(self):
        """Listed before a, because it comes first in the file."""

    def test_a_of_its_own(self):
        """The last."""

    def test_replaced(self):
        """A different body."""


def test_the_tests_of_a_clause_are_in_the_order_of_their_file_after_inherited_tests():
    entry = chapters.Entry(ENTRIES[0].clause, OfAClause)

    assert entry.tests == ["b of all", "replaced", "z of its own", "a of its own"]


def test_clauses_are_in_the_order_of_their_files():
    ids = [entry.clause.id for entry in ENTRIES]
    names = ("test_losses.py", "test_losses_laws.py", "test_losses_ranges.py")
    files = [ROOT / "spec_tests" / name for name in names]
    source = "".join(file.read_text(encoding="utf-8") for file in files)

    assert [name for name in ids if name.startswith("losses.")] == re.findall(
        r'@clause\(\s*"([^"]*)"', source
    )


def test_a_clause_names_the_mistakes_that_break_it():
    entry = chapters.find("losses.penalty")

    assert isinstance(entry, chapters.Entry)
    assert "PenaltyWithoutTheHalf" in [mistake.__name__ for mistake in entry.mistakes]


def test_every_mistake_belongs_to_a_clause():
    under_clauses = [mistake for entry in ENTRIES for mistake in entry.mistakes]

    assert sorted(map(repr, under_clauses)) == sorted(map(repr, catalogue()))


def test_a_case_is_found_by_its_clause():
    assert chapters.find("losses.penalty:where_it_outweighs") == chapters.find("losses.penalty")


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("gradients.penlty", "Did you mean gradients.penalty?"),
        ("momentum", "Did you mean updates.momentum?"),
        ("penalty", "Did you mean losses.penalty or gradients.penalty?"),
        ("qqq", "nnspec list shows them all."),
    ],
)
def test_the_error_for_an_unknown_clause_suggests_the_nearest(name, suggestion):
    with pytest.raises(WrongUse, match=re.escape(f"There is no clause '{name}'. {suggestion}")):
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
def test_markdown_does_not_interpret_plain_text(text, expected):
    assert markdown.plain(text) == expected


def test_no_formula_ends_its_markdown_block():
    assert [formula for formula in FORMULAS if "```" in formula or "\n\n" in formula] == []


def test_the_json_has_everything_about_every_clause():
    content = json.loads(data.specification())
    penalty = next(
        clause
        for chapter in content["chapters"]
        for clause in chapter["clauses"]
        if clause["id"] == "gradients.penalty"
    )

    assert [chapter["name"] for chapter in content["chapters"]] == list(CHAPTERS)
    assert sum(len(chapter["clauses"]) for chapter in content["chapters"]) == len(ENTRIES)
    assert penalty["level"] == "MUST"
    assert {"document": "wildml", "section": "Implementation"} in penalty["sources"]
    assert "where it outweighs the data" in penalty["tests"]
    assert {
        "name": "BiasesPenalised",
        "sentence": "The gradient on the biases includes a penalty, λ b.",
    } in penalty["mistakes"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_mathml_leaves_nothing_of_a_formula_in_latex(formula):
    markup = html.mathml(formula)

    assert markup.startswith("<math")
    assert markup.endswith("</math>")
    assert "\\" not in markup, "the library does not know a command"


def test_the_page_is_self_contained():
    page = html.specification()

    assert re.findall(r"<(script|link|img|iframe)\b", page) == []
    assert re.findall(r"(?:src|href)=\"(?!#)[^\"]*\"|url\(|@import", page) == []


def test_every_link_of_the_page_has_a_target():
    page = html.specification()
    places = re.findall(r'id="([^"]*)"', page)

    assert len(places) == len(set(places))
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(places)
    assert {entry.clause.id for entry in ENTRIES} <= set(places)


@pytest.mark.parametrize("library", ["jinja2", "latex2mathml"])
def test_the_error_for_a_missing_library_says_how_to_install_it(library, monkeypatch):
    monkeypatch.setitem(sys.modules, library, None)

    with pytest.raises(WrongUse, match=rf"^--format html needs {library}: pip install 'nnspec\[report\]'$"):
        html.specification()


# ---- the commands ----


@pytest.mark.parametrize("command", ["spec", "explain", "list", "coverage"])
def test_help_fits_a_terminal_of_80_columns(command):
    result = nnspec(command, "--help")

    assert result.exit_code == 0
    assert max(map(len, result.output.splitlines())) <= 80


def test_spec_writes_to_a_file(tmp_path):
    result = nnspec("spec", "-o", str(tmp_path / "SPEC.md"))

    assert (result.exit_code, result.output) == (0, "")
    assert (tmp_path / "SPEC.md").read_text(encoding="utf-8") == markdown.specification()


def test_spec_names_the_file_that_it_cannot_write(tmp_path):
    result = nnspec("spec", "-o", str(tmp_path / "nowhere" / "SPEC.md"))

    assert isinstance(result.exception, WrongUse)
    assert str(result.exception).endswith("SPEC.md: No such file or directory.")


def test_explain_shows_everything_about_a_clause():
    output = nnspec("explain", "gradients.penalty").output

    assert output.startswith("gradients.penalty (MUST)\n\nThe penalty adds λ W")
    assert "  CS231n, “Computing the Analytic Gradient with Backpropagation”\n" in output
    assert "needs\n  gradients\n" in output
    assert "  where it outweighs the data\n" in output
    assert "  BiasesPenalised: The gradient on the biases includes a penalty, λ b.\n" in output
    assert output.endswith("nnspec check TARGET --select gradients.penalty\n")


def test_explain_knows_mistakes_by_the_names_that_reports_print():
    output = nnspec("explain", "PenaltyWithoutTheHalf").output

    assert "Fix: Multiply by one half" in output
    assert "breaks\n  losses.penalty\n" in output


def test_explain_says_that_no_document_states_a_should():
    output = nnspec("explain", "functions.softmax-large-scores").output

    assert "stated in\n  no document; it follows from common sense\n" in output


def test_explain_introduces_a_chapter():
    output = nnspec("explain", "updates").output

    assert output.startswith("updates: ")
    assert "\nupdates.momentum " in output


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
def test_list_has_one_clause_per_line_and_fits_the_terminal(columns, monkeypatch):
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
def test_list_shows_only_the_requested_clauses(words, expected):
    listed = [clause["id"] for clause in json.loads(nnspec("list", "--json", *words).output)]

    assert listed == [entry.clause.id for entry in ENTRIES if expected(entry.clause)]
    assert listed


def test_the_error_for_an_unknown_chapter_names_the_known_ones():
    result = nnspec("list", "--chapter", "loss")

    assert str(result.exception) == f"There is no chapter 'loss'. The chapters are {', '.join(CHAPTERS)}."
