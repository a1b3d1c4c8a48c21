"""The building blocks of the specification's front; each format renders them in its own way."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Paragraph:
    """Plain text; backticks mark `code`."""

    text: str
    kind = "paragraph"


@dataclass(frozen=True)
class Items:
    """A list of paragraphs."""

    texts: tuple[str, ...]
    kind = "items"


@dataclass(frozen=True)
class Formula:
    """A formula in LaTeX, on a line of its own."""

    latex: str
    kind = "formula"


@dataclass(frozen=True)
class Table:
    """Plain text: the head and the rows."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind = "table"


Block = Paragraph | Items | Formula | Table


@dataclass(frozen=True)
class Part:
    """One part of the front: a title and the blocks under it."""

    title: str
    blocks: tuple[Block, ...]
