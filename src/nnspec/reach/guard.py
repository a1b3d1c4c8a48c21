"""The process between nnspec and a program that it runs: nothing that the program starts outlives it (Linux only).

Started as ``python -I -S guard.py LIFELINE REPORT LIMIT TOKEN COMMAND...``. It starts COMMAND on its own stdin,
stdout and stderr, in a session of its own, and waits until that process ends, or until LIFELINE closes, a pipe that
nnspec holds open for as long as it runs. Then it kills every process below it, those with a session of their own too,
because orphans come to it (a "child subreaper"), and ends as COMMAND did. On REPORT, another pipe, it says that
COMMAND cannot be started, or that its processes used more than LIMIT bytes of memory together. COMMAND gets neither
pipe. Should it kill this process, its own processes are found by TOKEN, which stands in their environment.

On systems without prctl, such as macOS and Windows, there is no such process: what starts a session of its own there
can outlive a check.

This file runs by itself, so it imports nothing but the standard library, and little of it.
"""

import contextlib
import os
import select
import signal
import sys
import time

IS_LINUX = sys.platform == "linux"
#: The variable that holds TOKEN.
MARK = "NNSPEC_GUARD"
#: What stands on REPORT: this and an errno; this alone.
CANNOT_START, OUT_OF_MEMORY = b"E", b"M"

_PDEATHSIG, _DUMPABLE, _CHILD_SUBREAPER = 1, 4, 36
#: Seconds between two looks at the memory, and how much longer a look may make this than itself.
_LOOK, _SHARE = 0.2, 50
#: How often all processes are looked at, after how many looks they are stopped before they are killed, and the seconds
#: after a look that found none.
_ROUNDS, _FEW, _PAUSE = 2000, 20, 0.002
#: How often the newest processes are looked at in between.
_NEWEST = 50
#: How many looks in a row have to find none.
_LOOKS = 10

_is_ours = False
_is_protected = False


def claim() -> None:
    """This process is nnspec's alone, and not somebody's own pytest: ``protect`` may change it for good."""
    global _is_ours
    _is_ours = True


def protect() -> None:
    """Let orphans come to this process, and no other process of the user look into it; if it is nnspec's."""
    global _is_protected
    if IS_LINUX and _is_ours and not _is_protected:
        _is_protected = True
        _prctl(_CHILD_SUBREAPER, 1)
        _prctl(_DUMPABLE, 0)


def at_the_end_of_its_parent(number: int) -> None:
    """Let this process get a signal when the process that started it ends."""
    if IS_LINUX:
        _prctl(_PDEATHSIG, number)


def release() -> None:
    """End every process that is left below this one, if it is nnspec's; this one does nothing but end after that."""
    if _is_protected:
        end_own()


def end_own() -> None:
    """Kill every process below this one until the system says that it has no child: orphans come to it too.

    It lets go of its children, so this process does nothing but end after that.
    """
    hunt = _Hunt(os.getpid())
    while _bury() and hunt.looks < _ROUNDS:
        hunt.look()


def end_below(parent: int) -> None:
    """Kill every process below another one until several looks in a row find none."""
    hunt, nothing = _Hunt(parent), 0
    while nothing < _LOOKS and hunt.looks < _ROUNDS:
        nothing = 0 if hunt.look() else nothing + 1


class _Hunt:
    """Looks for the processes below another one, and kills each before it looks at the next.

    A process may start another and end sooner than all processes can be listed, so the newest are looked at in between.
    Those that start others faster than they can be killed are stopped first, and killed once all are.
    """

    def __init__(self, parent: int) -> None:
        self.parent, self.looks = parent, 0
        self.below: set[int] = set()
        self.stopped: set[int] = set()

    def look(self) -> bool:
        """Look once; whether a process was found that still runs."""
        self.looks += 1
        listed = below(self.parent)
        self.below = {self.parent, *listed}  # anew, since numbers are used again
        met = [self._met(process) for process in listed]
        for _ in range(_NEWEST):
            newest = int((_read("/proc/loadavg").split() or [b"1"])[-1])
            met += [self._met(newest), self._met(newest - 1)]
        if any(met):
            return True
        for process in self.stopped:
            _send(process, signal.SIGKILL)
        self.stopped.clear()
        time.sleep(_PAUSE)
        return bool(listed)

    def _met(self, process: int) -> bool:
        """Kill or stop a process if it is below; whether it was one that runs."""
        fields = _stat(process)
        if not fields or not _runs(fields) or int(fields[1]) not in self.below:
            return False
        self.below.add(process)
        if self.looks <= _FEW:
            _send(process, signal.SIGKILL)
        elif fields[0] == b"T" and process in self.stopped:
            return False
        else:
            _send(process, signal.SIGSTOP)
            self.stopped.add(process)
        return True


def end_marked(token: str) -> None:
    """Kill every process of the user whose environment has this token, until several looks in a row find none."""
    mark = f"{MARK}={token}".encode()
    looks = 0  # a process has no environment for a moment while it becomes another program
    for _ in range(_ROUNDS):
        names = [name for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208 (pathlib starts slowly)
        found = [name for name in names if mark in _read(f"/proc/{name}/environ").split(b"\0")]
        for name in found:
            _send(int(name), signal.SIGKILL)
        looks = 0 if found else looks + 1
        if looks == _LOOKS:
            return
        time.sleep(_PAUSE)


def below(parent: int) -> list[int]:
    """The processes below another one that still run, children before their parents."""
    children: dict[int, list[int]] = {}
    running = set()
    for name in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208 (pathlib starts slowly)
        if fields := _stat(name):
            children.setdefault(int(fields[1]), []).append(int(name))
            if _runs(fields):
                running.add(int(name))
    found = [parent]
    for process in found:  # it grows in the meantime
        found += [child for child in children.get(process, ()) if child not in found]
    return [process for process in reversed(found[1:]) if process in running]


def wake(process: int) -> None:
    """Let a process go on if a signal has stopped it."""
    if _stat(process)[:1] == [b"T"]:
        _send(process, signal.SIGCONT)


def main() -> None:
    """Run the command until it or nnspec ends."""
    lifeline, report, limit = map(int, sys.argv[1:4])
    for pipe in lifeline, report:
        os.set_inheritable(pipe, False)
    _prctl(_CHILD_SUBREAPER, 1)
    _prctl(_DUMPABLE, 0)  # no other process of the user writes to the pipes
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, lambda *_: None)
    os.environ[MARK] = sys.argv[4]
    child = _start(sys.argv[5:], limit, report)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    status = _watch(child, lifeline, woken, report, limit)
    end_own()
    _end_as(status)


def _start(command: list[str], limit: int, report: int) -> int:
    """The number of the process that runs the command."""
    child = os.fork()
    if child:
        return child
    try:
        os.setsid()
        at_the_end_of_its_parent(signal.SIGKILL)  # which may be killed too
        for number in (signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores them
            signal.signal(number, signal.SIG_DFL)
        if limit:
            _limit_memory(limit)
        os.execvp(command[0], command)
    except OSError as error:
        os.write(report, CANNOT_START + str(error.errno).encode())
    finally:
        os._exit(127)


def _limit_memory(limit: int) -> None:
    """Limit what this process may allocate; address space that a runtime reserves does not count."""
    import resource

    with contextlib.suppress(OSError, ValueError, OverflowError):  # the limit exceeds the system's
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _watch(child: int, lifeline: int, woken: int, report: int, limit: int) -> int:
    """The child's wait status, once it has ended; that of a killed process if it is to be killed."""
    poll = select.poll()
    for pipe in lifeline, woken:
        poll.register(pipe, select.POLLIN)
    pause, looked = _LOOK, time.monotonic()
    while True:
        ready = [pipe for pipe, _ in poll.poll(pause * 1000 if limit else None)]
        if lifeline in ready:
            return 0  # nobody asks
        if woken in ready:
            os.read(woken, 4096)
        if (status := _ended(child)) is not None:
            return status
        if limit and time.monotonic() - looked >= pause:
            began = time.monotonic()
            if _memory(below(os.getpid()), limit) > limit:
                os.write(report, OUT_OF_MEMORY)
                return signal.SIGKILL
            looked = time.monotonic()
            pause = max(_LOOK, _SHARE * (looked - began))


def _ended(child: int) -> int | None:
    """The child's wait status, or None; buries all other processes that have ended."""
    try:
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            if ended[0] == child:
                return ended[1]
    except ChildProcessError:
        return signal.SIGKILL
    return None


def _bury() -> bool:
    """Let go of the children that have ended; whether there are others."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
        return True
    return False


def _memory(processes: list[int], limit: int) -> int:
    """How many bytes of memory processes use together, without files; an upper bound where that is within the limit."""
    statuses = [_numbers(f"/proc/{process}/status") for process in processes]
    anonymous = sum(status.get(b"RssAnon", 0) for status in statuses)
    shared = [status.get(b"RssShmem", 0) for status in statuses]
    if anonymous + sum(shared) <= limit:
        return anonymous + sum(shared)
    # What processes share is divided among them here. This takes longer.
    parts = [_numbers(f"/proc/{process}/smaps_rollup") for process in processes]
    if all(part and b"Pss_Anon" in part for part in parts):
        return sum(part[b"Pss_Anon"] + part[b"Pss_Shmem"] for part in parts)
    return anonymous + max(shared)


def _numbers(path: str) -> dict[bytes, int]:
    """The numbers of bytes in a file of /proc, such as ``RssAnon:  12 kB``."""
    lines = [line.split() for line in _read(path).splitlines()]
    return {words[0].rstrip(b":"): int(words[1]) * 1024 for words in lines if words[2:] == [b"kB"]}


def _stat(process: int | str) -> list[bytes]:
    """The fields of a process after its name: its state, its parent, and so on; none if it has ended."""
    return _read(f"/proc/{process}/stat").rpartition(b")")[2].split()


def _runs(fields: list[bytes]) -> bool:
    """Whether a process with these fields still does anything; its first thread may end before others."""
    return fields[0] not in (b"Z", b"X") or int(fields[17]) > 1


def _read(path: str) -> bytes:
    """A file of /proc; nothing if its process has ended."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 (the same)
            return file.read()
    except OSError:
        return b""


def _send(process: int, number: int) -> None:
    """Send a signal to a process that may have ended, or may be somebody else's by now."""
    with contextlib.suppress(OSError):
        os.kill(process, number)


def _prctl(option: int, value: int) -> None:
    """One of Linux's options of a process."""
    import ctypes

    ctypes.CDLL(None).prctl(option, ctypes.c_ulong(value), 0, 0, 0)


def _end_as(status: int) -> None:
    """End this process as one with this wait status ended."""
    import resource

    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with contextlib.suppress(OSError):  # nobody handles SIGKILL
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 127)


if __name__ == "__main__":
    main()
