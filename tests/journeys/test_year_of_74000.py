"""A year as one Département published it: 74 000,00 counted hours, 40,00 % of them by recipients of the RSA.

Forty people, twelve months, four employers: every hour is declared, decided and booked by the actions, among others
that do not count. Desk, contract pages, certificate and plain SQL then agree to the hundredth.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from tests import builders as a
from tests.hours.sheets import decided, declared, morning
from tracker.accounts.queries import viewer_of
from tracker.certificates.actions import Office, Order, issue
from tracker.certificates.rules import Kind
from tracker.contracts.models import Clause
from tracker.hours.queries.ledger import counted_by_placement
from tracker.hours.queries.progress import progress_of
from tracker.hours.queries.years import counted_of_year
from tracker.hours.rules.decisions import LineDecision, Ruling
from tracker.participants.rules.decisions import RsaStatus
from tracker.placements.models import Placement
from tracker.plumbing import clock
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Month
from tracker.vocabulary.hours import format_hours, format_number

YEAR = 2025
TOTAL, RSA = Decimal("74000.00"), Decimal("29600.00")
EMPLOYERS, PEOPLE_EACH = 4, 10
# Each person’s year: 1 850,00 h, in twelve months that are no round figure.
USUAL, LAST = Decimal("154.17"), Decimal("154.13")
STATUSES = (RsaStatus.RECIPIENT,) * 3 + (RsaStatus.PARTNER, RsaStatus.DEPENDANT) + (RsaStatus.NONE,) * 5
TODAY = date(2026, 2, 20)


def a_team(cast, number: int) -> tuple[Clause, list[Placement]]:
    """A contract, its holder and ten people; four of them are recipients or partners."""
    employer = a.an_organisation(f"Entreprise {number}")
    contract = a.a_contract(
        cast.buyer,
        [employer],
        object=f"Chantier numéro {number}",
        notified_on=date(2024, 1, 1),
        ends_on=date(2026, 1, 31),
    )
    clause = a.a_clause(
        contract, cast.structure, "20000.00", starts_on=date(2024, 1, 1), facilitator=cast.claire.person
    )
    pledge = a.a_pledge(clause, employer)
    return clause, [a_worker(cast, pledge, number, rank) for rank in range(PEOPLE_EACH)]


def a_worker(cast, pledge, number: int, rank: int) -> Placement:
    person = a.a_participant(cast.structure, f"Prénom{number} Nom{rank}")
    category = "deld" if STATUSES[rank] is RsaStatus.NONE else "rsa"
    known = {"rsa_status": STATUSES[rank], "main_category": category, "decided_on": date(2024, 11, 1)}
    decision = a.a_decision(person, cast.claire.person, **known)
    return a.a_placement(pledge, person, decision, starts_on=date(2024, 12, 1))


def hours_of(month: Month, rank: int) -> str:
    """Some work more than others each month; each one’s year is the same."""
    usual = LAST if month.number == 12 else USUAL
    swing = Decimal(rank) / 4 * (1 if month.number % 2 else -1)
    return str(usual + swing)


def worked(cast, placements: list[Placement], month: Month) -> None:
    """Declares and decides a month; one line in June is returned first, and corrected."""
    employer_id = placements[0].employer_id
    hours = {placement: hours_of(month, rank) for rank, placement in enumerate(placements)}
    if month == Month(YEAR, 6):
        hours[placements[0]] = "250.00"
    (declaration,) = declared(employer_id, hours, month, _sent_on(month), cast.sophie.person_id)
    if month == Month(YEAR, 6):
        decided(declaration, cast.claire.person_id, _next_day(month), Nom0=LineDecision(Ruling.RETURN, message="Trop."))
        correction = {placements[0]: hours_of(month, 0)}
        (declaration,) = declared(employer_id, correction, month, _sent_on(month), cast.sophie.person_id)
    decided(declaration, cast.claire.person_id, _next_day(month))


def _sent_on(month: Month) -> date:
    return (month + 1).first_day + timedelta(days=4)


def _next_day(month: Month) -> datetime:
    return morning(_sent_on(month) + timedelta(days=1))


def what_does_not_count(cast, clause: Clause, placements: list[Placement]) -> None:
    """Hours before and after the year, hours refused, hours without approval: none is of the year."""
    employer_id = placements[0].employer_id
    for month, hours in ((Month(YEAR - 1, 12), "120.01"), (Month(YEAR + 1, 1), "99.99")):
        (declaration,) = declared(employer_id, dict.fromkeys(placements, hours), month, _sent_on(month))
        decided(declaration, cast.claire.person_id, _next_day(month))
    pledge = a.a_pledge(clause, a.an_organisation(f"Sous-traitant {clause.id}"))
    stranger = a.a_participant(cast.structure, "Sans Accord")
    waiting = a.a_placement(pledge, stranger, None, starts_on=date(YEAR, 5, 1), ends_on=date(YEAR, 6, 30))
    for month, ruling in ((Month(YEAR, 5), LineDecision(Ruling.ACCEPT)), (Month(YEAR, 6), LineDecision(Ruling.REFUSE))):
        (declaration,) = declared(waiting.employer_id, {waiting: "60.60"}, month, _sent_on(month))
        words = LineDecision(ruling.ruling, message="Sans accord.")
        decided(declaration, cast.claire.person_id, _next_day(month), Accord=words)


@pytest.fixture
def teams(cast) -> list[tuple[Clause, list[Placement]]]:
    """The whole year, declared and decided."""
    teams = [a_team(cast, number) for number in range(EMPLOYERS)]
    for clause, placements in teams:
        for number in range(1, 13):
            worked(cast, placements, Month(YEAR, number))
        what_does_not_count(cast, clause, placements)
    db.session.commit()
    clock.stand_on(TODAY)
    return teams


def counted_in_sql(condition: str = "true", **values: object) -> Decimal:
    """Counted hours of the year, by a query that shares nothing with the program’s."""
    return db.session.execute(
        text(f"""
            SELECT coalesce(sum(e.hours), 0) FROM ledger_entry e
            LEFT JOIN eligibility_decision d ON d.id = e.decision_id
            WHERE extract(year FROM e.month) = {YEAR} AND {condition}
        """),
        values,
    ).scalar_one()


def test_a_year_of_74_000_hours_of_which_40_percent_by_rsa_recipients(client, cast, teams) -> None:
    assert counted_in_sql() == TOTAL
    assert counted_in_sql("d.rsa_status IN ('recipient', 'partner')") == RSA

    viewer = viewer_of(cast.claire.person.fs_uniquifier, cast.claire.id, TODAY)
    assert viewer is not None
    year = counted_of_year(YEAR, viewer)
    assert (year.counted, year.rsa, year.participants) == (TOTAL, RSA, EMPLOYERS * PEOPLE_EACH)
    assert year.rsa_share == Decimal("0.4")

    clock.stand_on(date(YEAR, 12, 31))
    desk = client.acting_for(cast.claire).get("/").text
    assert format_number(TOTAL) in desk
    assert "40,0\u00a0%" in desk
    clock.stand_on(TODAY)

    figures = progress_of([clause for clause, _ in teams], TODAY)
    for clause, placements in teams:
        of_the_clause = counted_in_sql("e.clause_id = :clause", clause=clause.id)
        assert of_the_clause == TOTAL / EMPLOYERS
        beside = Decimal("1200.10") + Decimal("999.90")
        assert figures[clause.id].counted == of_the_clause + beside
        shown = client.get(f"/marches/{clause.contract_id}").text
        assert format_hours(of_the_clause + beside) in shown
        assert sum(counted_by_placement([one.id for one in placements]).values()) == of_the_clause + beside

    clause = teams[0][0]
    certificate = issue(
        clause,
        Order(Kind.INTERIM),
        Office("Département", b"key"),
        cast.claire.person_id,
        morning(TODAY),
        TODAY,
        lambda _: b"%PDF",
    )
    assert certificate.facts["counted"] == str(figures[clause.id].counted)
    assert certificate.facts["refused"] == "60.60"
    assert certificate.facts["not_counted"] == "60.60"
