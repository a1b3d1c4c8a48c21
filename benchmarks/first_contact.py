"""Measure what nnspec says of mistakes that were written without sight of its catalogue and its tables.

    python benchmarks/first_contact.py --keep FILE [--render PAGE] [NAME ...]

Each list of first_contact has a program of a style of its own, forty mistakes in it and ten pairs of them. They were
written before anybody ran nnspec on them, by people who had seen the contract and the documents alone. Every mistake is
checked by the quick tests, in the whole program and as ``loss``, ``gradients`` and ``train`` alone, and every pair in
the whole program. What is stored in FILE is not measured again. judged.json says which sentences are true.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deepcrime import sentences
from first_contact_edits import FOLDER, programs, source

from nnspec.reach.options import Options
from nnspec.suite.check import check

JUDGED = FOLDER / "judged.json"
WHOLE, FEW = "whole", "three operations"
#: What makes a program of three operations of a module.
CORE = """

import types as _types

core = _types.SimpleNamespace(describe=describe, loss=loss, gradients=gradients, train=train)
"""
#: Outcomes: every mistake is named, or something true is said of each; of one of two; nothing; a sentence is not true.
NAMED, RELATED, ONE, NOTHING, ACCEPTED, WRONG = (
    "named",
    "related",
    "one of two",
    "unexplained",
    "accepted",
    "a wrong sentence",
)


def key(folder: str, names: tuple[str, ...], extent: str) -> str:
    """Such as "functions softmax_axis_zero whole"."""
    return f"{folder} {' + '.join(names)} ({extent})"


def keys() -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Every program and its extent."""
    for folder, names in programs():
        yield folder, names, WHOLE
        if len(names) == 1:
            yield folder, names, FEW


def measured(folder: str, names: tuple[str, ...], extent: str) -> dict[str, Any]:
    """Whether the program is refused, by how many tests, and what is said of it."""
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "program.py"
        path.write_text(source(folder, names) + CORE, encoding="utf-8")
        target = f"{path}:core" if extent == FEW else str(path)
        record = check(Options(target=target, quick=True), lambda _: None)
    said = list(dict.fromkeys(sentences(record)))
    return {"refused": bool(record.wrong), "failed": len(record.failures), "said": said}


def main() -> None:
    """Measure what is not stored, and print it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="a list or a mistake")
    parser.add_argument("--keep", type=Path, required=True, metavar="FILE", help="the results")
    options = parser.parse_args()
    results = json.loads(options.keep.read_text(encoding="utf-8")) if options.keep.exists() else {}
    for folder, names, extent in keys():
        if options.names and not {folder, *names} & {*options.names}:
            continue
        name = key(folder, names, extent)
        if name not in results:
            results[name] = measured(folder, names, extent)
            options.keep.write_text(json.dumps(results, indent=1, ensure_ascii=False), encoding="utf-8")
        print(name, results[name]["failed"], " · ".join(results[name]["said"]), flush=True)


if __name__ == "__main__":
    main()
