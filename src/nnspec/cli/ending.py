"""How a command ends: errors become a sentence and an exit status, and no failure of nnspec's own looks like a verdict.

0 and 1 are verdicts, 2 is wrong use, 3 means that too little was judged; 4 is a failure of nnspec itself.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
import threading
from collections.abc import Callable

import click

from nnspec.contract.errors import Unreachable, WrongUse
from nnspec.report.text import visible_block

FAILED = 4
#: What the system lacks, so that it is no bug of nnspec's.
_SYSTEM = (
    *(errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EBADF),
    *(errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN),
)


def status_of(command: Callable[[], int | None]) -> int:
    """Run a command, which gives its exit status or raises."""
    threading.excepthook = _ignore  # what a thread does not do is missed in the main thread
    _open_streams()
    try:
        if sys.stdout is None:
            raise OSError(errno.EBADF, "stdout is closed")
        status = _expected(command)
        sys.stdout.flush()
        return status
    except BaseException as error:
        status = 130 if isinstance(error, KeyboardInterrupt) else FAILED
        _say("Interrupted." if status == 130 else f"nnspec itself failed: {_sentence(error)}")
        return status
    finally:
        _let_go_of_streams()


def _expected(command: Callable[[], int | None]) -> int:
    """Run a command; the errors that a user may make are a sentence."""
    stdout = sys.stdout
    try:
        return command() or 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        click.echo(_shown(error), err=True)
        return 2
    except click.Abort:
        click.echo("Interrupted.", err=True)
        return 130
    except WrongUse as error:
        click.echo(f"Error: {visible_block(str(error))}", err=True)
        return 2
    except Unreachable as error:
        click.echo(f"Error: {visible_block(str(error))}", err=True)
        return 3
    except SystemExit as stop:  # so end click and rich where the reader of a pipe has gone
        if sys.stdout is stdout and not isinstance(stop.__context__, BrokenPipeError):
            raise
        sys.stdout = stdout
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE)) from None


def _shown(error: click.ClickException) -> str:
    """What click says of wrong use, and the words that were typed, made visible."""
    shown = io.StringIO()
    error.show(shown)
    usage, begins, message = shown.getvalue().partition("Error: ")
    return f"{usage}{begins}{visible_block(message)}"


def _sentence(error: BaseException) -> str:
    """What failed, in one line."""
    from nnspec.report import failure

    if failure.is_asked_for():
        return failure.details(error)
    if isinstance(error, BrokenPipeError):
        return "its output was closed before everything was written."
    if isinstance(error, OSError) and error.errno in _SYSTEM:
        return f"{error.strerror}."
    if isinstance(error, MemoryError):
        return "there is not enough memory."
    return f"{failure.describe(error)}. This is a bug in nnspec; set {failure.TRACEBACK}=1 to see where."


def _say(text: str) -> None:
    """Write a line on stderr, if that is possible."""
    with contextlib.suppress(Exception):
        click.echo(text, err=True)


def _open_streams() -> None:
    """Let no file take the number of a stream that is closed; escape the characters that a terminal does not have."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _let_go_of_streams() -> None:
    """Drop what cannot be written, so that Python does not try again, and complain, at its end."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            with contextlib.suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _ignore(_arguments: object) -> None:
    """Print no traceback of a thread."""
