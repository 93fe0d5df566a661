"""Every migration goes down as it went up, and up again."""

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade

from tests.migrations.catalogue import catalogue, difference
from tests.migrations.conftest import APP, ROOT, connected, database
from tracker.app import create_app
from tracker.plumbing.database import db

REVISIONS = [one.revision for one in reversed(list(ScriptDirectory(str(ROOT / "migrations")).walk_revisions()))]


@pytest.fixture
def elsewhere(server, tmp_path):
    """An application over an empty database of its own."""
    with database(server, "up_and_down") as url:
        app = create_app(
            TRACKER_MODE="test",
            DATABASE_URL=server.url_for(APP, "up_and_down"),
            DATABASE_OWNER_URL=url,
            INSTANCE_PATH=tmp_path,
            SECRET_KEY="only-for-tests",
        )
        yield app
        with app.app_context():
            db.engine.dispose()


def shape_of(app: Flask) -> frozenset[str]:
    with connected(app.config["DATABASE_OWNER_URL"]) as connection:
        return catalogue(connection)


def test_every_migration_goes_down_as_it_went_up(elsewhere):
    with elsewhere.app_context():
        shapes = [shape_of(elsewhere)]
        for revision in REVISIONS:
            upgrade(revision=revision)
            shapes.append(shape_of(elsewhere))
        for revision, before in zip(["base", *REVISIONS[:-1]][::-1], shapes[:-1][::-1], strict=True):
            downgrade(revision=revision)
            # Alembic keeps its own table.
            found = difference(without_alembic(shape_of(elsewhere)), without_alembic(before))
            assert not found, f"back at {revision}:\n{found}"
        upgrade()
        assert shape_of(elsewhere) == shapes[-1]


def without_alembic(sentences: frozenset[str]) -> frozenset[str]:
    return frozenset(line for line in sentences if "alembic_version" not in line)
