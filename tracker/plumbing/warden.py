"""Ends groups of processes, and does so by itself when the process that named them dies, even killed.

As a program: `python -I -S warden.py GRACE` reads the numbers of process groups on its standard input, one a line.
When that input closes, whatever remains of those groups is asked to end, then killed. Standard library only.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterable

PAUSE = 0.02


def end_groups(groups: Iterable[int], grace: float) -> None:
    """Ask every process of these groups to end; kill those that have not after `grace` seconds."""
    left = [group for group in groups if _remains(group)]
    for ending in (signal.SIGTERM, signal.SIGKILL):
        for group in left:
            _tell(group, ending)
        left = _left_after(left, grace)


def _left_after(groups: list[int], seconds: float) -> list[int]:
    limit = time.monotonic() + seconds
    while (left := [group for group in groups if _remains(group)]) and time.monotonic() < limit:
        time.sleep(PAUSE)
    return left


def _tell(group: int, ending: int) -> bool:
    """Whether a process was there to hear it."""
    try:
        os.killpg(group, ending)
    except (ProcessLookupError, PermissionError):  # gone; macOS refuses for zombies
        return False
    return True


def _remains(group: int) -> bool:
    _bury(group)
    return _tell(group, 0)


def _bury(group: int) -> None:
    """Our own dead, or adopted ones, still count as members until waited for."""
    try:
        while os.waitpid(-group, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _watch(grace: float) -> None:
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    end_groups([int(line) for line in sys.stdin], grace)


if __name__ == "__main__":
    _watch(float(sys.argv[1]))
