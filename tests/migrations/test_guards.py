"""What the database itself refuses, to the application and to the role that owns the tables."""

from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests import builders as a
from tests.migrations.conftest import APP, OWNER
from tracker.hours.models import Declaration, HoursLine, HoursLineVersion, LedgerEntry
from tracker.hours.rules.states import DeclarationState, LineState
from tracker.plumbing.database import Base, db
from tracker.vocabulary.dates import Month

APPEND_ONLY = (
    "approval",
    "certificate",
    "certificate_end",
    "contract_publication",
    "eligibility_decision",
    "journal_entry",
    "ledger_entry",
    "obligation_event",
    "reading",
)
MONTHS = [
    (table.name, column.name)
    for table in Base.metadata.sorted_tables
    for column in table.columns
    if column.type.__class__.__name__ == "MonthColumn"
]


def columns_of(connection, table):
    return [column.name for column in Base.metadata.tables[table].columns]


@pytest.mark.parametrize("role", [APP, OWNER])
@pytest.mark.parametrize("table", APPEND_ONLY)
def test_what_is_append_only_is_never_changed(as_role, role, table):
    column = Base.metadata.tables[table].columns.keys()[0]
    for change in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        with as_role(role) as connection, pytest.raises(DBAPIError) as refused:
            connection.execute(text(change))
        assert refused.value.orig.sqlstate == {APP: "42501", OWNER: "23001"}[role], change


def test_the_application_adds_to_what_is_append_only(as_role):
    with as_role(APP) as connection:
        rights = [connection.execute(HAS_INSERT, {"table": table}).scalar() for table in APPEND_ONLY]
    assert all(rights)


HAS_INSERT = text("SELECT has_table_privilege(:table, 'INSERT')")
OWNED = text("SELECT relname FROM pg_class WHERE relowner = current_user::regrole")
DEFINITIONS = (
    "CREATE TABLE mine (id int)",
    "CREATE SCHEMA mine",
    "CREATE DATABASE mine",
    "CREATE ROLE mine",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "ALTER TABLE journal_entry DISABLE TRIGGER append_only",
    "DROP TRIGGER append_only ON journal_entry",
    "DROP TABLE journal_entry",
    "SET session_replication_role = replica",
    "UPDATE alembic_version SET version_num = '0001'",
)


def test_the_application_owns_nothing(as_role):
    with as_role(APP) as connection:
        assert connection.execute(OWNED).scalars().all() == []


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_the_application_defines_nothing(as_role, definition):
    with as_role(APP) as connection, pytest.raises(DBAPIError) as refused:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text(definition))
    assert refused.value.orig.sqlstate == "42501"


@pytest.mark.parametrize(("table", "column"), MONTHS)
@pytest.mark.parametrize(("day", "is_taken"), [("2026-03-01", True), ("2026-03-02", False), ("2026-03-31", False)])
def test_a_month_is_kept_as_its_first_day(migrated, table, column, day, is_taken):
    """The check alone: the table's other columns are left aside, in a copy without their demands."""
    migrated.execute(text(f"CREATE TEMP TABLE copied (LIKE {table} INCLUDING CONSTRAINTS)"))
    for name in columns_of(migrated, table):
        migrated.execute(text(f"ALTER TABLE copied ALTER {name} DROP NOT NULL"))
    add = text(f"INSERT INTO copied ({column}) VALUES (:day)")
    if is_taken:
        migrated.execute(add, {"day": day})
    else:
        with pytest.raises(IntegrityError, match=f"{column}_is_a_month"):
            migrated.execute(add, {"day": day})


@pytest.fixture
def line(cast):
    """Amina's March: 151,67 h declared, 140 h accepted, none counted yet."""
    amina = a.a_participant(cast.structure)
    decision = a.a_decision(amina, cast.claire.person)
    placement = a.a_placement(cast.pledge, amina, decision)
    march = Month(2026, 3)
    sent = {"state": DeclarationState.SUBMITTED, "attested": True, "submitted_at": a.NOW, "created_at": a.NOW}
    declaration = Declaration(employer=cast.guerin, clause=cast.clause, month=march, **sent)
    line = HoursLine(
        declaration=declaration,
        placement=placement,
        month=march,
        from_on=march.first_day,
        to_on=march.last_day,
        state=LineState.ACCEPTED,
        declared_hours=Decimal("151.67"),
        accepted_hours=Decimal("140.00"),
    )
    version = HoursLineVersion(line=line, number=1, hours=Decimal("151.67"), submitted_at=a.NOW)
    db.session.add_all([declaration, line, version])
    db.session.commit()
    return line, version


def count(line, version, hours, kind="count"):
    """Enters hours in the ledger, as the action does."""
    placement = line.placement
    entry = LedgerEntry(
        line_id=line.id,
        line_version_id=version.id,
        pledge_id=placement.pledge_id,
        clause_id=placement.pledge.clause_id,
        participant_id=placement.participant_id,
        kind=kind,
        month=line.month,
        hours=Decimal(hours),
        reasons=[],
        rule_version="1",
        booked_at=a.NOW,
    )
    db.session.add(entry)
    db.session.commit()


def imputed(line):
    return db.session.scalar(select(HoursLine.imputed_hours).where(HoursLine.id == line.id))


def test_the_ledger_adds_up_on_the_line(line):
    count(*line, "100.00")
    count(*line, "40.00", "more")
    assert imputed(line[0]) == Decimal("140.00")
    count(*line, "-15.50", "less")
    assert imputed(line[0]) == Decimal("124.50")


@pytest.mark.parametrize(("hours", "is_taken"), [("140.00", True), ("140.01", False), ("0.00", True), ("-0.01", False)])
def test_no_more_is_counted_than_was_accepted_nor_less_than_nothing(line, hours, is_taken):
    if is_taken:
        count(*line, hours)
        assert imputed(line[0]) == Decimal(hours)
    else:
        with pytest.raises(IntegrityError, match="imputed_within_accepted"):
            count(*line, hours)


def test_an_hour_counted_once_is_not_counted_again(line):
    count(*line, "70.00")
    with pytest.raises(IntegrityError, match="uq_ledger_entry"):
        count(*line, "70.00")


def test_what_is_counted_cannot_be_taken_back_from_what_was_accepted(line):
    count(*line, "140.00")
    with pytest.raises(IntegrityError, match="imputed_within_accepted"):
        db.session.execute(text("UPDATE hours_line SET accepted_hours = 139.99"))
