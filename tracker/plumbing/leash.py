"""Runs a command that dies with the process that started it; drops to another account first when asked.

As a program: `python -I -S leash.py PARENT_PID SIGNAL UID GID COMMAND…` (UID and GID are -1 to keep ours). It becomes
the command, so that no process is added. Linux sends SIGNAL when the parent *thread* ends; elsewhere it only runs the
command. Standard library only, and nothing of the application: it runs before the account is dropped.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1
KEEP = -1
NOT_FOUND = 127  # what a shell answers


def leashed(command: Sequence[str], ending: signal.Signals, uid: int = KEEP, gid: int = KEEP) -> list[str]:
    """The same command, to be started by this very process; it gets the signal `ending` when we die."""
    ours = [sys.executable, "-I", "-S", __file__, str(os.getpid()), str(int(ending)), str(uid), str(gid)]
    return [*ours, *command]


def _drop_to(uid: int, gid: int) -> None:
    if uid != KEEP:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)


def die_with_parent(parent: int, ending: int) -> None:
    """Asks for this signal when the parent ends; must follow the change of account, which clears the wish."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, ending, 0, 0, 0)
    if os.getppid() != parent:  # it died before we could ask
        sys.exit(1)


def _become(arguments: list[str]) -> None:
    parent, ending, uid, gid = (int(word) for word in arguments[:4])
    command = arguments[4:]
    _drop_to(uid, gid)
    die_with_parent(parent, ending)
    try:
        os.execvp(command[0], command)
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        sys.exit(NOT_FOUND)


if __name__ == "__main__":
    _become(sys.argv[1:])
