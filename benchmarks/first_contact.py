"""Measure what nnspec says of mistakes that were written without sight of its catalogue and its tables.

    python benchmarks/first_contact.py --keep FILE [NAME ...]

Each list of first_contact has a program of a style of its own, forty mistakes in it and ten pairs of them. They were
written before anybody ran nnspec on them, by people who had seen the contract and the documents alone. Every mistake is
checked by the quick tests, in the whole program and as ``loss``, ``gradients`` and ``train`` alone, and every pair in
the whole program. What is stored in FILE is not measured again; first_contact has the first measurement of each two
lists: first.json of functions and layers, second.json of columns and tape, third.json of unrolled and caches,
fourth.json of trainer and pullbacks, fifth.json of modules and procedures, sixth.json of buffers and augmented,
seventh.json of sequential and script, eighth.json of pullback_functions and estimator.
judged.json says which sentences are true, by somebody who had written neither the lists nor nnspec.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deepcrime import sentences
from deepcrime_results import OR
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
#: Outcomes of single mistakes, of pairs, and of both.
NAMED, RELATED, BOTH, ONE = "named", "related", "both", "one"
UNEXPLAINED, ACCEPTED, CANNOT_SHOW, WRONG, NOT_JUDGED = (
    "unexplained",
    "accepted",
    "cannot show",
    "wrong",
    "not judged",
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


def outcome(name: str, result: dict[str, Any], judged: dict[str, Any]) -> str:
    """What judged.json says of this result; a sentence that it does not have makes it one that is not judged."""
    known = judged.get(name, {"outcome": NOT_JUDGED, "sentences": {}})
    if not result["refused"] and known["outcome"] == CANNOT_SHOW:
        return CANNOT_SHOW
    said = [sentence for sentence in result["said"] if not sentence.startswith(OR)]
    if not result["refused"] and not said:
        return ACCEPTED
    if said == [sentence for sentence in known["sentences"] if not sentence.startswith(OR)]:
        return str(known["outcome"])
    verdicts = {known["sentences"].get(sentence, NOT_JUDGED) for sentence in said}
    for worst in (WRONG, NOT_JUDGED):
        if worst in verdicts:
            return worst
    if not verdicts:
        return UNEXPLAINED
    return NOT_JUDGED if " + " in name else NAMED if NAMED in verdicts else RELATED


def totals(outcomes: dict[str, str]) -> str:
    """How many programs of each list and extent came to each outcome."""
    counts: dict[str, Counter[str]] = {}
    for name, which in outcomes.items():
        folder, _, rest = name.partition(" ")
        extent = "pairs" if " + " in rest else rest[rest.rindex("(") + 1 : -1]
        counts.setdefault(f"{folder}, {extent}", Counter())[which] += 1
    return "\n".join(f"{group}: {dict(count.most_common())}" for group, count in counts.items())


def main() -> None:
    """Measure what is not stored, and print it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="a list or a mistake")
    parser.add_argument("--keep", type=Path, required=True, metavar="FILE", help="the results")
    options = parser.parse_args()
    results = json.loads(options.keep.read_text(encoding="utf-8")) if options.keep.exists() else {}
    judged, outcomes = json.loads(JUDGED.read_text(encoding="utf-8")), {}
    for folder, names, extent in keys():
        if options.names and not {folder, *names} & {*options.names}:
            continue
        name = key(folder, names, extent)
        if name not in results:
            results[name] = measured(folder, names, extent)
            options.keep.write_text(json.dumps(results, indent=1, ensure_ascii=False), encoding="utf-8")
        outcomes[name] = outcome(name, results[name], judged)
        print(f"{name}: {outcomes[name]}  {' · '.join(results[name]['said'])}", flush=True)
    print(totals(outcomes))


if __name__ == "__main__":
    main()
