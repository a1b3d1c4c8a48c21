"""The lists of first_contact: mistakes as edits of a program's text, and pairs of them."""

from __future__ import annotations

import runpy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "first_contact"
#: The programs, by the folder of each.
LISTS = (
    "functions",
    "layers",
    "columns",
    "tape",
    "unrolled",
    "caches",
    "trainer",
    "pullbacks",
    "modules",
    "procedures",
    "buffers",
    "augmented",
    "sequential",
    "script",
    "pullback_functions",
    "estimator",
)


@dataclass(frozen=True)
class Mistake:
    """sentence: what is wrong, in its author's words; edits: a text that the program has once, and what replaces it."""

    name: str
    sentence: str
    edits: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Pair:
    """Two mistakes of a list, in one program."""

    first: str
    second: str


@cache
def mistakes(folder: str) -> dict[str, Mistake]:
    """The mistakes of a list, by name."""
    return {mistake.name: mistake for mistake in _module(folder)["MISTAKES"]}


@cache
def pairs(folder: str) -> list[Pair]:
    """The pairs of a list."""
    return list(_module(folder)["PAIRS"])


def _module(folder: str) -> dict[str, object]:
    return runpy.run_path(str(FOLDER / folder / "mistakes.py"))


def source(folder: str, names: Sequence[str]) -> str:
    """The program with these mistakes; raises ValueError unless each edit has just one place."""
    text = (FOLDER / folder / "program.py").read_text(encoding="utf-8")
    for name in names:
        for right, wrong in mistakes(folder)[name].edits:
            if text.count(right) != 1:
                raise ValueError(
                    f"{folder}, {name}: expected {right!r} once, found it {text.count(right)} times"
                )
            text = text.replace(right, wrong)
    return text


def programs() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every program of the lists: its folder and the names of its mistakes, first all alone, then the pairs."""
    for folder in LISTS:
        yield from ((folder, (name,)) for name in mistakes(folder))
    for folder in LISTS:
        yield from ((folder, (pair.first, pair.second)) for pair in pairs(folder))
