r"""A formula in LaTeX as text for a terminal: ``\frac{\lambda}{2} \lVert W \rVert^2`` as ``λ/2 · ‖W‖²``.

It knows only the LaTeX that clauses use. The spaces between the factors of a product are those of the LaTeX source.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

#: Separates the formulas of one clause, as \quad does in LaTeX.
QUAD = "   "

Kind = Literal[
    "atom", "space", "quad", "operator", "prefix", "function", "sum", "open", "close", "fraction", "word"
]

_SIGNS: dict[str, tuple[Kind, str]] = {
    **{f"\\{name}": ("function", name) for name in ("ln", "log", "max", "tanh")},
    r"\approx": ("operator", "≈"),
    r"\cdot": ("operator", "·"),
    r"\circ": ("operator", "∘"),
    r"\delta": ("atom", "δ"),
    r"\ge": ("operator", "≥"),
    r"\implies": ("operator", "⇒"),
    r"\infty": ("atom", "∞"),
    r"\lambda": ("atom", "λ"),
    r"\le": ("operator", "≤"),
    r"\leftarrow": ("operator", "←"),
    r"\lfloor": ("open", "⌊"),
    r"\lVert": ("open", "‖"),
    r"\mu": ("atom", "μ"),
    r"\nabla": ("prefix", "∇"),
    r"\partial": ("prefix", "∂"),
    r"\pi": ("atom", "π"),
    r"\quad": ("quad", "\N{EM SPACE}"),
    r"\rfloor": ("close", "⌋"),
    r"\rVert": ("close", "‖"),
    r"\sigma": ("atom", "σ"),
    r"\sum": ("sum", "Σ"),
    r"\theta": ("atom", "θ"),
    r"\varepsilon": ("atom", "ε"),
    r"\varphi": ("atom", "φ"),
    r"\,": ("space", " "),
    **{sign: ("operator", sign) for sign in "+=<>/"},
    "(": ("open", "("),
    ")": ("close", ")"),
    ",": ("close", ","),
    "'": ("close", "′"),
    "&": ("close", ", "),
    r"\\": ("close", "; "),
}

#: The characters that exist as subscripts and as superscripts in Unicode; spaces are dropped.
_SCRIPTS = {
    "_": str.maketrans("0123456789+−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", " "),
    "^": str.maketrans(
        "0123456789+−=()abcdefghijklmnoprstuvwxyzDHKLMNTW",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴰᴴᴷᴸᴹᴺᵀᵂ",
        " ",
    ),
}

_TOKEN = re.compile(r"\\(?:begin|end)\{pmatrix\}|\\[A-Za-z]+|\\.|\s+|.")
_SUM = re.compile(" [+−] ")
_BRACKETS = re.compile(r"\([^()]*\)|⌊[^⌊⌋]*⌋")


@dataclass
class _Piece:
    kind: Kind
    text: str


def formula_text(latex: str) -> str:
    """The formula on one line; raises ValueError for an unknown LaTeX command."""
    text = _join(_pieces(iter(_TOKEN.findall(latex))))
    return re.sub(" *\N{EM SPACE} *", QUAD, unicodedata.normalize("NFC", text))


def _pieces(tokens: Iterator[str], end: str = "") -> list[_Piece]:
    """Read up to the token ``end``, or to the end of the formula."""
    pieces: list[_Piece] = []
    for token in tokens:
        if token == end:
            break
        if token in _SCRIPTS:
            pieces[-1].text += _script(token, _argument(tokens))
        elif token not in (r"\left", r"\right"):
            pieces += _read(token, tokens, starts=_term_starts(pieces))
    return pieces


def _read(token: str, tokens: Iterator[str], starts: bool) -> list[_Piece]:
    """Read a token and its arguments; starts: a term starts here, so a minus is a sign."""
    if token in _SIGNS:
        kind, text = _SIGNS[token]
        return [_Piece(kind, text)]
    if token == "-":
        return [_Piece("prefix" if starts else "operator", "−")]
    if token == "{":
        return [_Piece("atom", _join(_pieces(tokens, "}")))]
    if token == r"\begin{pmatrix}":
        rows = _join(_pieces(tokens, r"\end{pmatrix}"))
        return [_Piece("atom", f"[{rows}]")]
    if token == r"\frac":
        return [_Piece("fraction", _fraction(_join(_argument(tokens)), _join(_argument(tokens))))]
    if token == r"\sqrt":
        return [_Piece("atom", f"√({_join(_argument(tokens))})")]
    if token == r"\hat":
        return [_Piece("atom", f"{_join(_argument(tokens))}\N{COMBINING CIRCUMFLEX ACCENT}")]
    if token in (r"\mathbb", r"\mathcal"):
        return _argument(tokens)
    if token == r"\operatorname":
        return [_Piece("function", _join(_argument(tokens)))]
    if token == r"\text":
        next(tokens)
        return [_Piece("word", "".join(iter(lambda: next(tokens), "}")))]
    if token.startswith("\\"):
        raise ValueError(f"unknown LaTeX command {token}")
    return [_Piece("space", " ") if token.isspace() else _Piece("atom", token)]


def _argument(tokens: Iterator[str]) -> list[_Piece]:
    """Read the argument of a command or a script: one token, or a group in braces."""
    token = next(token for token in tokens if not token.isspace())
    return _pieces(tokens, "}") if token == "{" else _read(token, tokens, starts=True)


def _term_starts(pieces: list[_Piece]) -> bool:
    before = [piece.kind for piece in pieces if piece.kind != "space"][-1:]
    return not before or before[0] in ("operator", "prefix", "sum", "open", "quad")


def _script(sign: str, argument: list[_Piece]) -> str:
    """A subscript or superscript in Unicode characters if all of them exist; a word stays a word."""
    text, is_word = _join(argument), argument[0].kind == "word"
    if not is_word and all(ord(character) in _SCRIPTS[sign] for character in text):
        return text.translate(_SCRIPTS[sign])
    stands_alone = is_word or len(text) == 1 or not _outside_brackets(text)
    return sign + (text if stands_alone else f"({text})")


def _fraction(above: str, below: str) -> str:
    """Numerator and denominator with a slash, in parentheses only where they are needed."""
    if _SUM.search(_outside_brackets(above)):
        above = f"({above})"
    outside = _outside_brackets(below)
    if _SUM.search(outside) or (not below.startswith("Σ") and re.search("[ /]", outside)):
        below = f"({below})"
    return f"{above} / {below}" if " " in above + below else f"{above}/{below}"


def _outside_brackets(text: str) -> str:
    """The text without brackets and their contents."""
    shorter = _BRACKETS.sub("", text)
    return text if shorter == text else _outside_brackets(shorter)


def _join(pieces: list[_Piece]) -> str:
    """Pieces as text, with spaces around operators and none after a sign or inside brackets."""
    text, before = "", _Piece("open", "")
    for position, piece in enumerate(pieces):
        if before.text.startswith("∂/"):  # an operator: the rest of the term is its operand
            rest = pieces[position:]
            end = next((i for i, other in enumerate(rest) if other.kind == "operator"), len(rest))
            return f"{text} ({_join(rest[:end])}) {_join(rest[end:])}"
        if piece.kind == "space":
            text += "" if before.kind in ("open", "prefix") else " "
            continue
        text = _append(text, piece, before)
        before = piece
    return re.sub(" {2,}", " ", text).strip(" ")


def _append(text: str, piece: _Piece, before: _Piece) -> str:
    """The text and one more piece; before: the piece that the text ends with."""
    if piece.kind == "operator":
        return f"{text} {piece.text} "
    if piece.kind == "close":
        return text.rstrip(" ") + piece.text
    if piece.kind == "fraction" and before.kind == "function":
        return f"{text.rstrip(' ')}({piece.text})"
    if before.kind == "fraction" and piece.kind in ("atom", "function", "sum", "open", "fraction"):
        return f"{text.rstrip(' ')} · {piece.text}"
    return text + piece.text
