"""The specification as data: chapters, their clauses, and what holds each clause, read from the tests."""

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
    """A clause with its class of tests."""

    clause: Clause
    class_: type

    @property
    def tests(self) -> list[str]:
        """The names of the tests as words, inherited ones first, otherwise in the order of the file."""
        bases = reversed(self.class_.__mro__)
        names = dict.fromkeys(name for base in bases for name in vars(base) if name.startswith("test_"))
        return [name.removeprefix("test_").replace("_", " ") for name in names]

    @property
    def mistakes(self) -> list[type[Mistake]]:
        """What the clause catches, in the catalogue's order."""
        return [mistake for mistake in catalogue() if mistake.clause == self.clause.id]


@dataclass(frozen=True)
class Chapter:
    """A chapter: its name in clause ids, what it is about in a line, and paragraphs that introduce it."""

    name: str
    about: str
    introduction: tuple[str, ...]
    entries: tuple[Entry, ...]


@cache
def chapters() -> tuple[Chapter, ...]:
    """The chapters in the order in which they rest on each other, clauses as they stand in its files."""
    return tuple(_chapter(name) for name in CHAPTERS)


def entries(chapter: str | None = None) -> list[Entry]:
    """The clauses of a chapter, or of all; raises WrongUse for a chapter that does not exist."""
    if chapter not in (None, *CHAPTERS):
        raise WrongUse(f"There is no chapter {chapter!r}. The chapters are {', '.join(CHAPTERS)}.")
    return [entry for found in chapters() if chapter in (None, found.name) for entry in found.entries]


def find(name: str) -> Entry | Chapter:
    """The clause or the chapter of this name; a case (clause:test) gives its clause. Raises WrongUse."""
    expected = name.partition(":")[0]
    named: dict[str, Entry | Chapter] = {entry.clause.id: entry for entry in entries()}
    named |= {chapter.name: chapter for chapter in chapters()}
    if expected not in named:
        raise WrongUse(f"There is no clause {expected!r}. {meant(expected, list(named))}")
    return named[expected]


def meant(name: str, known: list[str]) -> str:
    """Which names may be meant; where none is near, how to see them all."""
    same = [candidate for candidate in known if candidate.partition(".")[2] == name]
    close = same or difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"Did you mean {' or '.join(close)}?" if close else "nnspec list names them all."


def summary(mistake: type[Mistake]) -> str:
    """What is wrong, in the sentence that its docstring begins with."""
    return paragraphs(mistake.__doc__)[0]


def paragraphs(docstring: str | None) -> list[str]:
    """The paragraphs of a docstring, each in one line."""
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", inspect.cleandoc(docstring or ""))]


def classes_of(module: ModuleType) -> Iterator[type]:
    """The classes of tests that a module defines, in the order of the file."""
    for member in vars(module).values():
        if inspect.isclass(member) and member.__module__ == module.__name__ and member.__name__[:4] == "Test":
            yield member


def files_of(chapter: str) -> list[str]:
    """The modules of a chapter: the one that introduces it, and those that a long one goes on in."""
    folder = importlib.import_module(SPEC_TESTS).__path__
    first = f"test_{chapter}"
    names = sorted(found.name for found in pkgutil.iter_modules(folder))
    return [f"{SPEC_TESTS}.{name}" for name in names if name == first or name.startswith(f"{first}_")]


def _chapter(name: str) -> Chapter:
    modules = [importlib.import_module(file) for file in files_of(name)]
    title, *introduction = paragraphs(modules[0].__doc__)
    about = title.partition(": ")[2] or title
    classes = [class_ for module in modules for class_ in classes_of(module)]
    found = [Entry(vars(class_)["clause"], class_) for class_ in classes]
    return Chapter(name, about[:1].upper() + about[1:], tuple(introduction), tuple(found))
