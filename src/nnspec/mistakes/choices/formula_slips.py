"""Formulas with one slip of the hand each: another sign or operator, a term left out, another number, no parentheses.

A formula is an expression of Python. It is computed with arrays, real or complex, and written as in a book.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

#: The functions that a formula may have, and what people type in their place.
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "exp": np.exp,
    "sqrt": np.sqrt,
    "tanh": np.tanh,
    "sin": np.sin,
    "cos": np.cos,
    "floor": np.floor,
    "ceil": np.ceil,
    "round": np.round,
    "log": np.log,
    "total": lambda array: np.sum(array, axis=1),
    "mean": lambda array: np.mean(array, axis=1),
}
_INSTEAD = {"floor": ("ceil", "round"), "sin": ("cos",), "cos": ("sin",), "total": ("mean",)}
_OPERATORS: dict[type[ast.operator], tuple[ast.operator, ...]] = {
    ast.Add: (ast.Sub(),),
    ast.Sub: (ast.Add(),),
    ast.Mult: (ast.Div(), ast.Add()),
    ast.Div: (ast.Mult(),),
    ast.Pow: (ast.Mult(),),
}


@dataclass(frozen=True)
class Slipped:
    """A formula as it is typed; ``function`` takes the values of its names, in their order."""

    formula: str
    function: Callable[..., Any] = field(compare=False, repr=False)


def slips(formula: str, *names: str, greek: Sequence[tuple[str, str]] = ()) -> tuple[Slipped, ...]:
    """All single slips in a formula of these names, without those that are written alike; greek: names in print."""
    right = ast.parse(formula, mode="eval")
    trees = [*_changed(right, names), *_without_parentheses(formula)]
    known = written(right.body, dict(greek))
    by_text = {written(tree.body, dict(greek)): tree for tree in reversed(trees)}
    return tuple(
        Slipped(text, _function(tree, names)) for text, tree in reversed(by_text.items()) if text != known
    )


# ---- slips ----


def _changed(right: ast.Expression, names: Sequence[str]) -> Iterator[ast.Expression]:
    """The formula with one node changed."""
    for place, node in enumerate(ast.walk(right)):
        if isinstance(node, ast.expr):
            for other in _instead_of(node, names):
                tree = copy.deepcopy(right)
                old = list(ast.walk(tree))[place]
                yield ast.fix_missing_locations(_Replace(old, copy.deepcopy(other)).visit(tree))


class _Replace(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.expr) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> Any:
        """The new node in the place of the old one."""
        return self._new if node is self._old else self.generic_visit(node)


def _instead_of(node: ast.expr, names: Sequence[str]) -> Iterator[ast.expr]:
    """What people type in place of a node."""
    if isinstance(node, ast.BinOp):
        for operator in _OPERATORS[type(node.op)]:
            yield ast.BinOp(node.left, operator, node.right)
        yield from (node.left, node.right)
        if isinstance(node.op, (ast.Sub, ast.Div, ast.Pow)):
            yield ast.BinOp(node.right, node.op, node.left)
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        yield node.args[0]
        yield ast.UnaryOp(ast.USub(), node)
        yield from (
            ast.Call(ast.Name(other, ast.Load()), node.args, []) for other in _INSTEAD.get(node.func.id, ())
        )
        if node.func.id == "exp":
            yield ast.Call(node.func, [ast.UnaryOp(ast.USub(), node.args[0])], [])
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        value = node.value
        others = (value + 1, value - 1) if isinstance(value, int) else ()
        yield from (ast.Constant(other) for other in (*others, 2 * value, value / 2, 0, 1) if other != value)
    elif isinstance(node, ast.Name) and node.id in names:
        yield from (ast.Name(other, ast.Load()) for other in names if other != node.id)
        yield ast.UnaryOp(ast.USub(), node)
        yield ast.BinOp(node, ast.Pow(), ast.Constant(2))


def _without_parentheses(formula: str) -> Iterator[ast.Expression]:
    """The formula without one pair of parentheses; without those of a call it is another formula or none."""
    opened = []
    for place, character in enumerate(formula):
        if character == "(":
            opened.append(place)
        elif character == ")":
            start = opened.pop()
            if start == 0 or not formula[start - 1].isalpha():
                yield ast.parse(
                    formula[:start] + formula[start + 1 : place] + formula[place + 1 :], mode="eval"
                )


def _function(tree: ast.Expression, names: Sequence[str]) -> Callable[..., Any]:
    """The formula as a function of its names."""
    code = compile(ast.fix_missing_locations(tree), "<formula>", "eval")

    def function(*values: Any) -> Any:
        arrays = {name: np.asarray(value) for name, value in zip(names, values, strict=True)}
        with np.errstate(all="ignore"):
            return eval(
                code, {"__builtins__": {}}, {**FUNCTIONS, **_real(arrays)}
            )  # of the trees above alone

    return function


def _real(arrays: dict[str, Any]) -> dict[str, Any]:
    """Floating point for whole numbers, which have no negative powers."""
    return {name: a if a.dtype.kind in "fc" else a.astype(float) for name, a in arrays.items()}


# ---- in print ----

_RANKS: dict[type[ast.operator], int] = {ast.Add: 1, ast.Sub: 1, ast.Mult: 2, ast.Div: 2, ast.Pow: 4}
_SIGNS: dict[type[ast.operator], str] = {ast.Add: " + ", ast.Sub: " − ", ast.Mult: " · ", ast.Div: " / "}
_NEGATIVE = 3


def written(node: ast.expr, greek: dict[str, str], rank: int = 0) -> str:
    """A formula as in a book; in parentheses if it binds less than ``rank``."""
    text, own = _written(node, greek)
    return f"({text})" if own < rank else text


def _written(node: ast.expr, greek: dict[str, str]) -> tuple[str, int]:
    """The text, and how strongly its outermost operator binds."""
    if isinstance(node, ast.Constant):
        number = _number(node)
        return (f"{number:g}", 9) if number >= 0 else (f"−{-number:g}", _NEGATIVE)
    if isinstance(node, ast.Name):
        return greek.get(node.id, node.id), 9
    if isinstance(node, ast.UnaryOp):
        return f"−{written(node.operand, greek, _NEGATIVE)}", _NEGATIVE
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        inner = written(node.args[0], greek)
        brackets = {"floor": f"⌊{inner}⌋", "ceil": f"⌈{inner}⌉", "sqrt": f"√({inner})", "total": f"Σ {inner}"}
        return brackets.get(node.func.id, f"{node.func.id}({inner})"), 9
    assert isinstance(node, ast.BinOp)
    own = _RANKS[type(node.op)]
    if isinstance(node.op, ast.Pow):
        base = written(node.left, greek, own + 1)
        exponents = {2.0: "²", 3.0: "³"}
        if isinstance(node.right, ast.Constant) and (exponent := _number(node.right)) in exponents:
            return base + exponents[exponent], own
        return f"{base}^{written(node.right, greek, own + 1)}", own
    right = written(node.right, greek, own + isinstance(node.op, (ast.Sub, ast.Div)))
    if right.startswith("−"):
        right = f"({right})"
    return f"{written(node.left, greek, own)}{_SIGNS[type(node.op)]}{right}", own


def _number(node: ast.Constant) -> float:
    assert isinstance(node.value, (int, float))
    return float(node.value)
