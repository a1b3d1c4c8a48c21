"""Measure which mistakes the specification refuses in a program that offers only a part of the contract.

    python benchmarks/partial_power.py [--part NAME ...] [--calls N] [--processes N]

A mistake can show through a part if it gives a wrong number in any of N calls, drawn at length from all that the part
takes (partial_draws.py), or wrong predictions after fits (partial_fits.py), or if a test refuses it. It is refused if
a test of level MUST fails. Writes docs/partial-power.md; ``--part`` replaces what that says of these parts alone. Exits
with 1 if a mistake that can show is not refused, or if nothing says why one cannot show.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import sys
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial, reduce
from itertools import chain
from pathlib import Path
from typing import Any

from partial_draws import Call, calls
from partial_fits import Fit, fits
from partial_programs import PARTS, Part
from partial_runs import refusals
from power_matrix import MATRIX, PROVENANCE, read

from nnspec import mistakes
from nnspec.mistakes import Mistake, catalogue
from nnspec.reference import Reference
from nnspec.suite import order

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "partial-power.md"
#: How many calls are drawn for a part, and how many fits.
CALLS, FITS = 3000, 150

#: Why a mistake shows in no answer, although its code is reached.
REASONS = {
    "it is the documents' own formula, and overflows only where theirs does": (
        *("SoftmaxOverflows", "ScoreGradientOverflows", "LossOverflows", "LossOfProbabilityZero"),
    ),
    "it changes an argument, and no answer": ("SoftmaxInPlace", "UpdateInPlace", "VelocityInPlace"),
    "no document decides between it and the reference": ("RateOutsideTheVelocity",),
}
#: The same where labels after a fit are all that a program answers, and the operations that answer more.
NO_LOSS = "a fit answers no loss"
OF_FITS = "in no fit that was drawn does it change a label that other random numbers leave as it is"
ANSWERS = {"loss", "gradients"}
#: The same for what a document's programs do.
ELSEWHERE = "it shows in other cases than the document's"
#: What a loss comes through alone, and the mistakes in the losses that training lists.
LOSS = {"cross_entropy", "log_softmax", "penalty", "objective", "loss"}
LOSSES_OF_TRAINING = (
    *("LossAfterTheUpdate", "LossesOneTooMany", "LossesAccumulated", "LossesWithoutThePenalty"),
    "MinibatchLossOfAllExamples",
)


@dataclass(frozen=True)
class PartialPower:
    """What was measured for a part.

    shown: the mistakes that can show; refused: those that a test refuses; quick: those that a quick test refuses;
    hidden: why each other mistake cannot show, "" if nothing says so; cases: how many tests apply.
    """

    part: Part
    cases: int
    shown: tuple[str, ...]
    refused: tuple[str, ...]
    quick: tuple[str, ...]
    hidden: Mapping[str, str]


def measured(part: Part, number: int) -> PartialPower:
    """Search, and run the tests."""
    names = [mistake.__name__ for mistake in catalogue()]
    searched = search(part, number, FITS)
    found = refusals(part, {*searched, *known(part)})
    refused = tuple(name for name in names if name in found.first)
    quick = refusals(part, refused, sorted(filter(order.is_quick, found.cases), key=order.place))
    shown = tuple(name for name in names if name in searched or name in refused)
    hidden = {mistake.__name__: mistake for mistake in catalogue() if mistake.__name__ not in shown}
    elsewhere = search(replace(part, document=""), number, FITS, hidden.values()) if part.document else []
    by_calls, by_fits = methods_reached(calls(part, 200)), methods_reached(fits(part, 20))
    return PartialPower(
        part,
        len(found.cases),
        shown,
        refused,
        tuple(quick.first),
        {
            name: ELSEWHERE if name in elsewhere else reason(mistake, by_calls, by_fits)
            for name, mistake in hidden.items()
        },
    )


def known(part: Part) -> list[str]:
    """The mistakes that some case of the part's operations refuses in a program with all operations."""
    power, _ = read(MATRIX.read_text(encoding="utf-8"))
    asked = power.asked_of({*part.operations})
    return [name for name, cases in power.refused.items() if asked & cases and name in mistakes.__dict__]


def search(
    part: Part, of_calls: int, of_fits: int, among: Iterable[type[Mistake]] | None = None
) -> list[str]:
    """The mistakes of the catalogue, or among these, that answer any of these many calls and fits wrong."""
    warnings.simplefilter("ignore")  # numbers overflow in some mistakes
    drawn = [*calls(part, of_calls), *fits(part, of_fits)]
    return [
        mistake.__name__
        for mistake, program in (
            (mistake, mistake()) for mistake in (catalogue() if among is None else among)
        )
        if not all(call.is_right(program) for call in drawn)
    ]


def methods_reached(drawn: Iterable[Call | Fit]) -> set[str]:
    """The methods of the reference that calls or fits come through."""
    reached: set[str] = set()

    class Followed(Reference):
        def __getattribute__(self, name: str) -> Any:
            reached.add(name)
            return super().__getattribute__(name)

    for each in drawn:
        each.is_right(Followed())
    return reached


def reason(mistake: type[Mistake], by_calls: set[str], by_fits: set[str]) -> str:
    """Why a mistake cannot show; "" if nothing says so. by_calls, by_fits: the methods that these come through."""
    reached = by_calls | by_fits
    changed = {
        name
        for base in mistake.__mro__
        if issubclass(base, Reference) and base not in Reference.__mro__ and base is not Mistake
        for name, member in vars(base).items()
        if callable(member) and hasattr(Reference, name)
    }
    if not changed & reached:
        return f"no call comes through {', '.join(f'`{name}`' for name in sorted(changed))}"
    if "train" in changed - reached:
        return "it acts in `train` alone"
    unseen = ""
    if "fit" in by_fits and not (changed & by_calls and by_calls & ANSWERS):
        unseen = NO_LOSS if changed <= LOSS or mistake.__name__ in LOSSES_OF_TRAINING else OF_FITS
    return next((why for why, names in REASONS.items() if mistake.__name__ in names), unseen)


# ---- the page ----


def page(measurements: list[PartialPower]) -> str:
    """docs/partial-power.md."""
    command = "python benchmarks/partial_power.py"
    return "\n".join(
        [
            "# What catches what in a program that offers a part",
            "",
            f"Measured by `{command}` with NumPy {PROVENANCE['numpy']} on Python {PROVENANCE['python']}, "
            f"{PROVENANCE['machine']}.",
            "",
            "A program seldom offers every operation, and a program after one document does only what that document",
            f"does. A mistake of the catalogue ({len(catalogue())}) *can show* through such a part if it gives a wrong "
            "answer anywhere in",
            f"{CALLS} calls and {FITS} fits, drawn from all that the part takes and that the documents' own formulas "
            "answer right, or if",
            "a test refuses it. It is *refused* if a test of level MUST fails. A part of a document is what the",
            "adapter in `examples/` offers, within what the document's programs and exercises do.",
            "",
            "| a program with | tests | mistakes that can show | refused | refused with `--quick` |",
            "|---|---|---|---|---|",
            *(row(power) for power in measurements),
            "",
            "## What cannot show",
            *chain.from_iterable(hidden(power) for power in measurements),
            "",
        ]
    )


def with_part(text: str, power: PartialPower) -> str:
    """The page with another measurement of this part, or with a first one of it."""
    name, section = re.escape(title(power.part)), "\n".join([*hidden(power), ""])
    if f"\nThrough {title(power.part)}:\n" not in text:
        return text.replace("\n\n## ", f"\n{row(power)}\n\n## ", 1) + section
    text = re.sub(rf"^\| {name} \|.*$", lambda _: row(power), text, flags=re.MULTILINE)
    return re.sub(rf"\nThrough {name}:\n.*?(?=\nThrough |\Z)", lambda _: section, text, flags=re.DOTALL)


def row(power: PartialPower) -> str:
    """A part in the table."""
    shown, refused, quick = len(power.shown), len(power.refused), len(power.quick)
    cells = [title(power.part), power.cases, shown, share(refused, shown), share(quick, shown)]
    return f"| {' | '.join(map(str, cells))} |"


def title(part: Part) -> str:
    """The part in words."""
    if part.document:
        return f"what {part.name}'s programs do"
    return ", ".join(f"`{operation}`" for operation in part.operations)


def share(some: int, whole: int) -> str:
    """``177 (98.3 %)``."""
    return f"{some} ({100 * some / whole:.1f} %)"


def hidden(power: PartialPower) -> Iterator[str]:
    """The mistakes that cannot show through a part, by the reason."""
    yield from ("", f"Through {title(power.part)}:", "")
    for why in sorted(set(power.hidden.values())):
        names = [name for name, reason in power.hidden.items() if reason == why]
        yield f"- {why or 'NOT EXPLAINED'}: {', '.join(names)}"
    missed = [name for name in power.shown if name not in power.refused]
    if missed:
        yield f"- **it can show, and is not refused**: {', '.join(missed)}"


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--part", action="append", choices=[part.name for part in PARTS], default=[])
    parser.add_argument("--calls", type=int, default=CALLS)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    started = time.time()
    parts = [part for part in PARTS if part.name in options.part or not options.part]
    measurements = []
    with multiprocessing.get_context("spawn").Pool(options.processes, maxtasksperchild=1) as pool:
        for power in pool.imap(partial(measured, number=options.calls), parts):
            measurements.append(power)
            print(f"{time.time() - started:5.0f} s  {row(power)}", flush=True)
            print(*(line for line in hidden(power) if "**" in line or "NOT" in line), sep="\n", flush=True)
    text = page(measurements)
    if options.part:
        text = reduce(with_part, measurements, PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(text, encoding="utf-8")
    if any(set(power.shown) - set(power.refused) or "" in power.hidden.values() for power in measurements):
        sys.exit("a mistake that can show is not refused, or nothing says why one cannot show")


if __name__ == "__main__":
    main()
