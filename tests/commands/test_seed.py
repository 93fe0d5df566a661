"""`flask seed` writes all or nothing into an empty database, and leaves its catalogue as it found it."""

import json

import psycopg
import pytest
from sqlalchemy import text

from tests import builders as a
from tests.commands.test_seed_plan import TINY
from tracker.commands.seed.command import owner_address
from tracker.commands.seed.loading import communes_of, load
from tracker.commands.seed.rows import rows_of
from tracker.commands.seed.scales import SCALES, Plan, quotas_of
from tracker.commands.seed.tables import TABLES
from tracker.plumbing.database import db

CATALOGUE = """
    SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid) || convalidated::text
        FROM pg_constraint
    UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) || tgenabled::text
        FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'right', table_name, grantee, privilege_type FROM information_schema.role_table_grants
        WHERE table_schema = 'public'
    ORDER BY 1, 2, 3, 4
"""
PLAN = Plan(SCALES["structure"], 1, 2025)


def catalogue():
    with psycopg.connect(owner_address()) as connection:
        return connection.execute(CATALOGUE).fetchall()


def rows():
    with psycopg.connect(owner_address()) as connection:
        return {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}


def asked(app, *arguments):
    db.session.rollback()
    return app.test_cli_runner().invoke(args=["seed", *arguments])


def test_constraints_indexes_and_triggers_are_back_and_the_sums_are_printed(app):
    before = catalogue()
    answer = asked(app, "--as-of", "2026-03-01", "--json")
    assert answer.exit_code == 0
    shown = json.loads(answer.stdout)
    assert catalogue() == before
    assert shown["rows"] == rows()
    assert (shown["scale"], shown["seed"], shown["last_year"]) == ("structure", 1, 2025)
    assert set(shown["accounts"]) == {"facilitator", "officer", "employer", "administrator", "observer"}
    assert set(shown["seconds"]) == {"rows", "indexes", "afterwards", "foreign_keys", "commit", "whole"}


def test_a_row_added_afterwards_takes_the_next_identifier(app):
    load(owner_address(), PLAN, "a hash", lambda _: None)
    with psycopg.connect(owner_address()) as connection:
        (last,) = connection.execute("SELECT max(id) FROM organisation").fetchone()
    assert a.an_organisation("Commune de Vernay").id == last + 1


def test_blocks_made_by_several_processes_are_all_there(app):
    plan = Plan(TINY, 3, 2025)
    load(owner_address(), plan, "a hash", lambda _: None)
    with psycopg.connect(owner_address()) as connection:
        communes = communes_of(connection)
    made = [rows_of(plan, quota, communes, "a hash") for quota in quotas_of(plan)]
    assert rows() == {table: sum(block[table].count(b"\n") for block in made) for table in TABLES}


def test_a_failure_midway_leaves_neither_a_row_nor_a_missing_index(app):
    before = catalogue()
    with pytest.raises(psycopg.errors.DivisionByZero):
        load(owner_address(), PLAN, "a hash", lambda _: None, afterwards=["SELECT 1 / 0"])
    assert catalogue() == before
    assert set(rows().values()) == {0}


def test_it_refuses_a_database_that_holds_something_and_says_what_to_do(app):
    a.an_organisation("Département de Loire-et-Vienne")
    db.session.commit()
    answer = asked(app, "--scale", "structure")
    assert answer.exit_code == 1
    assert "organisation" in answer.output
    assert "base vide, juste après « flask db upgrade »" in answer.output.replace("\u00a0", " ")
    assert rows()["contract"] == 0


def test_it_never_writes_twice(app):
    assert asked(app).exit_code == 0
    before = rows()
    assert asked(app).exit_code == 1
    assert rows() == before


def test_a_database_without_tables_is_told_to_migrate(app, server):
    name = "unmigrated"
    with psycopg.connect(server.admin_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} OWNER tracker_owner")
    kept = app.config["DATABASE_OWNER_URL"]
    app.config["DATABASE_OWNER_URL"] = server.url_for("tracker_owner", name)
    try:
        answer = asked(app)
    finally:
        app.config["DATABASE_OWNER_URL"] = kept
        with psycopg.connect(server.admin_url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    assert answer.exit_code == 1
    assert "flask db upgrade" in answer.output


def test_the_last_year_is_the_full_one_before_the_day(app):
    answer = asked(app, "--as-of", "2024-01-01", "--json")
    assert json.loads(answer.stdout)["last_year"] == 2023
    assert db.session.scalar(text("SELECT max(month) FROM ledger_entry")).year == 2023


def test_a_day_that_is_none_is_refused_in_a_sentence(app):
    answer = asked(app, "--as-of", "31/03/2026")
    assert answer.exit_code == 2
    assert "n’est pas un jour" in answer.output
    assert set(rows().values()) == {0}


def test_an_empty_database_is_no_seeded_world(app):
    answer = asked(app, "check")
    assert answer.exit_code == 1
    assert "pas un monde écrit par flask seed" in answer.output
