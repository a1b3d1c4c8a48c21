"""Known failures: names of chapters, clauses, tests and faults, each with the reason why it may fail."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from nnspec.contract.errors import WrongUse
from nnspec.report.faults import is_fault
from nnspec.report.record import EXPECTED, PASSED, UNSUPPORTED, Planned, Record, Result
from nnspec.report.text import SHORT, visible

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

#: The suffixes of the files that can be written.
SUFFIXES = (".toml", ".json")
EXAMPLE = {
    ".toml": '"gradients.penalty" = "why it fails"',
    ".json": '{"gradients.penalty": "why it fails"}',
}


def read(path: str, option: str = "--known-failures") -> dict[str, str]:
    """Names and reasons; in TOML a bare key such as gradients.penalty is a name too. Raises WrongUse."""
    suffix = ".toml" if Path(path).suffix == ".toml" else ".json"
    try:
        text = Path(path).read_text(encoding="utf-8")
        known = tomllib.loads(text) if suffix == ".toml" else json.loads(text)
    except OSError as error:
        raise WrongUse(f"{option} {path}: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:  # both kinds of file say the line
        raise WrongUse(f"{option} {path} is not valid {suffix[1:].upper()}: {error}.") from None
    if not isinstance(known, dict):
        raise WrongUse(f"{option} {path} must hold names and reasons: {EXAMPLE[suffix]}.")
    named = dict(_named(known))
    for name, reason in named.items():
        if not isinstance(reason, str) or not reason.strip():
            raise WrongUse(
                f"{option} {path}: the reason of {name} must be a text, such as {EXAMPLE[suffix]}."
            )
    return named


def _named(known: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The values by name; the tables that TOML makes of a bare gradients.penalty are taken apart."""
    for key, value in known.items():
        if isinstance(value, dict):
            yield from _named(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def name_of(planned: Planned, known: Iterable[str]) -> str | None:
    """The narrowest name that a case is known by; None if it is not."""
    return next((name for name in planned.names if name in known), None)


def used(record: Record) -> dict[str, int]:
    """The names that failures of this run are known by, and how many tests each; a fault has none."""
    counts = dict.fromkeys((name for name, _ in record.faults(known=True)), 0)
    for planned, result in _ended(record):
        name = name_of(planned, record.header.known_failures)
        if result.outcome == EXPECTED and name is not None:
            counts[name] = counts.get(name, 0) + 1
    return counts


def check_can_write(path: str) -> None:
    """Raise WrongUse for a file that cannot be written at the end of a run."""
    place = Path(path)
    if place.suffix not in SUFFIXES:
        raise WrongUse(f"--write-known-failures {path}: the name must end with {' or '.join(SUFFIXES)}.")
    try:
        has_folder, exists = place.resolve().parent.is_dir(), place.exists()
    except OSError as error:
        raise WrongUse(f"--write-known-failures {path}: {error.strerror}.") from None
    if not has_folder:
        raise WrongUse(f"--write-known-failures {path}: there is no folder {str(place.parent)!r}.")
    if exists and not place.is_file():
        raise WrongUse(f"--write-known-failures {path}: it is no file.")
    if exists:
        read(path, "--write-known-failures")


def write(path: str, record: Record) -> None:
    """Write the failures of a run, and those known before that it does not refute; reasons that were given stay."""
    place = Path(path)
    before = read(path) if place.exists() else {}
    known = {
        name: reason
        for name, reason in {**record.header.known_failures, **before}.items()
        if _still_fails(name, record, name in before)
    }
    for name, observation in record.faults():
        known.setdefault(name, _line(observation.message))
    for planned, result in record.failures:
        if name_of(planned, known) is None:
            known[planned.case] = _reason(result)
    text = _as_toml(known) if place.suffix == ".toml" else _as_json(known)
    place.write_bytes(text.encode("utf-8", "backslashreplace"))  # half a character is no text


def _still_fails(name: str, record: Record, otherwise: bool) -> bool:
    """Whether a test of this name still fails, or a fault is still there; ``otherwise`` if this run does not tell."""
    if is_fault(name):
        found = {fault for observation in record.observations for fault in observation.faults}
        return name in found or (otherwise and name not in record.absent)
    outcomes = {result.outcome for planned, result in _ended(record) if name in planned.names}
    failed = {result.outcome for planned, result in record.failures if name in planned.names}
    if EXPECTED in outcomes or failed:
        return True
    return otherwise and (PASSED not in outcomes or not outcomes <= {PASSED, UNSUPPORTED})


def _ended(record: Record) -> Iterator[tuple[Planned, Result]]:
    by_case = {planned.case: planned for planned in record.planned}
    return ((by_case[result.case], result) for result in record.results)


def _reason(result: Result) -> str:
    """What was wrong, in a line."""
    compared = result.comparison
    if compared:
        return _line(f"{compared['first wrong']}: got {compared['got']}, expected {compared['expected']}")
    said = next((line for line in result.message.splitlines() if line.strip()), "")
    return _line(said) or result.outcome


def _line(text: str) -> str:
    """A text as a reason: in one line, and not too long."""
    return visible(text.strip(), SHORT[0])


def _as_toml(known: Mapping[str, str]) -> str:
    return "".join(f"{_quoted(name)} = {_quoted(reason)}\n" for name, reason in known.items())


def _as_json(known: Mapping[str, str]) -> str:
    return json.dumps(known, indent=2, ensure_ascii=False) + "\n"


def _quoted(text: str) -> str:
    """A basic string of TOML: as in JSON, and half a character, which TOML does not have, in ASCII."""
    whole = text.encode("utf-8", "backslashreplace").decode()
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")
