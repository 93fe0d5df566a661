"""A server of the bench's own, as durable as a site's, whose migrated database is cloned for each measure."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, text

from tracker.app import create_app
from tracker.plumbing import embedded, sessions
from tracker.plumbing.database import db
from tracker.plumbing.sessions import Actor

MODEL = "model"
SECRET = "only-for-the-bench"


@dataclass(frozen=True)
class Database:
    """A clone of the migrated database, by its addresses."""

    app_url: str
    owner_url: str
    admin_url: str
    files: Path

    @property
    def environment(self) -> dict[str, str]:
        """The settings of a process of ours over this database."""
        return {
            "TRACKER_MODE": "demo",
            "DATABASE_URL": self.app_url,
            "DATABASE_OWNER_URL": self.owner_url,
            "INSTANCE_PATH": str(self.files),
            "SECRET_KEY": SECRET,
            "LOG_PATH": os.devnull,
        }


class Site:
    """The server, and clones of its model."""

    def __init__(self, server: embedded.Server, folder: Path) -> None:
        self._server, self._folder = server, folder
        with create_database(server.owner_url, MODEL, "template0"), application(self._at(MODEL)):
            upgrade()

    def _at(self, name: str) -> Database:
        url = self._server.url_for
        return Database(url("tracker_app", name), url("tracker_owner", name), url("postgres", name), self._folder)

    @contextmanager
    def clone(self, name: str) -> Iterator[Database]:
        """A migrated, empty database, dropped at the end."""
        with create_database(self._server.owner_url, name, MODEL) as drop:
            yield self._at(name)
            drop()


@contextmanager
def create_database(owner_url: str, name: str, template: str) -> Iterator[object]:
    """Makes a database; gives what drops it."""
    engine = create_engine(owner_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        yield lambda: connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@contextmanager
def application(database: Database) -> Iterator[Flask]:
    """The application over that database, inside its context, acting as a command."""
    settings = {name: value for name, value in database.environment.items() if name != "INSTANCE_PATH"}
    app = create_app(TESTING=True, INSTANCE_PATH=database.files, **settings)
    with app.app_context(), sessions.acting_as(Actor("command")):
        yield app
        db.session.remove()
        db.engine.dispose()


@contextmanager
def site() -> Iterator[Site]:
    """The bench's own server, erased at the end."""
    folder = Path(tempfile.mkdtemp(prefix="tracker-bench-"))
    try:
        with embedded.start(folder) as server:
            yield Site(server, folder / "files")
    finally:
        embedded.erase(folder)
        shutil.rmtree(folder)
