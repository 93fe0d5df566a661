"""Lists of declarations, months that wait, and what each side reads of a decision."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import builders as a
from tests.hours.sheets import MARCH, decided, declared
from tests.hours.test_progress import figures, shown
from tracker.accounts.queries import viewer_of
from tracker.contracts.rules.levers import Rhythm
from tracker.hours.queries.declarations import waiting_declarations
from tracker.hours.queries.months import months_to_declare, pages_to_declare
from tracker.hours.rules.decisions import LineDecision, Ruling
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Month

pytestmark = pytest.mark.usefixtures("april")
TODAY = date(2026, 4, 8)


def waiting(employer_id: int) -> list[tuple[str, int, date]]:
    return [(str(one.month), one.placements, one.due_on) for one in months_to_declare(employer_id, TODAY)]


def test_every_month_in_post_waits_until_it_is_sent(cast, amina) -> None:
    months = [month for month, _, _ in waiting(cast.guerin.id)]
    assert months == ["2025-09", "2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04"]
    (declaration,) = declared(cast.guerin.id, {amina: "144"})
    assert "2026-03" not in [month for month, _, _ in waiting(cast.guerin.id)]
    decided(declaration, Diallo=LineDecision(Ruling.RETURN, message="À revoir."))
    assert ("2026-03", 1, date(2026, 4, 15)) in waiting(cast.guerin.id)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "months"),
    [
        (date(2026, 3, 31), None, ["2026-03", "2026-04"]),
        (date(2026, 4, 8), None, ["2026-04"]),
        (date(2026, 5, 1), None, []),
        (date(2025, 9, 15), date(2025, 10, 1), ["2025-09", "2025-10"]),
        (date(2025, 8, 1), date(2025, 8, 31), []),
        (date(2025, 7, 1), date(2025, 9, 1), ["2025-09"]),
    ],
)
def test_a_month_waits_while_in_post_and_within_the_contract(cast, amina, starts_on, ends_on, months) -> None:
    amina.starts_on, amina.ends_on = starts_on, ends_on
    assert [month for month, _, _ in waiting(cast.guerin.id)] == months


def test_a_refused_placement_waits_for_nothing(cast, crew) -> None:
    for placement in (crew.amina, crew.karim):
        placement.ends_on = date(2026, 3, 2)
    crew.lucas.refused_at, crew.lucas.refusal_reason = a.NOW, "Déjà dans l’effectif."
    assert ("2026-03", 2, date(2026, 4, 15)) in waiting(cast.guerin.id)


def test_a_quarter_is_due_after_its_last_month(cast, amina) -> None:
    cast.clause.rhythm, cast.clause.deposit_day = Rhythm.QUARTERLY, 10
    by_month = {month: due_on for month, _, due_on in waiting(cast.guerin.id)}
    assert (by_month["2026-01"], by_month["2026-04"]) == (date(2026, 4, 10), date(2026, 7, 10))


def test_one_page_a_month_whatever_the_clauses(cast, amina) -> None:
    second = a.a_clause(a.a_contract(cast.buyer, [cast.guerin], object="Voirie"), cast.structure, deposit_day=5)
    person = a.a_participant(cast.structure, "Teddy Morel")
    a.a_placement(a.a_pledge(second, cast.guerin), person, None, starts_on=date(2026, 3, 2))
    pages = {str(page.month): page for page in pages_to_declare(cast.guerin.id, TODAY)}
    assert (pages["2026-03"].placements, len(pages["2026-03"].clauses)) == (2, 2)
    assert pages["2026-03"].due_on == date(2026, 4, 5)
    assert len(pages["2026-02"].clauses) == 1


def test_each_side_sees_what_waits_for_it(client, cast, amina) -> None:
    (declaration,) = declared(cast.guerin.id, {amina: "144"}, by=cast.sophie.person_id)
    db.session.commit()
    assert waits_for(cast.claire) == [declaration.id]
    assert waits_for(cast.sophie) == []
    assert waits_for(cast.other_facilitator) == []
    page = client.acting_for(cast.claire).get("/declarations")
    assert "déclaration à valider" in page.text
    assert "Guérin Construction, mars 2026" in page.text
    decided(declaration, Diallo=LineDecision(Ruling.RETURN, message="À revoir."))
    db.session.commit()
    assert waits_for(cast.claire) == []
    assert waits_for(cast.sophie) == [declaration.id]
    assert "déclaration à corriger" in client.acting_for(cast.sophie).get("/declarations").text


def waits_for(member) -> list[int]:
    viewer = viewer_of(member.person.fs_uniquifier, member.id, TODAY)
    assert viewer is not None
    return [declaration.id for declaration in waiting_declarations(viewer)]


def test_a_facilitator_never_sees_a_draft(client, cast, amina) -> None:
    client.acting_for(cast.sophie).send("/declarations/2026-03", {"action": "save", f"hours-{amina.public_id}-0": "10"})
    assert "Brouillon" in client.get("/declarations").text
    page = client.acting_for(cast.claire).get("/declarations")
    assert "Aucune déclaration" in page.text


def test_the_history_turns_its_pages(client, cast, amina) -> None:
    for rank in range(51):
        employer = a.an_organisation(f"Entreprise {rank:02d}")
        person = a.a_participant(cast.structure, f"Personne{rank} Test")
        placement = a.a_placement(a.a_pledge(cast.clause, employer), person, None)
        declared(employer.id, {placement: "10"})
    db.session.commit()
    client.acting_for(cast.claire)
    first, second = client.get("/declarations").text, client.get("/declarations?page=2").text
    assert "51\u00a0déclarations" in first
    assert "/declarations?page=2" in first
    assert second.count("/declarations/suivi/") == 1


def test_a_line_that_counts_says_why_to_its_employer_without_its_category(client, cast, amina) -> None:
    (declaration,) = declared(cast.guerin.id, {amina: "144"}, by=cast.sophie.person_id)
    decided(declaration, cast.claire.person_id)
    db.session.commit()
    page = client.acting_for(cast.sophie).get(f"/declarations/suivi/{declaration.public_id}").text
    assert "Pourquoi 144,00\u00a0h comptent" in page
    assert "Accord du 01/09/2025, au plus tard le premier jour de la ligne." in page
    for word in ("RSA", "rsa", "allocataire", "Allocataire", "catégorie", "handicap"):
        assert word not in page


HOURS = st.one_of(st.none(), st.decimals(Decimal("0.01"), Decimal("230.00"), places=2).map(str))
RULINGS = st.sampled_from(Ruling)


@given(st.lists(st.tuples(HOURS, RULINGS), min_size=1, max_size=6))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_declared_and_decided_progress_is_plain_sql(cast, amina, months) -> None:
    for number, (hours, ruling) in enumerate(months):
        month = Month(2025, 10) + number
        (declaration,) = declared(cast.guerin.id, {amina: hours}, month, TODAY)
        decided(declaration, cast.claire.person_id, Diallo=LineDecision(ruling, message="Motif."))
    db.session.flush()
    assert shown(cast.clause) == figures(cast.clause.id)
    db.session.rollback()


def test_the_month_is_the_one_of_the_page(cast, amina) -> None:
    assert declared(cast.guerin.id, {amina: "1"})[0].month == MARCH
