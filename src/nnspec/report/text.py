"""Text for a terminal, 80 columns wide."""

from __future__ import annotations

import re
import textwrap

WIDTH = 80
#: What stands in a place of an index, [0, 2], is not parted.
_INDEX = re.compile(r"\[[^][]*\]")


def row(name: str, text: str) -> str:
    """``name``, and ``text`` beside it, in as many lines as it takes: of a failure, which is indented by two."""
    kept = _INDEX.sub(lambda index: index.group().replace(" ", "\N{NO-BREAK SPACE}"), text)
    folded = textwrap.fill(
        kept,
        WIDTH - 2,
        initial_indent=f"{name:<12} ",
        subsequent_indent=13 * " ",
        break_on_hyphens=False,
        break_long_words=False,
    )
    return folded.replace("\N{NO-BREAK SPACE}", " ")
