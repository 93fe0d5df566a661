"""One first of the month: the site, its visitors and its kills, the book, and the wait for the last letter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from threading import Event
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from sqlalchemy import text

from tests.plumbing.mail import Mailbox
from tests.soak.book import Book, Entry
from tests.soak.launcher import ROOT, SECONDS, WEB, WEB_WORKER, WORKER, Site
from tracker.plumbing import metrics
from tracker.plumbing.database import db

TOKEN = "a secret of the soak"
# A kill comes up to so many entries less one after its writing was about to be sent.
SPREAD = 7
KINDS = (WEB_WORKER, WORKER, WEB_WORKER, WEB)
LOCUST = ["--headless", "--only-summary", "--loglevel", "WARNING", "--spawn-rate", "10"]


@dataclass(frozen=True)
class Kills:
    """How many, one each time so many writings were about to be sent; the kinds come in turn."""

    count: int
    every: int
    kinds: Sequence[str] = KINDS

    def due(self) -> dict[int, str]:
        """What to kill, by the rank of the writing that is about to be sent."""
        return {self.every * rank: kind for rank, kind in enumerate(islice(cycle(self.kinds), self.count), start=1)}


class Condemned:
    """What is to be killed, each once so many entries have come: what was about to be sent is then under way."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._waiting: list[tuple[str, int]] = []

    def add(self, kind: str, after: int) -> None:
        """Condemns one; after no entry at all, it is killed now."""
        self._waiting.append((kind, after))
        self._kill_those_due()

    def one_entry_more(self) -> None:
        """Counts an entry for each that waits."""
        self._waiting = [(kind, after - 1) for kind, after in self._waiting]
        self._kill_those_due()

    def _kill_those_due(self) -> None:
        for kind in [kind for kind, after in self._waiting if after <= 0]:
            self._site.kill(kind)
        self._waiting = [(kind, after) for kind, after in self._waiting if after > 0]


def settings_of(app_config: Mapping[str, Any], folder: Path, mailbox_port: int, today: str) -> dict[str, str]:
    """The environment of the site's processes: this very database, a folder and a mail server of their own."""
    return {
        "TRACKER_MODE": "test",
        "DATABASE_URL": app_config["DATABASE_URL"],
        "INSTANCE_PATH": str(folder / "instance"),
        "SECRET_KEY": app_config["SECRET_KEY"],
        "MAIL_URL": f"smtp://127.0.0.1:{mailbox_port}",
        "WORKER_DEAD_AFTER": "3",
        "AS_OF": today,
        "LOG_PATH": str(folder / "site.log"),
        "METRICS_TOKEN": TOKEN,
        **metrics.start_anew(folder / "metrics"),
    }


def until(is_so: Callable[[], bool], what: str) -> None:
    """Asks until it is so; fails once it has been asked for a minute."""
    limit, pause = time.monotonic() + SECONDS, Event()
    while not is_so():
        assert time.monotonic() < limit, f"never came: {what}"
        pause.wait(0.1)


def is_ready(site: Site) -> bool:
    """Whether the site says that it can serve, worker included."""
    try:
        with urlopen(f"{site.address}/ready", timeout=SECONDS) as answer:
            return all(item["ok"] for item in json.load(answer)["items"].values())
    except (URLError, OSError):
        return False


def scrape(site: Site) -> str:
    """What the site tells a monitoring system, all its processes together."""
    asked = Request(f"{site.address}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    with urlopen(asked, timeout=SECONDS) as answer:
        return str(answer.read().decode())


def live(site: Site, world: Mapping[str, Any], folder: Path, kills: Kills, longest: int) -> Book:
    """Lets everybody come until the last line is decided, at most so many seconds, killing on the way."""
    book, due, about, condemned = Book(), kills.due(), 0, Condemned(site)
    with visitors(site, world, folder, longest) as entries:
        for entry in entries:
            book.add(entry)
            about += entry["what"] == "about"
            condemned.one_entry_more()
            if entry["what"] == "about" and about in due:
                condemned.add(due[about], after=about % SPREAD)
            if book.is_over:
                break
    return book


@contextmanager
def visitors(site: Site, world: Mapping[str, Any], folder: Path, longest: int) -> Iterator[Iterator[Entry]]:
    """Locust in a process of its own, ended with the block; its book, entry by entry as it is written."""
    (folder / "world.json").write_text(json.dumps(world), encoding="utf-8")
    reading, writing = os.pipe()
    users = sum(len(world[kind]) for kind in ("employers", "facilitators", "passers")) + 1
    command = [sys.executable, "-m", "locust", "-f", str(ROOT / "tests" / "soak" / "users.py"), *LOCUST]
    command += ["--host", site.address, "--users", str(users), "--run-time", str(longest)]
    more = {"SOAK_WORLD": str(folder / "world.json"), "SOAK_BOOK": str(writing), "PYTHONPATH": str(ROOT)}
    with (folder / "locust.log").open("w") as log, os.fdopen(reading, encoding="utf-8") as book:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **more}, stdout=log, stderr=log, pass_fds=[writing]
        )
        os.close(writing)
        try:
            yield map(json.loads, book)
        finally:
            process.kill()
            process.wait()


def wait_for_the_last_letter(mailbox: Mailbox) -> None:
    """Until every message left and no job is left, whoever was killed."""

    def is_quiet() -> bool:
        waiting = db.session.execute(text("SELECT count(*) FROM message WHERE sent_at IS NULL")).scalar_one()
        jobs = db.session.execute(text("SELECT count(*) FROM procrastinate_jobs")).scalar_one()
        db.session.rollback()
        return not waiting and not jobs

    until(is_quiet, f"the last of {len(mailbox.letters)} letters")
