"""A clause is registered from its contract's page: the sum first, then the clause and a pledge for each holder."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests import builders as a
from tracker.accounts.queries import journal_of
from tracker.accounts.rules import Role
from tracker.contracts.models import Clause
from tracker.contracts.queries.clauses import events_of
from tracker.contracts.rules.levers import Ccag
from tracker.contracts.rules.obligations import due_on
from tracker.pledges.queries import pledges_of
from tracker.plumbing.database import db

N = "\u00a0"
WHOLE = {
    "lever": "execution_condition",
    "article": "CCAP, article 8.2",
    "perimeter": "tout le lot",
    "edition": "EPEC-2021",
    "means": ["direct_hire", "hiring_out"],
    "rhythm": "quarterly",
    "deposit_day": "15",
    "facilitator": "",
    "facilitator_contact": "Claire Morvan, 02 00 00 00 00",
    "starts_on": "01/09/2025",
    "ends_on": "31/10/2026",
    "basis": "fixed",
    "due_hours": "490",
}
SUM = WHOLE | {
    "due_hours": "",
    "basis": "amount",
    "amount": "1 000 000",
    "labour_share": "50",
    "effort": "5",
    "hourly_cost": "30",
}


@pytest.fixture
def bare(cast):
    """A contract of Hélène's, without a clause yet."""
    contract = a.a_contract(cast.buyer, [cast.guerin])
    db.session.commit()
    return contract


def page_of(contract) -> str:
    return f"/marches/{contract.id}/clauses/nouvelle"


def clauses_of(contract) -> list[Clause]:
    return list(db.session.scalars(select(Clause).where(Clause.contract_id == contract.id).order_by(Clause.id)))


def due(clause: Clause) -> Decimal:
    return due_on(events_of([clause.id])[clause.id], date(2026, 4, 8))


def test_a_buyer_registers_a_clause_and_its_holder_is_pledged(client, cast, bare):
    answer = client.acting_for(cast.helene).send(page_of(bare), WHOLE | {"facilitator": str(cast.claire.id)})
    (clause,) = clauses_of(bare)
    assert (answer.status_code, answer.location) == (302, f"/clauses/{clause.id}")
    assert (clause.facilitator_id, clause.structure_id) == (cast.claire.person_id, cast.structure.id)
    assert (clause.means, clause.rhythm, clause.deposit_day) == (["direct_hire", "hiring_out"], "quarterly", 15)
    assert due(clause) == Decimal("490.00")
    (pledge,) = pledges_of([clause.id])[clause.id]
    assert (pledge.organisation_id, pledge.structure_id) == (cast.guerin.id, cast.structure.id)
    assert (pledge.share_hours, pledge.made_on) == (None, date(2025, 9, 1))


def test_without_a_facilitator_whoever_registers_carries_the_clause(client, cast, bare):
    client.acting_for(cast.helene).send(page_of(bare), WHOLE)
    (clause,) = clauses_of(bare)
    assert (clause.facilitator_id, clause.structure_id) == (None, cast.buyer.id)


def test_the_offer_binds_when_it_is_higher(client, cast, bare):
    client.acting_for(cast.claire).send(page_of(bare), WHOLE | {"offered_hours": "600,50"})
    assert [due(clause) for clause in clauses_of(bare)] == [Decimal("600.50")]


def test_the_sum_is_shown_before_anything_is_saved(client, cast, bare):
    page = client.acting_for(cast.claire).send(page_of(bare), SUM | {"calculate": "1"})
    assert page.status_code == 200
    for said in (
        f"1{N}000{N}000,00{N}€",
        f"500{N}000,00{N}€",
        f"25{N}000,00{N}€",
        f"833{N}h",
        "119,00",
        "0,52",
        f"1{N}607{N}h",
    ):
        assert said in page.text
    assert clauses_of(bare) == []


def test_whoever_asks_for_the_sum_without_typing_hours_wants_it_from_the_amount(client, cast, bare):
    page = client.acting_for(cast.claire).send(page_of(bare), SUM | {"basis": "fixed", "calculate": "1"})
    chosen = next(line for line in page.text.split("<input") if 'name="basis"' in line and "checked" in line)
    assert 'value="amount"' in chosen
    assert f"833{N}h" in page.text


def test_the_sum_of_typed_hours_shows_that_the_offer_binds(client, cast, bare):
    page = client.acting_for(cast.claire).send(page_of(bare), WHOLE | {"offered_hours": "600", "calculate": "1"})
    for said in (f"490{N}h", f"600{N}h", "85,71"):
        assert said in page.text


def test_calculated_hours_are_saved_with_what_made_them(client, cast, bare):
    client.acting_for(cast.claire).send(page_of(bare), SUM)
    (clause,) = clauses_of(bare)
    assert due(clause) == Decimal("833.00")
    (event,) = events_of([clause.id])[clause.id]
    assert event.inputs["labour_share"] == "0.5"
    assert (event.inputs["basis"], event.inputs["amount"]) == ("amount", "1000000")


def test_a_sum_asked_of_an_unfinished_clause_says_only_what_the_sum_lacks(client, cast, bare):
    half = {"calculate": "1", "basis": "fixed", "amount": "1 000 000", "labour_share": "50", "effort": "5"}
    page = client.acting_for(cast.claire).send(page_of(bare), half)
    assert page.status_code == 422
    assert "Indiquez le coût d’une heure" in page.text
    assert "Cochez au moins une modalité" not in page.text
    assert "Un point à corriger" in page.text


def test_the_page_is_filled_with_what_the_contract_says(client, cast, bare):
    page = client.acting_for(cast.claire).get(page_of(bare))
    assert page.status_code == 200
    for known in ('value="01/09/2025"', 'value="31/10/2026"', f'value="1{N}500{N}000,00"', "Claire Morvan"):
        assert known in page.text


def test_an_end_nobody_published_is_reckoned_from_the_duration(client, cast):
    contract = a.a_contract(cast.buyer, [cast.guerin], starts_on=None, ends_on=None, duration_months=12)
    page = client.acting_for(cast.claire).get(page_of(contract))
    assert 'value="31/08/2026"' in page.text


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ({"perimeter": ""}, "Indiquez le périmètre de la clause"),
        ({"due_hours": ""}, "Indiquez les heures dues ou leur formule"),
        (
            {"facilitator_contact": "", "facilitator": "claire"},
            "Indiquez comment joindre la facilitatrice ou le facilitateur",
        ),
    ],
)
def test_what_a_ccag_of_2021_demands_is_demanded(client, cast, bare, missing, said):
    if "facilitator" in missing:
        missing = missing | {"facilitator": str(cast.claire.id)}
    page = client.acting_for(cast.claire).send(page_of(bare), WHOLE | missing)
    assert page.status_code == 422
    assert f"{said}{N}: le CCAG de 2021 le demande." in page.text
    assert clauses_of(bare) == []


def test_elsewhere_it_is_saved_and_said_to_be_completed(client, cast):
    contract = a.a_contract(cast.buyer, [cast.guerin], ccag=Ccag.NONE)
    client.acting_for(cast.claire).send(page_of(contract), WHOLE | {"perimeter": "", "due_hours": ""})
    (clause,) = clauses_of(contract)
    page = client.get(f"/clauses/{clause.id}")
    assert f"Indiquez le périmètre de la clause{N}: à compléter." in page.text
    assert due(clause) == 0


def test_every_objection_comes_at_once_and_what_was_typed_stays(client, cast, bare):
    wrong = WHOLE | {"means": [], "deposit_day": "31", "ends_on": "01/01/2025", "article": "CCAP, article 9"}
    page = client.acting_for(cast.claire).send(page_of(bare), wrong)
    assert page.status_code == 422
    assert "3 points à corriger" in page.text
    assert 'value="CCAP, article 9"' in page.text
    assert 'value="31"' in page.text


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("starts_on", "le 1er mars", "Début d’exécution\u00a0: écrivez une date comme 12/03/2026."),
        ("due_hours", "beaucoup", "Écrivez un nombre d’heures"),
        ("due_hours", "999999999", "Ces heures dépassent ce qu’un marché peut porter"),
        ("deposit_day", "1,5", "décimales au plus"),
        ("lever", "magic", "dans la liste"),
        ("facilitator", "999999", "dans la liste"),
    ],
)
def test_what_cannot_be_read_has_one_french_sentence(client, cast, bare, field, typed, said):
    page = client.acting_for(cast.claire).send(page_of(bare), WHOLE | {field: typed})
    assert page.status_code == 422
    assert said in page.text
    assert clauses_of(bare) == []


def test_a_grouping_shares_the_hours_in_whole_hours(client, cast):
    others = [a.an_organisation("Bois et Toits"), a.an_organisation("Couleurs du Nord")]
    contract = a.a_contract(cast.buyer, [cast.guerin, *others])
    client.acting_for(cast.claire).send(page_of(contract), WHOLE | {"due_hours": "1000"})
    (clause,) = clauses_of(contract)
    shares = [pledge.share_hours for pledge in pledges_of([clause.id])[clause.id]]
    assert shares == [Decimal(334), Decimal(333), Decimal(333)]


def test_a_contract_may_bear_a_second_clause(client, cast):
    client.acting_for(cast.claire).send(page_of(cast.contract), WHOLE)
    assert len(clauses_of(cast.contract)) == 2


def test_a_form_sent_twice_registers_one_clause(client, cast, bare):
    client.acting_for(cast.claire)
    first, second = (client.send(page_of(bare), WHOLE) for _ in range(2))
    assert len(clauses_of(bare)) == 1
    assert first.location == second.location


def test_the_journal_says_who_registered_it(client, cast, bare):
    client.acting_for(cast.helene).send(page_of(bare), WHOLE)
    (clause,) = clauses_of(bare)
    entries = {entry.verb: entry for entry in journal_of(("clause", clause.id))}
    assert entries["clause_registered"].person_id == cast.helene.person_id
    assert entries["pledges_made"].facts == {"pledges": 1}


@pytest.mark.parametrize(
    ("persona", "status"),
    [("other_buyer", 404), ("other_facilitator", 404), ("sophie", 403), ("observer", 403), ("administrator", 200)],
)
def test_a_contract_of_others_is_not_theirs_to_bind(client, cast, persona, status):
    assert client.acting_for(getattr(cast, persona)).get(page_of(cast.contract)).status_code == status


def test_the_page_costs_the_same_with_a_thousand_facilitators(client, cast, bare):
    client.acting_for(cast.administrator)
    before = int(client.get(page_of(bare)).headers["X-Statements"])
    for _ in range(50):
        a.a_membership(Role.FACILITATOR, cast.structure)
    assert int(client.get(page_of(bare)).headers["X-Statements"]) == before <= 12
