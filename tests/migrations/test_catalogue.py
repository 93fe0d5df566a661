"""The migrated database is the one that the models describe; Alembic alone would not see checks and partial indexes."""

import pytest
from sqlalchemy import create_engine, text

from tests.migrations.catalogue import SHAPE, TRIGGERS, catalogue, difference, ours
from tests.migrations.conftest import connected, database
from tracker.plumbing.database import Base

GUARDS = """
    approval.append_only certificate.append_only certificate_end.append_only contract_publication.append_only
    eligibility_decision.append_only journal_entry.append_only ledger_entry.append_only
    ledger_entry.keep_imputed_hours obligation_event.append_only reading.append_only
    hours_line.keep_year_of_added_lines hours_line.keep_year_of_changed_lines hours_line.keep_year_of_dropped_lines
    ledger_entry.keep_year_of_ledger placement.keep_year_of_placements clause.keep_bears_clause
    placement_change.append_only
"""


@pytest.fixture
def modelled(server, app):
    """A database made by the models alone, seen by its owner."""
    with database(server, "modelled") as url:
        engine = create_engine(url)
        Base.metadata.create_all(engine)
        engine.dispose()
        with connected(url) as connection:
            yield connection


def test_migrations_and_models_make_the_same_database(migrated, modelled):
    found = difference(ours(catalogue(migrated, SHAPE)), ours(catalogue(modelled, SHAPE)))
    assert not found, f"\n{found}"


CHANGES = (
    "ALTER TABLE pledge ADD COLUMN unheard_of text",
    "ALTER TABLE pledge ALTER COLUMN made_on DROP NOT NULL",
    "ALTER TABLE pledge ALTER COLUMN share_hours TYPE numeric(10,2)",
    "ALTER TABLE hours_line ALTER COLUMN imputed_hours SET DEFAULT 1",
    "ALTER TABLE hours_line DROP CONSTRAINT ck_hours_line_imputed_within_accepted",
    "ALTER TABLE ledger_entry DROP CONSTRAINT fk_ledger_entry_pledge_id",
    "ALTER TABLE certificate DROP CONSTRAINT uq_certificate_number_version",
    "DROP INDEX ix_declaration_waiting",
    "DROP INDEX ix_declaration_waiting; CREATE INDEX ix_declaration_waiting ON declaration (submitted_at)",
    "DROP INDEX ix_commune_search_key; CREATE INDEX ix_commune_search_key ON commune (search_key)",
    "ALTER TABLE pledge ADD CONSTRAINT no_two EXCLUDE USING btree (clause_id WITH =)",
)


@pytest.mark.parametrize("change", CHANGES)
def test_any_difference_is_seen(migrated, change):
    before = catalogue(migrated, SHAPE)
    migrated.execute(text(change))
    assert difference(before, catalogue(migrated, SHAPE))


def test_the_guards_are_the_ones_expected(migrated):
    found = {line.split()[1] for line in ours(catalogue(migrated, (TRIGGERS,)))}
    assert found == set(GUARDS.split())
