"""What the application's role receives from the owner, and that a site with one role is left as it is."""

import pytest
from sqlalchemy import create_engine, text

from tracker.plumbing.grants import KEPT_BY_TRIGGERS, grant_application

RIGHTS = text("""
    SELECT privilege_type FROM information_schema.role_table_grants
    WHERE grantee = 'tracker_app' AND table_name = :table ORDER BY 1
""")
ALL = ["DELETE", "INSERT", "SELECT", "UPDATE"]


@pytest.fixture
def owner(app, server):
    """The owner's connection; what a test changes is rolled back."""
    engine = create_engine(server.owner_url)
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


def rights(connection, table):
    return connection.execute(RIGHTS, {"table": table}).scalars().all()


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("person", ALL),
        ("hours_line", ALL),
        ("procrastinate_jobs", ALL),
        ("ledger_entry", ["INSERT", "SELECT"]),
        ("journal_entry", ["INSERT", "SELECT"]),
        ("year_summary", ["SELECT"]),
        ("alembic_version", ["SELECT"]),
    ],
)
def test_the_application_writes_and_never_defines(owner, table, expected):
    assert rights(owner, table) == expected


def test_granting_again_changes_nothing(owner):
    before = {table: rights(owner, table) for table in ("person", "ledger_entry", "alembic_version")}
    grant_application(owner, "tracker_app")
    assert {table: rights(owner, table) for table in before} == before


def test_a_new_append_only_table_is_closed_by_its_trigger_alone(owner):
    owner.execute(text("CREATE TABLE spent (id int)"))
    guard = "CREATE TRIGGER append_only BEFORE UPDATE ON spent EXECUTE FUNCTION refuse_change()"
    owner.execute(text(guard))
    grant_application(owner, "tracker_app")
    assert rights(owner, "spent") == ["INSERT", "SELECT"]


def test_a_new_table_kept_by_triggers_is_closed_by_its_comment_alone(owner):
    owner.execute(text("CREATE TABLE summed (id int)"))
    owner.execute(text(f"COMMENT ON TABLE summed IS '{KEPT_BY_TRIGGERS}'"))
    grant_application(owner, "tracker_app")
    assert rights(owner, "summed") == ["SELECT"]


def test_a_role_that_owns_the_tables_is_granted_nothing(owner):
    owner.execute(text("CREATE TABLE mine (id int)"))
    grant_application(owner, "tracker_owner")
    assert rights(owner, "mine") == []
