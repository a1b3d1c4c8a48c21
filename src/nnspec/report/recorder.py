"""Writing the record of a run, line by line, while it goes on."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nnspec.report.record import CALLING, Explained, Header, Observation, Planned, Record, Result

_WRITING = threading.Lock()


class Recorder:
    """Keeps the record of this run, and writes it line by line if there is a place to write it to."""

    def __init__(self, place: Path | int | None) -> None:
        """``place``: a file to write, the descriptor of a pipe, or None."""
        self.record = Record()
        self._descriptor = place if isinstance(place, int) or place is None else _opened(place)
        self._is_file = isinstance(place, Path)

    def start(self, header: Header, planned: Iterable[Planned]) -> None:
        """What is to be run, and against what."""
        self._event("start", header=asdict(header), planned=[asdict(case) for case in planned])

    def calling(self, operation: str, seconds: float) -> None:
        """A call begins that may take so long."""
        self._event(CALLING, operation=operation, seconds=seconds)

    def result(self, result: Result) -> None:
        """One case has ended."""
        self._event("result", result=asdict(result))

    def also_planned(self, planned: Planned) -> None:
        """Another case is to be run."""
        self._event("planned", planned=asdict(planned))

    def outside(self, case: str) -> None:
        """A planned case turned out to ask for what is not to be judged."""
        self._event("outside", case=case)

    def observation(self, observation: Observation) -> None:
        """Something was found before the first clause."""
        self._event("observation", observation=asdict(observation))

    def absent(self, names: Iterable[str]) -> None:
        """Faults that were looked for before the first clause, and not found."""
        self._event("absent", names=list(names))

    def later(self, cases: Iterable[str]) -> None:
        """These cases are run after all others."""
        self._event("later", cases=list(cases))

    def findings(self, findings: Iterable[Explained]) -> None:
        """What explains the wrong answers, the first quantity first."""
        self._event("findings", findings=[asdict(finding) for finding in findings])

    def error(self, message: str) -> None:
        """Something is wrong with the run itself."""
        self._event("error", message=message)

    def failed(self, message: str) -> None:
        """Nnspec itself failed, so the run says nothing about the implementation."""
        self._event("failed", message=message)

    def unreachable(self, message: str) -> None:
        """The implementation did not start, or does not speak the protocol."""
        self._event("unreachable", message=message)

    def end(self, budget: float | None = None, cut: str = "") -> None:
        """Every planned case has ended, or the budget is spent; ``cut``: what it ended in, in words."""
        self._event("end", budget=budget, cut=cut)
        if self._is_file and self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _event(self, kind: str, **content: Any) -> None:
        event = {"event": kind, **content}
        self.record.add(event)
        if self._descriptor is not None:
            write(self._descriptor, event)


def write(descriptor: int, event: Mapping[str, Any]) -> None:
    """Write one line of the record, whole, whichever thread writes."""
    line = memoryview(json.dumps(event).encode() + b"\n")
    with _WRITING:
        while line:
            line = line[os.write(descriptor, line) :]


def _opened(path: Path) -> int:
    """The descriptor of a new file."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o644)
