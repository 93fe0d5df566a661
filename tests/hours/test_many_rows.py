"""The pages of hours ask the database as often with ten placements as with three hundred."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from tests import builders as a
from tests.hours.sheets import declared
from tracker.accounts.models import Membership
from tracker.hours.models import Declaration
from tracker.placements.models import Placement
from tracker.plumbing import clock
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Month

pytestmark = pytest.mark.usefixtures("april")
AT_MOST = 12
MARCH, APRIL = Month(2026, 3), Month(2026, 4)


def people(cast, number: int) -> list[Placement]:
    placements = []
    for rank in range(number):
        person = a.a_participant(cast.structure, f"Prénom{rank} Nom{rank:03d}")
        placements.append(a.a_placement(cast.pledge, person, a.a_decision(person, cast.claire.person)))
    db.session.commit()
    return placements


def fields_of(cast, placements: list[Placement], action: str = "submit") -> dict[str, str]:
    hours = {f"hours-{placement.public_id}-0": "100" for placement in placements}
    return {**hours, "action": action, f"honour-{cast.clause.id}": "y"}


def asked(client, member: Membership, address: str, fields: dict[str, str] | None = None, status: int = 200) -> int:
    client.acting_for(member)
    answer = client.send(address, fields) if fields else client.get(address)
    assert answer.status_code == status
    return int(answer.headers["X-Statements"])


def counts_of_a_month(client, cast, month: Month, placements: list[Placement]) -> dict[str, int]:
    """Statements of each page, from the empty month to its follow-up."""
    clock.stand_on((month + 1).first_day)
    address, counts = f"/declarations/{month}", {}
    counts["empty"] = asked(client, cast.sophie, address)
    wrong = fields_of(cast, placements) | {f"hours-{placements[0].public_id}-0": "abc"}
    counts["refused"] = asked(client, cast.sophie, address, wrong, 422)
    counts["sent"] = asked(client, cast.sophie, address, fields_of(cast, placements), 302)
    declaration = db.session.scalars(select(Declaration).where(Declaration.month == month)).one()
    page = f"/declarations/a-valider/{declaration.public_id}"
    counts["review"] = asked(client, cast.claire, page)
    rulings = {f"decision-{placement.public_id}-0": "accept" for placement in placements}
    counts["decided"] = asked(client, cast.claire, page, {**rulings, "version": "2", "action": "decide"}, 302)
    counts["followed"] = asked(client, cast.sophie, f"/declarations/suivi/{declaration.public_id}")
    counts["read again"] = asked(client, cast.sophie, address)
    return counts


def test_a_month_from_empty_to_followed(client, cast) -> None:
    few = people(cast, 10)
    ten = counts_of_a_month(client, cast, MARCH, few)
    three_hundred = counts_of_a_month(client, cast, APRIL, few + people(cast, 290))
    assert ten == three_hundred
    writing = {"sent", "decided"}
    assert max(count for name, count in ten.items() if name not in writing) <= AT_MOST
    # The key of the form, the locks, the lines, their versions, the journal, and for a decision its message and job.
    assert (ten["sent"], ten["decided"]) <= (17, 23)


def test_the_list_of_declarations(client, cast) -> None:
    counts = []
    for month, number in ((Month(2026, 2), 10), (MARCH, 290)):
        people(cast, number)
        placed = db.session.scalars(select(Placement)).all()
        declared(cast.guerin.id, dict.fromkeys(placed, "100"), month)
        db.session.commit()
        counts.append([asked(client, member, "/declarations") for member in (cast.sophie, cast.claire)])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= AT_MOST


def test_a_long_history_turns_its_pages(client, cast):
    sent_at = datetime(2026, 4, 2, 8, 0, tzinfo=UTC)
    for back in range(60):
        row = {"employer": cast.guerin, "clause": cast.clause, "month": Month(2026, 3) - back, "created_at": sent_at}
        db.session.add(Declaration(state="accepted", attested=True, submitted_at=sent_at, **row))
    db.session.commit()
    claire = client.acting_for(cast.claire)
    first, second = claire.get("/declarations").text, claire.get("/declarations?page=2").text
    assert "/declarations?page=2" in first
    assert "Mars 2026" in first.replace("\u00a0", " ")
    assert "Mars 2026" not in second.replace("\u00a0", " ")
    assert "Avril 2021" in second.replace("\u00a0", " ")
