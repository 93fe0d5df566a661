"""Databases beside the migrated one, on the same server."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text

from tracker.plumbing.embedded import Server

ROOT = Path(__file__).parents[2]
OWNER, APP = "tracker_owner", "tracker_app"


@contextmanager
def database(server: Server, name: str) -> Iterator[str]:
    """An empty database of the owner's, dropped at the end; its address."""
    engine = create_engine(server.owner_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
        yield server.url_for(OWNER, name)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection of its own, rolled back at the end."""
    engine = create_engine(url)
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


@pytest.fixture
def migrated(app, server) -> Iterator[Connection]:
    """The migrated database, seen by the role that owns it."""
    with connected(server.owner_url) as connection:
        yield connection


@pytest.fixture
def as_role(app, server):
    """Opens the migrated database as one role or the other."""
    return lambda role: connected(server.url_for(role))
