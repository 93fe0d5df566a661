"""The account of the machine under which PostgreSQL runs: it refuses to run as root."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import ServerError

UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """`is_other` when we are root and must drop to it; then uid and gid are its own, never 0."""

    name: str
    uid: int
    gid: int
    is_other: bool

    def can_enter(self, folder: Path) -> bool:
        """Tried by the account itself: mode bits do not tell access lists, mounts nor containers."""
        return self._can(["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)])

    def can_run(self, program: Path) -> bool:
        return self._can([str(program), "--version"])

    def take(self, folder: Path) -> Path:
        """Give it a folder that we have just made, closed to everybody else."""
        folder.chmod(0o700)
        if self.is_other:
            os.chown(folder, self.uid, self.gid)
        return folder

    def run(self, command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
        """The command, ended, with what it said; from the root folder, since ours may be closed to the account."""
        return subprocess.run(
            command,
            cwd="/",
            env={"LC_ALL": "C", "PATH": os.defpath},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            user=self.uid if self.is_other else None,
            group=self.gid if self.is_other else None,
            extra_groups=[] if self.is_other else None,
        )

    def _can(self, command: list[str]) -> bool:
        try:
            return self.run(command).returncode == 0
        except OSError:
            return False


def account_for(data: Path) -> Account:
    """Ours; when we are root, the one that already owns `data`, else the first unprivileged one.

    Raises ServerError when the machine offers none, or does not know ours by name (PostgreSQL asks it).
    """
    if os.geteuid() != 0:
        return _named(os.geteuid(), is_other=False)
    owner = data.stat().st_uid if data.exists() else 0
    if owner != 0:
        return _named(owner, is_other=True)
    for name in UNPRIVILEGED:
        try:
            return _named(pwd.getpwnam(name).pw_uid, is_other=True)
        except KeyError:
            continue
    raise ServerError(f"PostgreSQL does not run as root, and no account {' or '.join(UNPRIVILEGED)} exists here.")


def our_name() -> str:
    return _named(os.geteuid(), is_other=False).name


def _named(uid: int, *, is_other: bool) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError as unknown:
        raise ServerError(f"Account {uid} has no name on this machine, and PostgreSQL needs one.") from unknown
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, is_other)
