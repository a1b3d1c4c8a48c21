"""The specification as data: its chapters and their clauses, read from the tests."""

from __future__ import annotations

import difflib
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from nnspec.contract.errors import WrongUse
from nnspec.documents.clauses import Clause
from nnspec.mistakes import Mistake, catalogue
from nnspec.report.record import CHAPTERS

#: The package whose modules are the chapters.
SPEC_TESTS = "nnspec.spec_tests"


@dataclass(frozen=True)
class Entry:
    """A clause and its test class."""

    clause: Clause
    class_: type

    @property
    def tests(self) -> list[str]:
        """The names of the tests in words: inherited tests first, then in the order of the file."""
        bases = reversed(self.class_.__mro__)
        names = dict.fromkeys(name for base in bases for name in vars(base) if name.startswith("test_"))
        return [name.removeprefix("test_").replace("_", " ") for name in names]

    @property
    def mistakes(self) -> list[type[Mistake]]:
        """The mistakes that the clause must catch, in the order of the catalogue."""
        return [mistake for mistake in catalogue() if mistake.clause == self.clause.id]


@dataclass(frozen=True)
class Chapter:
    """A chapter: its name in the ids of clauses, its subject in one line, and its introduction."""

    name: str
    about: str
    introduction: tuple[str, ...]
    entries: tuple[Entry, ...]


@cache
def chapters() -> tuple[Chapter, ...]:
    """The chapters, each after those that it builds on, with their clauses in the order of the files."""
    return tuple(_chapter(name) for name in CHAPTERS)


def entries(chapter: str | None = None) -> list[Entry]:
    """The clauses of a chapter, or all clauses; raises WrongUse for an unknown chapter."""
    if chapter not in (None, *CHAPTERS):
        raise WrongUse(f"There is no chapter {chapter!r}. The chapters are {', '.join(CHAPTERS)}.")
    return [entry for each in chapters() if chapter in (None, each.name) for entry in each.entries]


def find(name: str) -> Entry | Chapter | type[Mistake]:
    """The clause, chapter or mistake of this name; for a case (clause:test), its clause. Raises WrongUse."""
    name = name.removeprefix("nnspec.mistakes:").partition(":")[0]
    named: dict[str, Entry | Chapter | type[Mistake]] = {entry.clause.id: entry for entry in entries()}
    named |= {chapter.name: chapter for chapter in chapters()}
    named |= {mistake.__name__: mistake for mistake in catalogue()}
    if name not in named:
        raise WrongUse(f"There is no clause {name!r}. {suggestion(name, list(named))}")
    return named[name]


def suggestion(name: str, known: list[str]) -> str:
    """The known names that are close to this one; if there are none, how to list all."""
    same = [candidate for candidate in known if candidate.partition(".")[2] == name]
    close = same or difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"Did you mean {' or '.join(close)}?" if close else "nnspec list shows them all."


def summary(mistake: type[Mistake]) -> str:
    """The first paragraph of the mistake's docstring, which says what is wrong."""
    return paragraphs(mistake.__doc__)[0]


def paragraphs(docstring: str | None) -> list[str]:
    """The paragraphs of a docstring, each on one line."""
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", inspect.cleandoc(docstring or ""))]


def classes_of(module: ModuleType) -> Iterator[type]:
    """The test classes that a module defines, in the order of the file."""
    for member in vars(module).values():
        if inspect.isclass(member) and member.__module__ == module.__name__ and member.__name__[:4] == "Test":
            yield member


def files_of(chapter: str) -> list[str]:
    """The modules of a chapter: the one that introduces it, then its continuations."""
    folder = importlib.import_module(SPEC_TESTS).__path__
    first = f"test_{chapter}"
    names = sorted(module.name for module in pkgutil.iter_modules(folder))
    return [f"{SPEC_TESTS}.{name}" for name in names if name == first or name.startswith(f"{first}_")]


def _chapter(name: str) -> Chapter:
    modules = [importlib.import_module(file) for file in files_of(name)]
    title, *introduction = paragraphs(modules[0].__doc__)
    about = title.partition(": ")[2] or title
    classes = [class_ for module in modules for class_ in classes_of(module)]
    entries = tuple(Entry(vars(class_)["clause"], class_) for class_ in classes)
    return Chapter(name, about[:1].upper() + about[1:], tuple(introduction), entries)
