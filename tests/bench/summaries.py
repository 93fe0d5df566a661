"""Years kept summed: what a decision pays for them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from statistics import median

from sqlalchemy import create_engine, text

from tests import builders as a
from tests.bench.rows import Row, compared, milliseconds, timed
from tests.bench.site import Database, Site, application
from tests.hours.sheets import ACCEPT, ADDRESS, declared, morning
from tracker.accounts.rules import OrganisationKind
from tracker.hours.actions.decisions import decide_declaration
from tracker.hours.models import Declaration
from tracker.hours.queries.reviews import review_of
from tracker.placements.models import Placement
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Month

PEOPLE = 200
# Sent in turn with the triggers awake and asleep; the first pair warms the connection.
MONTHS = [Month(2025, 1) + rank for rank in range(14)]
TODAY = date(2026, 4, 8)
TRIGGERS = """
    SELECT tgrelid::regclass::text AS "table", tgname AS name FROM pg_trigger WHERE tgname LIKE 'keep_year_of_%'
"""


def rows(site: Site, _folder: Path) -> Iterator[Row]:
    """A decision with and without the triggers."""
    with site.clone("deciding") as database, application(database):
        yield _deciding(database)


def _deciding(database: Database) -> Row:
    declarations = _months_sent()
    taken: dict[bool, list[float]] = {True: [], False: []}
    for rank, declaration in enumerate(declarations):
        awake = rank % 2 == 0
        _wake(database, awake)
        review = review_of(declaration)
        taken[awake].append(timed(lambda review=review: _decide(review)))
    with_them, without = (median(taken[awake][1:]) for awake in (True, False))
    note = f"{milliseconds(with_them - without)} for the summaries; peer: the same, their triggers asleep"
    return compared(f"decide {PEOPLE} lines", with_them, without, milliseconds, note)


def _months_sent() -> list[Declaration]:
    """One employer's people on one clause, each month sent."""
    structure = a.an_organisation("Département", OrganisationKind.CARRYING_STRUCTURE)
    employer = a.an_organisation()
    buyer = a.an_organisation("Commune", OrganisationKind.BUYER)
    contract = a.a_contract(buyer, [employer], notified_on=date(2024, 1, 1))
    pledge = a.a_pledge(a.a_clause(contract, structure, starts_on=date(2024, 1, 1)), employer)
    claire = a.a_person()
    placements: list[Placement] = []
    for rank in range(PEOPLE):
        person = a.a_participant(structure, f"Prénom Nom{rank:03d}")
        decision = a.a_decision(person, claire, decided_on=date(2024, 6, 1))
        placements.append(a.a_placement(pledge, person, decision, starts_on=date(2024, 12, 1)))
    sent = [declared(employer.id, dict.fromkeys(placements, "100"), month, TODAY)[0] for month in MONTHS]
    db.session.commit()
    return sent


def _wake(database: Database, awake: bool) -> None:
    engine = create_engine(database.owner_url)
    with engine.begin() as connection:
        for table, name in connection.execute(text(TRIGGERS)).all():
            connection.execute(text(f"ALTER TABLE {table} {'ENABLE' if awake else 'DISABLE'} TRIGGER {name}"))
    engine.dispose()


def _decide(review) -> None:
    decisions = {line.key: ACCEPT for line in review.lines}
    decide_declaration(review, decisions, review.version, None, morning(TODAY), ADDRESS)
    db.session.commit()
