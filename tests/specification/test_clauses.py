"""Every clause is complete: a sentence, sources that exist, operations, and tests."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import nnspec.spec_tests
from nnspec.documents.clauses import MUST, SHOULD, Clause, clause
from nnspec.documents.places import DOCUMENTS
from nnspec.reach.options import DOCUMENT_NAMES
from nnspec.report.record import CHAPTERS
from nnspec.specification import chapters

MODULES = [
    importlib.import_module(f"nnspec.spec_tests.{found.name}")
    for found in pkgutil.iter_modules(nnspec.spec_tests.__path__)
    if found.name.startswith("test_")
]
ENTRIES = chapters.entries()


def test_every_test_belongs_to_a_clause():
    outside = [name for module in MODULES for name in vars(module) if name.startswith("test_")]
    classes = [found for module in MODULES for found in chapters.classes_of(module)]

    assert outside == []
    assert all(isinstance(vars(found).get("clause"), Clause) for found in classes)


def test_every_chapter_has_files_and_clauses():
    files = [file for chapter in CHAPTERS for file in chapters.files_of(chapter)]

    assert sorted(files) == sorted(module.__name__ for module in MODULES)
    assert all(chapter.entries for chapter in chapters.chapters())


def test_ids_are_unique():
    ids = [entry.clause.id for entry in ENTRIES]

    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.clause.id)
def test_a_clause_is_complete(entry):
    found = entry.clause

    assert entry.tests
    assert found.sentence.endswith((".", ").")), "the sentence is a sentence"
    assert found.operations
    assert found.documents <= set(DOCUMENTS)
    assert found.level == (MUST if found.sources else SHOULD), "what a document states is a MUST"
    assert entry.class_.__module__ in chapters.files_of(found.chapter), "it is in its chapter"


def test_the_document_option_takes_the_names_of_the_documents():
    assert tuple(DOCUMENTS) == DOCUMENT_NAMES


def test_a_clause_without_a_sentence_is_an_error():
    with pytest.raises(ValueError, match="its sentence is missing"):
        clause("data.nothing", operations=["spiral"])(type("TestNothing", (), {}))


def test_a_clause_of_an_unknown_operation_is_an_error():
    with pytest.raises(ValueError, match="the contract has no operation 'backward'"):
        clause("gradients.nothing", operations=["backward"])
