"""What is true of a server: neither a pid file, nor a socket file, nor a live pid is believed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from enum import Enum
from pathlib import Path

import psycopg

from .place import PORT, Place
from .programs import SUPERUSER


class Answer(Enum):
    READY = "it answers a query"
    BUSY = "something listens, which is starting or stopping"
    NONE = "nothing listens"


def connect(place: Place, database: str = "postgres") -> psycopg.Connection:
    return psycopg.connect(
        host=str(place.socket), port=PORT, user=SUPERUSER, dbname=database, connect_timeout=5, autocommit=True
    )


def answer_of(place: Place) -> Answer:
    if not listens(place):
        return Answer.NONE
    try:
        with connect(place) as connection:
            connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return Answer.BUSY
    return Answer.READY


def listens(place: Place) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knocking:
        knocking.settimeout(5)
        try:
            knocking.connect(str(place.socket_file))
        except OSError:
            return False
        return True


def serving_pid(place: Place) -> int | None:
    """The pid of a postmaster really at work on this data; a zombie or another program with that number is none."""
    pid = _written_pid(place.pid_file)
    return pid if pid and _works_in(pid, place.data) else None


def forget_the_dead(place: Place) -> None:
    """Remove a pid file that would stop every start: its number is a zombie's, or another program's by now."""
    pid = _written_pid(place.pid_file)
    if pid and not _works_in(pid, place.data):
        place.pid_file.unlink()


def is_alive(pid: int) -> bool:
    """A zombie is not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _written_pid(pid_file: Path) -> int | None:
    try:
        return int(pid_file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _is_zombie(pid: int) -> bool:
    return _state_of(pid).startswith("Z")


def _state_of(pid: int) -> str:
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].strip()
        except OSError:
            return ""
    return _asked_of_ps(pid, "stat")


def _works_in(pid: int, data: Path) -> bool:
    """PostgreSQL stands in its data folder."""
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/cwd").samefile(data)
        except OSError:
            return False
    return is_alive(pid) and str(data) in _asked_of_ps(pid, "command")


def _asked_of_ps(pid: int, what: str) -> str:
    return subprocess.run(["ps", "-o", f"{what}=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
