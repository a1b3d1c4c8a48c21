"""The specification as one page of HTML that needs nothing else: no network, no scripts."""

from __future__ import annotations

import importlib.util
import re
from importlib import resources
from typing import TYPE_CHECKING

from nnspec.contract.errors import WrongUse
from nnspec.documents.places import by_document
from nnspec.specification.chapters import chapters, summary
from nnspec.specification.front import FRONT, LEAD, TITLE

if TYPE_CHECKING:
    from markupsafe import Markup

#: What this page needs beyond the core, by the names that are imported.
NEEDS = ("jinja2", "latex2mathml")

#: A double-struck 1 as a letter of its own: MathML Core has no attribute for the form of letters.
_ONE, _DOUBLE_STRUCK_ONE = '<mn mathvariant="double-struck">1</mn>', "<mn>𝟙</mn>"
#: A function's name stands apart from the letters beside it: log p, r sin t.
_NAME = "<mi>(?:log|ln|exp|sin|cos|tanh)</mi>"
_THIN = '<mspace width="0.17em"></mspace>'
_BEFORE_NAME = re.compile(f"(</mi>)(?={_NAME})")
_AFTER_NAME = re.compile(f"({_NAME})(?=<m(?!o))")


def specification() -> str:
    """The whole page; raises WrongUse where a library is missing."""
    check_can_render()
    import jinja2

    template = resources.files(__package__).joinpath("specification.html").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.filters |= {"plain": plain, "mathml": mathml, "by_document": by_document, "summary": summary}
    return environment.from_string(template).render(
        title=TITLE, lead=LEAD, front=FRONT, chapters=chapters(), anchor=anchor
    )


def check_can_render() -> None:
    """Raise WrongUse before any work is done where a library is missing."""
    missing = [name for name in NEEDS if importlib.util.find_spec(name) is None]
    if missing:
        raise WrongUse(f"--format html needs {' and '.join(missing)}: pip install 'nnspec[report]'")


def anchor(title: str) -> str:
    """A title as the name of a place on the page."""
    return re.sub(r"\W+", "-", title.lower())


def plain(text: str) -> Markup:
    """Text as HTML, with `code` where backticks stand."""
    from markupsafe import Markup, escape

    pieces = re.split(r"`([^`]*)`", text.replace("``", "`"))
    code = Markup("<code>{}</code>")
    return Markup("").join(
        code.format(piece) if position % 2 else escape(piece) for position, piece in enumerate(pieces)
    )


def mathml(latex: str) -> Markup:
    """A formula in LaTeX as MathML, which browsers set by themselves."""
    from latex2mathml.converter import convert
    from markupsafe import Markup

    shown = convert(latex, display="block").replace(_ONE, _DOUBLE_STRUCK_ONE)
    return Markup(_AFTER_NAME.sub(r"\1" + _THIN, _BEFORE_NAME.sub(r"\1" + _THIN, shown)))
