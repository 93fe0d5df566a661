"""One server for the run, migrated once; each test that asks for the database finds it empty, and commits for real."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_migrate import upgrade
from hypothesis import settings
from sqlalchemy import create_engine, text

from tests.cast import cast
from tests.pages.judge import JudgingClient
from tracker.app import create_app
from tracker.plumbing import clock, embedded, sessions
from tracker.plumbing.database import db

# A busy machine makes a true property slow, never false.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

__all__ = ["cast"]  # a fixture for every test

# Lists that migrations or commands fill once: no test changes them.
REFERENCE = frozenset({"alembic_version", "commune"})


@pytest.fixture(scope="session")
def server() -> Iterator[embedded.Server]:
    """A PostgreSQL of this process's own, careless of power cuts, erased at the end."""
    with embedded.throwaway() as started:
        yield started


@pytest.fixture(scope="session")
def whole_app(server, tmp_path_factory) -> Iterator[Flask]:
    """The application over a migrated, empty database."""
    app = create_app(
        TRACKER_MODE="test",
        TESTING=True,
        DATABASE_URL=server.app_url,
        DATABASE_OWNER_URL=server.owner_url,
        INSTANCE_PATH=tmp_path_factory.mktemp("files"),
        SECRET_KEY="only-for-tests",
        SERVER_NAME="clauses.test",
        BASE_URL="http://clauses.test",
    )
    app.test_client_class = JudgingClient
    with app.app_context():
        upgrade()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def wipe(server, whole_app):
    """Empties every table, triggers and foreign keys asleep; what a test wrote is gone before the next begins."""
    engine = create_engine(server.url_for("postgres"))
    with engine.connect() as connection:
        names = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()
    deletes = "; ".join(f'DELETE FROM "{name}"' for name in sorted(set(names) - REFERENCE))
    yield lambda: _run(engine, f"SET LOCAL session_replication_role = replica; {deletes}")
    engine.dispose()


def _run(engine, statements: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(statements)


@pytest.fixture
def app(whole_app, wipe) -> Iterator[Flask]:
    """The application inside its context, its database empty, nobody acting; builders act as a command."""
    sessions.set_actor(sessions.Actor("command"))
    with whole_app.app_context():
        yield whole_app
        db.session.rollback()
        db.session.remove()
    sessions.set_actor(sessions.NOBODY)
    clock.stand_on(None)
    wipe()


@pytest.fixture
def client(app) -> JudgingClient:
    """Somebody without an account, in a browser that refuses bad pages."""
    return app.test_client()
