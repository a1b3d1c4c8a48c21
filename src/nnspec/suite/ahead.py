"""Long training runs made ahead, by a second process of the implementation, while the short tests run.

A verdict should not take longer than it must: the documents' whole runs are most of its time, and nothing else
waits for them. Where there is one core, or the implementation is called in this process, they are made when they
are asked for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor

from nnspec.contract.errors import BudgetSpent, Unreachable
from nnspec.contract.operations import Description
from nnspec.documents.experiments import EXPERIMENTS
from nnspec.judging.subject import Subject
from nnspec.reach.budget import Budget
from nnspec.reach.options import Options
from nnspec.reach.process import LineProcess
from nnspec.reach.transports import Transport, Watch, open_transport
from nnspec.runs.traces import RunResult, train


class Ahead:
    """Runs of these experiments, one after the other."""

    def __init__(
        self,
        reach: Callable[[], Transport],
        experiments: Iterable[str],
        kill: Callable[[], None] = lambda: None,
    ) -> None:
        """``reach`` starts another process of the implementation; ``kill`` ends it, even while it starts."""
        self._kill = kill
        self._transport: Transport | None = None
        self._closed = False
        self._executor = ThreadPoolExecutor(max_workers=1)
        self._runs: dict[str, Future[RunResult]] = {
            name: self._executor.submit(self._train, reach, name) for name in experiments if cores() > 1
        }

    def _train(self, reach: Callable[[], Transport], name: str) -> RunResult:
        """One run; the process is started for the first."""
        if self._transport is None:
            self._transport = reach()
            if self._closed:  # in the meantime
                self._transport.close()
        return train(Subject(self._transport), EXPERIMENTS[name])

    def result(self, experiment: str) -> RunResult | None:
        """The run, waiting for it if necessary; None if it is not made ahead or no second process can be started."""
        if experiment not in self._runs:
            return None
        try:
            return self._runs[experiment].result()
        except (Unreachable, BudgetSpent):
            return None

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._closed = True
        self._executor.shutdown(wait=False, cancel_futures=True)
        if self._transport is not None:
            self._transport.close()
        self._kill()


class SecondProcess:
    """A process of the implementation beside the one that answers the tests."""

    def __init__(
        self,
        options: Options,
        budget: Budget,
        described: Description | None = None,
        watch: Watch | None = None,
    ) -> None:
        """Nothing is started yet; described: what the other process answered to ``describe``."""
        self._options, self._budget, self._described, self._watch = options, budget, described, watch
        self._process: LineProcess | None = None
        self._killed = False

    def reach(self) -> Transport:
        """Start it; raises what open_transport raises, and Unreachable if it was killed."""
        self._process = LineProcess(self._options.process, self._options.memory_bytes)
        if self._killed:
            self._process.kill()
        return open_transport(self._options, self._budget, self._process, self._watch, self._described)

    def kill(self) -> None:
        """End it, even while its module is imported."""
        self._killed = True
        if self._process is not None:
            self._process.kill()


def cores() -> int:
    """How many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
