"""The coverage of the documents: every section, every statement, and the clauses that cover them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from nnspec.cli.main import cli
from nnspec.coverage import ERRATA, SECTIONS
from nnspec.coverage.statements import Section
from nnspec.documents.places import DOCUMENTS
from nnspec.specification import chapters, coverage, markdown

ROOT = Path(__file__).parents[2]
CLAUSES = {entry.clause.id: entry.clause for entry in chapters.entries()}
ALL = [(document, section) for document, sections in SECTIONS.items() for section in sections]


def name(value):
    """A section, in the name of a test."""
    return value.title if isinstance(value, Section) else value


def sources_by_section():
    """The clauses that name each section of a document as their source."""
    found = {}
    for clause in CLAUSES.values():
        for source in clause.sources:
            found.setdefault((source.document, source.section), set()).add(clause.id)
    return found


def test_the_documents_are_all_there():
    assert list(SECTIONS) == list(DOCUMENTS)


@pytest.mark.parametrize("document", SECTIONS)
def test_titles_are_unique(document):
    titles = [section.title for section in SECTIONS[document]]

    assert len(titles) == len(set(titles))


def test_every_section_that_a_clause_names_exists():
    known = {(document, section.title) for document, section in ALL}
    unknown = {f"{source}": clause for source, clause in sources_by_section().items() if source not in known}

    assert unknown == {}


@pytest.mark.parametrize(("document", "section"), ALL, ids=name)
def test_a_section_and_the_clauses_that_name_it_agree(document, section):
    named = sources_by_section().get((document, section.title), set())
    only_statements, only_sources = sorted(section.clauses - named), sorted(named - section.clauses)

    assert only_statements == [], (
        f"statements of “{section.title}” name these, but they do not name the section"
    )
    assert only_sources == [], f"these name “{section.title}”, but none of its statements names them"


def test_a_statement_has_clauses_or_a_reason_for_none():
    statements = [statement for _, section in ALL for statement in section.statements]

    assert [found.says for found in statements if bool(found.clauses) == bool(found.why_none)] == []


def test_a_section_has_statements_or_a_remark():
    assert [section.title for _, section in ALL if not (section.statements or section.remark)] == []


def test_every_must_covers_a_statement():
    stated = {clause for _, section in ALL for clause in section.clauses}
    musts = {clause.id for clause in CLAUSES.values() if clause.level == "MUST"}

    assert sorted(musts - stated) == []


def test_the_errata_are_numbered_and_name_sections_that_exist():
    known = {(document, section.title) for document, section in ALL}

    assert [erratum.number for erratum in ERRATA] == list(range(1, len(ERRATA) + 1))
    assert {(erratum.document, erratum.section) for erratum in ERRATA} <= known


def test_every_erratum_is_covered_by_clauses_that_exist():
    assert all(erratum.clauses for erratum in ERRATA)
    assert {clause for erratum in ERRATA for clause in erratum.clauses} <= set(CLAUSES)


def test_every_text_is_a_sentence():
    texts = [statement.says for _, section in ALL for statement in section.statements]
    texts += [text for erratum in ERRATA for text in (erratum.says, erratum.holds)]

    assert [text for text in texts if not text.endswith((".", ".)"))] == []


def test_the_file_in_the_repository_is_what_the_command_writes():
    written = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")

    assert written == coverage.coverage(), (
        "docs/coverage.md is out of date: nnspec coverage -o docs/coverage.md"
    )


def test_every_link_to_a_clause_has_a_heading_in_the_specification():
    headings = {markdown.anchor(clause) for clause in CLAUSES}
    linked = {link.partition(")")[0] for link in coverage.coverage().split("../SPEC.md#")[1:]}

    assert linked <= headings


def test_the_command_prints_it():
    assert CliRunner().invoke(cli, ["coverage"]).output == coverage.coverage()
