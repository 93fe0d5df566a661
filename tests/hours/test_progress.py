"""Where a clause stands: the page's figures are those of plain SQL, whatever was declared."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text

from tests import builders as a
from tests.hours.sheets import decided, declared
from tracker.accounts.queries import viewer_of
from tracker.accounts.rules import Role
from tracker.contracts.models import Clause
from tracker.hours.queries.ledger import counted_by_month, counted_by_placement
from tracker.hours.queries.progress import progress_of
from tracker.hours.queries.years import counted_of_year
from tracker.hours.rules.decisions import LineDecision, Ruling
from tracker.participants.rules.decisions import RsaStatus
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Month

pytestmark = pytest.mark.usefixtures("april")
TODAY = date(2026, 4, 8)
BACK = LineDecision(Ruling.RETURN, message="À revoir.")
NO = LineDecision(Ruling.REFUSE, message="Hors du marché.")


def figures(clause_id: int) -> dict[str, Decimal]:
    """The same figures by plain SQL, written apart."""
    row = db.session.execute(
        text("""
            SELECT coalesce(sum(l.declared_hours) FILTER (WHERE l.state <> 'draft'), 0) AS declared,
                   coalesce(sum(l.accepted_hours), 0) AS accepted,
                   coalesce(sum(l.declared_hours) FILTER (WHERE l.state = 'refused'), 0) AS refused,
                   (SELECT coalesce(sum(hours), 0) FROM ledger_entry WHERE clause_id = :clause) AS counted,
                   (SELECT coalesce(sum(hours), 0) FROM obligation_event WHERE clause_id = :clause) AS due
            FROM hours_line l JOIN declaration d ON d.id = l.declaration_id WHERE d.clause_id = :clause
        """),
        {"clause": clause_id},
    ).one()
    return dict(row._mapping)


def shown(clause: Clause) -> dict[str, Decimal]:
    one = progress_of([clause], TODAY)[clause.id]
    return {name: getattr(one, name) for name in ("declared", "accepted", "refused", "counted", "due")}


@pytest.mark.parametrize(
    ("hours", "rulings"),
    [
        (["144.00", None, "90.25", "120.10"], {}),
        (["144.00", "10.01", "90.25", "120.10"], {"Petit": NO}),
        (["0.01", "50", "0.99", "160.60"], {"Diallo": BACK, "Petit": NO}),
        (["144.00", "10.01", "90.25", "120.10"], {"Diallo": NO, "Benali": NO, "Petit": NO}),
        (["151.67", None, "33.33", None], {"Benali": BACK}),
    ],
)
def test_progress_equals_plain_sql(cast, crew, hours, rulings) -> None:
    first, before, after, last = hours
    lines = {crew.amina: first, crew.karim: [before, after], crew.lucas: last}
    (declaration,) = declared(cast.guerin.id, lines)
    assert shown(cast.clause) == figures(cast.clause.id)
    decided(declaration, cast.claire.person_id, **rulings)
    db.session.flush()
    assert shown(cast.clause) == figures(cast.clause.id)
    one = progress_of([cast.clause], TODAY)[cast.clause.id]
    assert one.counted <= one.accepted <= one.declared
    assert one.pending == one.declared - one.accepted - one.refused


def test_a_draft_is_not_declared(client, cast, amina) -> None:
    fields = {"action": "save", f"hours-{amina.public_id}-0": "100"}
    client.acting_for(cast.sophie).send("/declarations/2026-03", fields)
    assert shown(cast.clause)["declared"] == Decimal("0.00")


def test_projection_and_expectation_stand_on_the_same_day(cast, amina) -> None:
    for number in (1, 2, 3):
        (declaration,) = declared(cast.guerin.id, {amina: "140"}, Month(2026, number))
        decided(declaration, cast.claire.person_id)
    one = progress_of([cast.clause], TODAY)[cast.clause.id]
    assert one.counted == Decimal("420.00")
    # 220 days of 426 are gone; seven months remain at 140 hours.
    assert one.expected == Decimal("2685.45")
    assert one.projected == Decimal("1400.00")
    assert counted_by_month([cast.clause.id]) == {
        cast.clause.id: {Month(2026, number): Decimal("140.00") for number in (1, 2, 3)}
    }
    assert counted_by_placement([amina.id, 0]) == {amina.id: Decimal("420.00"), 0: Decimal("0.00")}


def test_a_clause_without_anything_stands_at_zero(cast) -> None:
    assert shown(cast.clause) == figures(cast.clause.id) | {"due": Decimal("5200.00")}
    assert progress_of([], TODAY) == {}


def the_year(cast, member):
    viewer = viewer_of(member.person.fs_uniquifier, member.id, TODAY)
    assert viewer is not None
    return counted_of_year(2026, viewer)


def test_the_year_by_rsa_is_for_those_in_charge(cast, amina) -> None:
    shares = {"Un Conjoint": RsaStatus.PARTNER, "Deux Ayant": RsaStatus.DEPENDANT, "Trois Sans": RsaStatus.NONE}
    lines = {amina: "100"}
    for number, (name, status) in enumerate(shares.items(), start=1):
        person = a.a_participant(cast.structure, name)
        category = "deld" if status is RsaStatus.NONE else "rsa"
        decision = a.a_decision(person, cast.claire.person, rsa_status=status, main_category=category)
        lines[a.a_placement(cast.pledge, person, decision)] = f"{number}0.50"
    (declaration,) = declared(cast.guerin.id, lines)
    decided(declaration, cast.claire.person_id)
    (none_worked,) = declared(cast.guerin.id, dict.fromkeys(lines), Month(2025, 12), TODAY)
    decided(none_worked, cast.claire.person_id)
    db.session.commit()
    year = the_year(cast, cast.claire)
    assert (year.counted, year.rsa, year.participants) == (Decimal("161.50"), Decimal("110.50"), 4)
    assert the_year(cast, cast.administrator) == year
    assert (the_year(cast, cast.helene).counted, the_year(cast, cast.helene).rsa) == (Decimal("161.50"), None)
    assert the_year(cast, cast.observer).rsa is None
    assert the_year(cast, cast.other_facilitator).counted == 0
    assert the_year(cast, cast.rival).participants == 0


def test_a_status_lost_later_changes_nothing(cast, amina) -> None:
    (declaration,) = declared(cast.guerin.id, {amina: "100"})
    decided(declaration, cast.claire.person_id)
    a.a_decision(amina.participant, cast.claire.person, rsa_status=RsaStatus.NONE, main_category="deld")
    assert the_year(cast, cast.claire).rsa == Decimal("100.00")
    assert cast.claire.role is Role.FACILITATOR
