"""The site's processes, kept alive as a service manager keeps them, and killed without warning."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from random import Random
from threading import Condition, Thread

import psutil

from tracker.plumbing.leash import leashed

ROOT = Path(__file__).parents[2]
SECONDS = 60
THREADS = 4
WEB_WORKER, WEB, WORKER = "web worker", "web server", "background worker"


class Kept:
    """A command that starts again whenever it ends, once nothing of its group is left."""

    def __init__(self, name: str, command: Sequence[str], env: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.ended_by_itself: list[str] = []
        self._command, self._env, self._log = command, {**os.environ, **env}, log
        self._process: subprocess.Popen[bytes] | None = None
        self._is_wanted, self._killed = True, 0
        self._changed = Condition()
        self._thread = Thread(target=self._keep, daemon=True)
        self._thread.start()

    def _keep(self) -> None:
        with self._log.open("ab") as log:
            while self._is_wanted:
                # Started by this very thread, on whose life the leash hangs.
                process = subprocess.Popen(
                    leashed(self._command, signal.SIGKILL),
                    cwd=ROOT,
                    env=self._env,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
                with self._changed:
                    self._process = process
                    self._changed.notify_all()
                status = process.wait()
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                if self._is_wanted and status != -signal.SIGKILL:
                    self.ended_by_itself.append(f"{self.name} ended by itself with status {status}")

    def alive(self) -> psutil.Process:
        """Its main process, waiting until there is one."""
        with self._changed:
            assert self._changed.wait_for(self._runs, SECONDS), f"{self.name} does not start"
            assert self._process is not None
            return psutil.Process(self._process.pid)

    def _runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Ends it for good."""
        self._is_wanted = False
        with suppress(psutil.NoSuchProcess):
            self.alive().kill()
        self._thread.join(SECONDS)


class Site:
    """gunicorn and a background worker over a database, on a port of their own; a context manager."""

    def __init__(self, folder: Path, settings: Mapping[str, str], web_workers: int) -> None:
        self.port, self.kills = free_port(), Counter[str]()
        self.address = f"http://127.0.0.1:{self.port}"
        self._random = Random(self.port)
        env = {"FLASK_APP": "wsgi:app", "BASE_URL": self.address, "PORT": str(self.port), **settings}
        web = [
            sys.executable,
            "-m",
            "gunicorn",
            "wsgi:app",
            "--no-control-socket",
            "--preload",
            "--bind",
            f"127.0.0.1:{self.port}",
        ]
        web += ["--workers", str(web_workers), "--threads", str(THREADS), "--worker-class", "gthread"]
        self._commands = (("web", web), ("worker", [sys.executable, "-m", "flask", "worker"]))
        self._folder, self._env, self._stack = folder, env, ExitStack()

    def __enter__(self) -> Site:
        kept = [Kept(name, command, self._env, self._folder / f"{name}.log") for name, command in self._commands]
        for one in kept:
            self._stack.callback(one.stop)
        self._web, self._worker = kept
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def kill(self, what: str) -> None:
        """Kills one web worker, the whole web server, or the background worker; their keeper starts them again."""
        if what == WEB_WORKER:
            server = self._web.alive()
            with suppress(psutil.NoSuchProcess):
                self._random.choice(server.children() or [server]).kill()
        else:
            with suppress(psutil.NoSuchProcess):
                (self._web if what == WEB else self._worker).alive().kill()
        self.kills[what] += 1

    @property
    def faults(self) -> list[str]:
        """What ended though nobody killed it."""
        return [*self._web.ended_by_itself, *self._worker.ended_by_itself]


def free_port() -> int:
    """A port that nobody holds now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
