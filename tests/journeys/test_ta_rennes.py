"""The case judged in Rennes: 490 hours due, apprentices put to work without prior approval, 70 hours that count.

The tribunal (decision published on 4 February 2026) admitted 70 hours of 490 for want of prior approval and of proof of
presence. Here each month is declared and decided through the pages; the pages then say why 420 hours do not count.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text

from tests import builders as a
from tracker.contracts.models import Clause
from tracker.hours.queries.progress import progress_of
from tracker.placements.models import Placement
from tracker.placements.rules import ContractType
from tracker.plumbing import clock
from tracker.plumbing.database import db

PRIOR, LATE = date(2025, 9, 1), date(2025, 12, 1)
END = date(2025, 12, 31)


@dataclass
class Case:
    """Inès was approved before her first hour; Hugo in December, months after his; Zoé never was."""

    clause: Clause
    ines: Placement
    hugo: Placement
    zoe: Placement


@pytest.fixture
def case(cast) -> Case:
    contract = a.a_contract(cast.buyer, [cast.guerin], object="Construction d’un gymnase, gros œuvre", ends_on=END)
    clause = a.a_clause(contract, cast.structure, due="490.00", facilitator=cast.claire.person)
    pledge = a.a_pledge(clause, cast.guerin)

    def apprentice(name: str, approved_on: date | None) -> Placement:
        person = a.a_participant(cast.structure, name, born_on=date(2004, 3, 2))
        decision = approved_on and a.a_decision(person, cast.claire.person, decided_on=approved_on)
        work = {"contract_type": ContractType.APPRENTICESHIP, "starts_on": PRIOR, "ends_on": date(2026, 8, 31)}
        return a.a_placement(pledge, person, decision, job="maçonnerie", **work)

    case = Case(
        clause, apprentice("Inès Moreau", PRIOR), apprentice("Hugo Petit", LATE), apprentice("Zoé Martin", None)
    )
    db.session.commit()
    return case


# What was worked: 490 hours, as many as were due.
MONTHS = {"2025-09": ("70", "100", "40"), "2025-10": (None, "100", "60"), "2025-11": (None, "80", "40")}


def declare(client, case: Case, month: str, hours: tuple[str | None, ...]) -> None:
    fields = {"action": "submit", f"honour-{case.clause.id}": "y"}
    for placement, typed in zip((case.ines, case.hugo, case.zoe), hours, strict=True):
        name = "hours" if typed else "none"
        fields[f"{name}-{placement.public_id}-0"] = typed or "1"
    assert client.send(f"/declarations/{month}", fields).status_code == 302


def accept(client, case: Case, address: str) -> None:
    people = (case.ines, case.hugo, case.zoe)
    fields = {f"decision-{one.public_id}-0": "accept" for one in people}
    assert client.send(address, {"version": "2", "action": "decide", **fields}).status_code == 302


def addresses() -> list[str]:
    found = db.session.execute(text("SELECT public_id FROM declaration ORDER BY month")).scalars()
    return [f"/declarations/a-valider/{public_id}" for public_id in found]


def plain(page) -> str:
    return page.text.replace("\u00a0", " ")


def test_of_490_hours_due_70_count_and_the_page_says_why(client, cast, case) -> None:
    clock.stand_on(date(2026, 1, 10))
    client.acting_for(cast.sophie)
    for month, hours in MONTHS.items():
        declare(client, case, month, hours)
    client.acting_for(cast.claire)
    september = addresses()[0]
    warned = plain(client.get(september))
    assert "100,00 h avant l’accord du 01/12/2025 : enregistrées, elles comptent pour zéro." in warned
    assert "40,00 h sans accord d’éligibilité : enregistrées, elles comptent pour zéro." in warned
    assert "TA Rennes, décision publiée le 4 février 2026 (490 h dues, 70 h admises)" in warned
    for address in addresses():
        accept(client, case, address)

    figures = progress_of([case.clause], clock.today())[case.clause.id]
    assert (figures.due, figures.declared, figures.accepted) == (490, 490, 490)
    assert (figures.counted, figures.remaining) == (Decimal("70.00"), Decimal("420.00"))
    assert db.session.execute(text("SELECT sum(hours) FROM ledger_entry")).scalar_one() == Decimal("70.00")

    shown = plain(client.get(f"/clauses/{case.clause.id}"))
    assert "70,00 h" in shown
    assert "Le marché est terminé : il manque 420,00 h." in shown
    for member in (cast.claire, cast.sophie):
        follow = plain(client.acting_for(member).get(september.replace("a-valider", "suivi")))
        assert "100,00 h acceptées ne comptent pas pour la clause" in follow
        assert "Travail du 01/09/2025, avant l’accord du 01/12/2025." in follow
        assert "Aucun accord d’éligibilité." in follow
        assert "TA Rennes, décision publiée le 4 février 2026" in follow
        assert "RSA" not in follow
