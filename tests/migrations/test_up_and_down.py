"""Every migration goes down as it went up, and up again."""

from datetime import date

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import create_engine, text

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


PEOPLE = """
    INSERT INTO organisation (id, public_id, kind, identifier_kind, identifier, name, sort_key, created_at)
        VALUES (1, 'o', 'carrying_structure', 'SIRET', '1', 'Mission', 'mission', '2025-01-01');
    INSERT INTO participant (id, public_id, version_id, structure_id, given_name, family_name, sort_key, born_on, sex,
                             commune_code, level, created_at)
        VALUES (7, 'p', 3, 1, 'Amina', 'Diallo', 'diallo amina', '1990-05-17', 'female', '37261', '3', '2025-09-01'),
               (8, 'q', 1, 1, 'Karim', 'Benali', 'benali karim', '1985-01-02', 'male', '', NULL, '2026-02-01')
"""
VERSIONS = """
    SELECT participant_id, number, given_name, family_name, born_on, sex, commune_code, level, recorded_at::date,
           recorded_by_id
    FROM identity_version ORDER BY participant_id
"""


def test_whoever_stood_in_the_files_has_a_first_version(elsewhere):
    with elsewhere.app_context():
        upgrade(revision="0003")
        engine = create_engine(elsewhere.config["DATABASE_OWNER_URL"])
        with engine.begin() as connection:
            connection.execute(text(PEOPLE))
        engine.dispose()
        upgrade(revision="0004")
    with connected(elsewhere.config["DATABASE_OWNER_URL"]) as connection:
        found = [tuple(row) for row in connection.execute(text(VERSIONS))]
    assert found == [
        (7, 1, "Amina", "Diallo", date(1990, 5, 17), "female", "37261", "3", date(2025, 9, 1), None),
        (8, 1, "Karim", "Benali", date(1985, 1, 2), "male", "", None, date(2026, 2, 1), None),
    ]


def without_alembic(sentences: frozenset[str]) -> frozenset[str]:
    return frozenset(line for line in sentences if "alembic_version" not in line)
