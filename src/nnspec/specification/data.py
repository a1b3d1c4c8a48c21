"""The specification as plain values, in JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from nnspec.documents.places import DOCUMENTS
from nnspec.specification.chapters import Chapter, Entry, chapters, summary


def specification() -> str:
    """The whole specification as JSON."""
    content = {
        "version": version("nnspec"),
        "documents": [asdict(document) for document in DOCUMENTS.values()],
        "chapters": [_chapter(chapter) for chapter in chapters()],
    }
    return as_json(content)


def clauses(entries: Iterable[Entry]) -> str:
    """These clauses as a JSON list."""
    return as_json([_entry(entry) for entry in entries])


def as_json(value: Any) -> str:
    """JSON for people and for programs: indented, with non-ASCII characters as they are."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _chapter(chapter: Chapter) -> dict[str, Any]:
    return {
        "name": chapter.name,
        "about": chapter.about,
        "introduction": list(chapter.introduction),
        "clauses": [_entry(entry) for entry in chapter.entries],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    mistakes = [{"name": mistake.__name__, "sentence": summary(mistake)} for mistake in entry.mistakes]
    return {**asdict(entry.clause), "tests": entry.tests, "mistakes": mistakes}
