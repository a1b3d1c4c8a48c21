"""The pytest plugin: its options. ``run`` and ``fixtures`` of this room are loaded once an implementation is named.

This module is imported by every pytest on a machine that has nnspec, so it imports nothing heavy.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import shlex
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nnspec.reach.budget import seconds
from nnspec.reach.options import (
    DIAGNOSES,
    DOCUMENT_NAMES,
    MEMORY_LIMIT,
    PRECISION_NAMES,
    TIMEOUT,
    Options,
    operations_named,
)

if TYPE_CHECKING:
    from nnspec.reach.process import LineProcess

#: New objects after which Python looks for garbage; as often as it does by itself takes a quick check a tenth longer.
GARBAGE = 200_000


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of a run, which are those of ``nnspec check``."""
    group = parser.getgroup("nnspec", "conformance of neural networks (pytest --pyargs nnspec.spec_tests)")
    group.addoption(
        "--nnspec-implementation", metavar="TARGET", help="bundled name, Python file or module[:object]"
    )
    group.addoption(
        "--nnspec-command", metavar="COMMAND", help="a program that answers the protocol, as one word"
    )
    group.addoption(
        "--nnspec-in-process", action="store_true", help="call it in this process (for debugging)"
    )
    group.addoption("--nnspec-document", choices=DOCUMENT_NAMES, help="check against this document alone")
    group.addoption(
        "--nnspec-select",
        action="append",
        default=[],
        metavar="NAME",
        help="only this chapter, clause or case",
    )
    group.addoption(
        "--nnspec-quick", action="store_true", help="only the cheapest and most discriminating tests"
    )
    group.addoption(
        "--nnspec-diagnose",
        choices=DIAGNOSES,
        default=DIAGNOSES[1],
        help="how much to ask to explain failures",
    )
    group.addoption("--nnspec-budget", type=seconds, metavar="TIME", help="stop after so long (60s, 2m)")
    group.addoption(
        "--nnspec-require",
        action="append",
        default=[],
        metavar="OP,...",
        help="operations that must be judged, or all",
    )
    group.addoption(
        "--nnspec-strict", action="store_true", help="count SHOULD clauses too, which no document states"
    )
    group.addoption(
        "--nnspec-precision",
        choices=PRECISION_NAMES,
        help="judge it in this precision, whatever its describe says",
    )
    group.addoption("--nnspec-known-failures", metavar="FILE", help="TOML or JSON: what may fail, and why")
    group.addoption("--nnspec-call-timeout", type=float, default=TIMEOUT, metavar="SECONDS")
    group.addoption("--nnspec-memory-limit", type=float, default=MEMORY_LIMIT, metavar="GIB")
    group.addoption(
        "--nnspec-seed", type=int, default=0, metavar="N", help="other inputs than the usual ones"
    )
    group.addoption("--nnspec-started", type=float, metavar="TIME", help="when the budget began to count")
    group.addoption("--nnspec-record", metavar="FILE", help="write the record of results, JSON lines")
    group.addoption("--nnspec-record-fd", type=int, metavar="N", help=argparse.SUPPRESS)  # for nnspec check


def pytest_configure(config: pytest.Config) -> None:
    """Start a run if an implementation is named; its process starts while NumPy is imported here."""
    try:
        options = _options(config)
    except ValueError as error:
        raise pytest.UsageError(str(error)) from None
    if not options.implementation:
        return
    if config.getoption("dist", "no") != "no":  # xdist's
        raise pytest.UsageError(
            "the specification's tests run in one process, which keeps the record: leave out -n and --dist"
        )
    if config.option.collectonly:
        _register(config, options, None, None)
        return
    record = _record(config)
    if not isinstance(record, int):  # at SIGTERM too, the implementation's process must be ended
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    if record is not None:  # this process runs nothing else, and makes hardly any garbage in cycles
        gc.set_threshold(GARBAGE)
        config.add_cleanup(gc.freeze)  # nothing is searched for it at exit either
    process = None if options.in_process else _started(options)
    try:
        _register(config, options, record, process)
    except BaseException:  # Ctrl-C too: the process would outlive this one
        if process is not None:
            process.kill()
        raise


def _record(config: pytest.Config) -> Path | int | None:
    """Where the record is written: a file, or the descriptor of a pipe."""
    descriptor: int | None = config.getoption("nnspec_record_fd")
    path = config.getoption("nnspec_record")
    return descriptor if descriptor is not None else Path(path) if path else None


def _options(config: pytest.Config) -> Options:
    """The options of the run, from those of pytest; raises ValueError with the name of an option."""
    try:
        command = tuple(shlex.split(config.getoption("nnspec_command") or ""))
    except ValueError as error:  # no command of a shell
        raise ValueError(f"--nnspec-command: {error}") from None
    try:
        require = operations_named(config.getoption("nnspec_require"))
    except ValueError as error:
        raise ValueError(f"--nnspec-require: {error}") from None
    return Options(
        target=config.getoption("nnspec_implementation") or "",
        command=command,
        require=require,
        strict=config.getoption("nnspec_strict"),
        precision=config.getoption("nnspec_precision"),
        in_process=config.getoption("nnspec_in_process"),
        document=config.getoption("nnspec_document"),
        select=tuple(config.getoption("nnspec_select")),
        known_failures=config.getoption("nnspec_known_failures"),
        timeout=config.getoption("nnspec_call_timeout"),
        memory_limit=config.getoption("nnspec_memory_limit"),
        seed=config.getoption("nnspec_seed"),
        quick=config.getoption("nnspec_quick"),
        diagnose=config.getoption("nnspec_diagnose"),
        budget=config.getoption("nnspec_budget"),
        started=config.getoption("nnspec_started"),
    )


def _started(options: Options) -> LineProcess | None:
    """The implementation's process; None if it cannot be started, which the run then reports."""
    from nnspec.contract.errors import Unreachable
    from nnspec.reach.process import LineProcess

    with contextlib.suppress(Unreachable):
        return LineProcess(options.process, options.memory_bytes)
    return None


def _register(
    config: pytest.Config, options: Options, record: Path | int | None, process: LineProcess | None
) -> None:
    """Register the run and its fixtures."""
    from nnspec.contract.errors import WrongUse
    from nnspec.report.text import visible_block
    from nnspec.suite.fixtures import Fixtures
    from nnspec.suite.run import Run

    try:
        config.pluginmanager.register(Run(options, record, process), "nnspec-run")
    except WrongUse as error:
        raise pytest.UsageError(visible_block(str(error))) from None
    config.pluginmanager.register(Fixtures(), "nnspec-fixtures")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse to collect the specification without an implementation."""
    if not config.pluginmanager.has_plugin("nnspec-run") and any(
        _belongs_to_a_clause(item) for item in items
    ):
        raise pytest.UsageError(
            "nnspec.spec_tests needs an implementation: name it with --nnspec-implementation "
            "TARGET (for example reference, or a Python file with the contract's functions)"
        )


def _belongs_to_a_clause(item: pytest.Item) -> bool:
    """Whether it is a test of the specification; ``clause`` in somebody else's class of tests is no clause of ours."""
    clause = getattr(getattr(item, "cls", None), "clause", None)
    return type(clause).__module__ == "nnspec.documents.clauses"
