"""What the front of the specification is made of; every kind of page renders these in its own way."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Paragraph:
    """Plain text, in which `code` stands between backticks."""

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
    """A head and rows of plain text."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind = "table"


Block = Paragraph | Items | Formula | Table


@dataclass(frozen=True)
class Part:
    """A part of the front: a title and what stands under it."""

    title: str
    blocks: tuple[Block, ...]
