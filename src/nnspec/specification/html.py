"""The specification as one self-contained HTML page: no network, no scripts."""

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

#: The import names of the libraries that this page needs beyond the core.
NEEDS = ("jinja2", "latex2mathml")

#: MathML Core has no attribute for the style of letters, so a double-struck 1 is its own character.
_ONE, _DOUBLE_STRUCK_ONE = '<mn mathvariant="double-struck">1</mn>', "<mn>𝟙</mn>"
#: A function's name has a space on both sides: log p, r sin t.
_NAME = "<mi>(?:log|ln|exp|sin|cos|tanh)</mi>"
_THIN = '<mspace width="0.17em"></mspace>'
_BEFORE_NAME = re.compile(f"(</mi>)(?={_NAME})")
_AFTER_NAME = re.compile(f"({_NAME})(?=<m(?!o))")


def specification() -> str:
    """The whole page; raises WrongUse if a library is missing."""
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
    """Raise WrongUse if a library is missing, before any work is done."""
    missing = [name for name in NEEDS if importlib.util.find_spec(name) is None]
    if missing:
        raise WrongUse(f"--format html needs {' and '.join(missing)}: pip install 'nnspec[report]'")


def anchor(title: str) -> str:
    """The id of the place on the page with this title."""
    return re.sub(r"\W+", "-", title.lower())


def plain(text: str) -> Markup:
    """Text as HTML; backticks become `code`."""
    from markupsafe import Markup, escape

    pieces = re.split(r"`([^`]*)`", text.replace("``", "`"))
    code = Markup("<code>{}</code>")
    return Markup("").join(
        code.format(piece) if position % 2 else escape(piece) for position, piece in enumerate(pieces)
    )


def mathml(latex: str) -> Markup:
    """A formula in LaTeX as MathML, which browsers render natively."""
    from latex2mathml.converter import convert
    from markupsafe import Markup

    markup = convert(latex, display="block").replace(_ONE, _DOUBLE_STRUCK_ONE)
    return Markup(_AFTER_NAME.sub(r"\1" + _THIN, _BEFORE_NAME.sub(r"\1" + _THIN, markup)))
