"""Where the embedded server lives: its folders, made by us and by nobody else.

Inside `instance/postgres` when the account that runs PostgreSQL can enter it. Otherwise (root, with the project under
a closed folder) in a folder of our own under /var/tmp, which `instance/postgres.json` names. The mode of a folder that
we did not make is never changed.

    home/            ours, 0700; 0711 when PostgreSQL runs under another account
      data/          that account's, 0700
      socket/        that account's, 0700 (elsewhere when its path is too long for a socket)
      hba.conf ident.conf server.log
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from .account import Account, account_for
from .errors import ServerError

PORT = 5432
SOCKET_PATH_LIMIT = 107  # bytes, the smallest of the systems we serve on, less its final zero
OUTSIDE = Path("/var/tmp")


@dataclass(frozen=True)
class Place:
    home: Path
    socket: Path

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @property
    def hba(self) -> Path:
        return self.home / "hba.conf"

    @property
    def ident(self) -> Path:
        return self.home / "ident.conf"

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    @property
    def socket_file(self) -> Path:
        return socket_file_in(self.socket)


def socket_file_in(folder: Path) -> Path:
    return folder / f".s.PGSQL.{PORT}"


def made_instance(instance: Path) -> Path:
    """The folder of the installation, absolute, made when absent (root leaves others through, not in).

    Raises ServerError when we may not write there.
    """
    instance = instance.absolute()
    instance.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
    if not os.access(instance, os.W_OK | os.X_OK):
        raise ServerError(f"{instance} belongs to another account: run as that account, or set INSTANCE_PATH.")
    return instance


@contextmanager
def locked(instance: Path) -> Iterator[None]:
    """One starter or stopper at a time; a dead holder lets go."""
    with (instance / "postgres.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def recorded_place(instance: Path) -> Place | None:
    """Where the last start put it; None when it was never started here or its folder is gone."""
    try:
        written = json.loads(_record(instance).read_text())
        place = Place(instance / written["home"], instance / written["socket"])
    except (FileNotFoundError, ValueError, KeyError):
        return None
    return place if place.home.is_dir() else None


def made_place(instance: Path) -> tuple[Place, Account]:
    """The recorded place, or a new one; with the account that runs the server there."""
    known = recorded_place(instance)
    account = account_for(known.data if known else instance / "postgres" / "data")
    home = known.home if known else _new_home(instance, account)
    place = Place(home, _socket_folder(known.socket if known else home / "socket", home, account))
    if place != known:
        _record(instance).write_text(json.dumps({name: _told(path, instance) for name, path in asdict(place).items()}))
    return place, account


def remove_place(instance: Path) -> None:
    """Erase the data for good, outside folder included. The server must have been stopped."""
    place = recorded_place(instance)
    for folder in {place.socket, place.home} if place else ():
        shutil.rmtree(folder, ignore_errors=True)
    _record(instance).unlink(missing_ok=True)


def _record(instance: Path) -> Path:
    return instance / "postgres.json"


def _told(path: Path, instance: Path) -> str:
    """Relative when inside, so that a moved instance finds its own data."""
    return str(path.relative_to(instance) if path.is_relative_to(instance) else path)


def _new_home(instance: Path, account: Account) -> Path:
    if account.is_other and not account.can_enter(instance):
        home = Path(tempfile.mkdtemp(prefix=_outside_prefix(instance), dir=_outside_folder()))
    else:
        home = instance / "postgres"
        home.mkdir(exist_ok=True)
    home.chmod(0o711 if account.is_other else 0o700)
    return home


def _outside_prefix(instance: Path) -> str:
    """By the instance's path, so that a person may tell whose it is; `mkdtemp` adds what nobody can foresee."""
    return f"tracker-{hashlib.sha256(bytes(instance)).hexdigest()[:12]}-"


def _outside_folder() -> Path:
    return OUTSIDE if OUTSIDE.is_dir() else Path(tempfile.gettempdir())


def _socket_folder(wanted: Path, home: Path, account: Account) -> Path:
    """The folder of the socket, made when absent; never one that somebody else made under /tmp in our stead."""
    if wanted.is_dir() and wanted.lstat().st_uid == account.uid:
        return wanted
    if len(bytes(socket_file_in(home / "socket"))) > SOCKET_PATH_LIMIT:
        return account.take(Path(tempfile.mkdtemp(prefix="tracker-", dir="/tmp")))
    (home / "socket").mkdir(exist_ok=True)
    return account.take(home / "socket")
