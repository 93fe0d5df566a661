"""Starting, finding and stopping the embedded server."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from types import TracebackType
from urllib.parse import quote

from tracker.plumbing.leash import KEEP, leashed

from .account import Account
from .errors import ServerError
from .place import PORT, Place, locked, made_instance, made_place, recorded_place, remove_place
from .probing import Answer, answer_of, connect, forget_the_dead, is_alive, listens, serving_pid
from .programs import SUPERUSER, initialise, programs_for, serving_command, write_access

DATABASE = "tracker"
OWNER = "tracker_owner"
APP = "tracker_app"
START_SECONDS = 60
STOP_SECONDS = 20
ATTEMPTS = 4
PAUSE = 0.02


class Server:
    """A server that answers. Also a context manager, which stops it at its end when it is ours.

    `is_ours`: this very process started it, and stops it at exit. `home`: the folder of its data and its log.
    """

    def __init__(self, instance: Path, place: Place, child: subprocess.Popen[bytes] | None) -> None:
        self.instance = instance
        self.home = place.home
        self.socket = place.socket
        self._place = place
        self._child = child
        self._starter = os.getpid()

    @property
    def is_ours(self) -> bool:
        return self._child is not None and self._starter == os.getpid()

    @property
    def app_url(self) -> str:
        """For the application: reads and writes what the owner grants, defines nothing."""
        return self.url_for(APP)

    @property
    def owner_url(self) -> str:
        """For migrations, and for tests that clone databases."""
        return self.url_for(OWNER)

    @property
    def admin_url(self) -> str:
        """The superuser, in the database `postgres`."""
        return self.url_for(SUPERUSER, "postgres")

    def url_for(self, role: str, database: str = DATABASE) -> str:
        """An address for SQLAlchemy; `port` is written so that a stray PGPORT changes nothing."""
        folder = quote(str(self.socket), safe="/")
        return f"postgresql+psycopg://{quote(role)}@/{quote(database)}?host={folder}&port={PORT}"

    def listens(self) -> bool:
        """Whether it is still there; cheap, for a supervisor to ask."""
        return listens(self._place)

    def stop(self) -> None:
        """Stop it if this process started it (a forked child did not) and wait for its end. Twice does no harm."""
        if self._child is None or not self.is_ours:
            return
        atexit.unregister(self.stop)
        with locked(self.instance):
            _end(self._child)
        self._child = None

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def ensure(instance: Path, *, fast: bool = False) -> Server:
    """The live server of that instance, else one that we start. `fast` gives up surviving a power cut, for tests.

    Several processes may call it at once: one starts, the others use it. A live server keeps the speed it was started
    with. Raises ServerError.
    """
    instance = made_instance(instance)
    with locked(instance):
        place = recorded_place(instance)
        if place and _settled(place) is Answer.READY:
            return Server(instance, place, None)
        return _started(instance, fast=fast)


def start(instance: Path, *, fast: bool = False) -> Server:
    """A server that we start. Raises ServerError when one already serves that instance."""
    instance = made_instance(instance)
    with locked(instance):
        place = recorded_place(instance)
        if place and _settled(place) is Answer.READY:
            raise ServerError(f"A server already serves {instance}.")
        return _started(instance, fast=fast)


@contextmanager
def throwaway() -> Iterator[Server]:
    """A fast server of our own for tests, on empty ground; stopped and erased at the end."""
    instance = Path(tempfile.mkdtemp(prefix="tracker-tests-"))
    try:
        with start(instance, fast=True) as server:
            yield server
    finally:
        erase(instance)
        shutil.rmtree(instance)


def erase(instance: Path) -> None:
    """Stop the server of that instance, whoever started it, and erase its data for good."""
    if not instance.is_dir():
        return
    instance = instance.absolute()
    with locked(instance):
        place = recorded_place(instance)
        if place:
            _end_stranger(place)
        remove_place(instance)


def _settled(place: Place) -> Answer:
    """What answers once nothing is starting or stopping any more."""
    limit = time.monotonic() + START_SECONDS
    while (answer := answer_of(place)) is Answer.BUSY:
        if time.monotonic() > limit:
            raise ServerError(f"The server in {place.home} neither answers nor ends; see {place.log}.")
        time.sleep(PAUSE)
    return answer


def _started(instance: Path, *, fast: bool) -> Server:
    place, account = made_place(instance)
    _end_stranger(place)  # it may live without a socket that anybody can reach
    programs = programs_for(account, place)
    initialise(place, account, programs, fast=fast)
    write_access(place, account)
    child = _serving(place, account, serving_command(place, programs, fast=fast))
    server = Server(instance, place, child)
    atexit.register(server.stop)
    _furnish(place)
    return server


def _serving(place: Place, account: Account, command: list[str]) -> subprocess.Popen[bytes]:
    """A started server that answers. Tried again: a killed server's last children hold its memory for a moment."""
    for _ in range(ATTEMPTS):
        forget_the_dead(place)
        child = _launched(place, account, command)
        if _answers(place, child):
            return child
        time.sleep(PAUSE * 10)
    raise ServerError(f"PostgreSQL did not start in {place.home}: {_last_words(place.log)}")


def _launched(place: Place, account: Account, command: list[str]) -> subprocess.Popen[bytes]:
    """In a session of its own, so that Ctrl-C reaches us alone; SIGINT is its fast and clean shutdown."""
    uid, gid = (account.uid, account.gid) if account.is_other else (KEEP, KEEP)
    with place.log.open("ab") as log:
        place.log.chmod(0o600)
        return _spawned_for_life(leashed(command, signal.SIGINT, uid, gid), log.fileno())


def _spawned_for_life(command: list[str], log: int) -> subprocess.Popen[bytes]:
    """Started from a thread that lasts as long as the child: a leash follows its thread, and callers' threads end.

    The thread also buries the child at once, so that no zombie is mistaken for a server.
    """
    born: Future[subprocess.Popen[bytes]] = Future()

    def keep() -> None:
        try:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env={"LC_ALL": "C", "PATH": os.defpath},
                start_new_session=True,
            )
        except OSError as error:
            born.set_exception(error)
            return
        born.set_result(child)
        child.wait()

    Thread(target=keep, name="embedded-postgresql", daemon=True).start()
    return born.result()


def _answers(place: Place, child: subprocess.Popen[bytes]) -> bool:
    limit = time.monotonic() + START_SECONDS
    while child.poll() is None:
        if answer_of(place) is Answer.READY:
            return True
        if time.monotonic() > limit:
            _end(child)
            return False
        time.sleep(PAUSE)
    return False


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return " / ".join(lines[-3:]) or "it said nothing."


def _end(child: subprocess.Popen[bytes]) -> None:
    """Fast and clean, then at once (recovery at the next start), then by force."""
    for ending, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        if child.poll() is not None:
            return
        child.send_signal(ending)
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            continue


def _end_stranger(place: Place) -> None:
    """End the server at work on this data that is not our child. Raises ServerError when it will not."""
    pid = serving_pid(place)
    for ending, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5)):
        if pid is None or not is_alive(pid):
            return
        os.kill(pid, ending)
        limit = time.monotonic() + seconds
        while is_alive(pid) and time.monotonic() < limit:
            time.sleep(PAUSE)
    if pid and is_alive(pid):
        raise ServerError(f"The server {pid} in {place.home} will not end.")


def _furnish(place: Place) -> None:
    """The roles and the database; nothing when they are there."""
    with connect(place) as connection:
        roles = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        if APP not in roles:
            connection.execute(f"CREATE ROLE {APP} LOGIN")
        if OWNER not in roles:
            connection.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB")
        # The owner may end the application's sessions (tests drop their databases) and act as it.
        connection.execute(f"GRANT {APP} TO {OWNER}")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            options = f"OWNER {OWNER} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
            connection.execute(f"CREATE DATABASE {DATABASE} {options}")
