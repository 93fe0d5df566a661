"""Runs several commands together, as one: when one ends, or when we are told to, all end and nothing is left behind.

    status = supervisor.run([Command("web", [...]), Command("worker", [...])])

Each command leads a session of its own, so that Ctrl-C reaches us alone and we end them in order. Were we killed
outright, Linux tells each command (its leash) and a warden ends their groups, grandchildren included.
Standard library only.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from tracker.plumbing import warden
from tracker.plumbing.leash import leashed

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
HEARD = (*STOPPING, signal.SIGCHLD)
GRACE = 10.0
LAST_GRACE = 2.0
PR_SET_CHILD_SUBREAPER = 36

Child = subprocess.Popen[bytes]


@dataclass(frozen=True)
class Command:
    """`argv` is run as it is, without a shell, with our environment and `env` over it; it inherits our output."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] | None = None


def run(commands: Sequence[Command], *, needs: Callable[[], bool] = lambda: True, grace: float = GRACE) -> int:
    """Run all until one ends or SIGINT, SIGTERM or SIGHUP comes; stop the others; the status to exit with.

    0 when told to stop; otherwise the status of the first that ended, 128 + its signal when it was killed. `needs` is
    asked again whenever a child of this process dies (the embedded database is one): False stops everything, status 1.
    Asked to end, a command has `grace` seconds; a second signal cuts them short. Only from the main thread.
    """
    _adopt_orphans()
    with _listening() as ear, _warden() as tell_warden:
        children: list[Child] = []
        try:
            for command in commands:
                children.append(_started(command))
                tell_warden(children[-1].pid)
            return _status_when_over(children, ear, needs)
        finally:
            _stop(children, ear, grace)


def _started(command: Command) -> Child:
    return subprocess.Popen(
        leashed(command.argv, signal.SIGTERM),
        stdin=subprocess.DEVNULL,
        env={**os.environ, **(command.env or {})},
        start_new_session=True,
    )


def _status_when_over(children: Sequence[Child], ear: int, needs: Callable[[], bool]) -> int:
    while True:
        for child in children:
            if (status := child.poll()) is not None:
                return status if status >= 0 else 128 - status
        if not needs():
            return 1
        if _told_to_stop(ear, None):
            return 0


def _told_to_stop(ear: int, seconds: float | None) -> bool:
    """Wait for a signal, at most so long (None: for ever); whether it was one that stops, rather than a death."""
    ready, _, _ = select.select([ear], [], [], seconds)
    return bool(ready) and any(number in STOPPING for number in os.read(ear, 64))


def _stop(children: Sequence[Child], ear: int, grace: float) -> None:
    """First the commands, which know how to end their own; then whatever remains of their groups."""
    for child in children:
        child.terminate()  # does nothing to one that has ended
    limit = time.monotonic() + grace
    while any(child.poll() is None for child in children) and (left := limit - time.monotonic()) > 0:
        if _told_to_stop(ear, left):
            break
    warden.end_groups([child.pid for child in children], LAST_GRACE)
    for child in children:
        child.wait()


@contextmanager
def _listening() -> Iterator[int]:
    """A descriptor on which each signal heard is one byte; the former handlers come back at the end."""
    ear, mouth = os.pipe()
    os.set_blocking(mouth, False)
    woken = signal.set_wakeup_fd(mouth, warn_on_full_buffer=False)
    former = {number: signal.signal(number, _heard) for number in HEARD}
    try:
        yield ear
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(woken)
        os.close(ear)
        os.close(mouth)


def _heard(number: int, frame: FrameType | None) -> None:
    """Nothing: that a handler exists is enough for the byte to be written."""


@contextmanager
def _warden() -> Iterator[Callable[[int], None]]:
    """Names a group to the warden; it wakes when we close, or die, and finds nothing to do when we stopped well."""
    command = [sys.executable, "-I", "-S", warden.__file__, str(LAST_GRACE)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True, cwd="/") as process:
        assert process.stdin
        tell = process.stdin

        def name(group: int) -> None:
            tell.write(b"%d\n" % group)
            tell.flush()

        yield name


def _adopt_orphans() -> None:
    """Grandchildren whose parent died come to us, so that we can bury them even where process 1 does not."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
