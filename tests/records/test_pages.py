"""A contract's page and a clause's page, for each of those around it."""

import pytest

from tests import builders as a
from tracker.plumbing import clock
from tracker.plumbing.database import db


@pytest.fixture(autouse=True)
def _on_the_eighth_of_april():
    clock.stand_on(a.TODAY)


@pytest.fixture
def amina(cast):
    """Amina Diallo, at work under the clause."""
    participant = a.a_participant(cast.structure)
    placement = a.a_placement(cast.pledge, participant, a.a_decision(participant, cast.claire.person))
    db.session.commit()
    return placement


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("claire", 200),
        ("helene", 200),
        ("sophie", 200),
        ("administrator", 200),
        ("observer", 200),
        ("rival", 404),
        ("other_buyer", 404),
        ("other_facilitator", 404),
        ("prescriber", 403),
    ],
)
def test_a_contract_and_its_clause_open_to_those_they_concern(client, cast, who, status):
    somebody = client.acting_for(getattr(cast, who))
    assert somebody.get(f"/marches/{cast.contract.id}").status_code == status
    assert somebody.get(f"/clauses/{cast.clause.id}").status_code == status


@pytest.mark.parametrize(
    ("who", "reads"),
    [("claire", True), ("sophie", True), ("administrator", True), ("helene", False), ("observer", False)],
)
def test_names_stand_for_those_alone_who_may_read_them(client, cast, amina, who, reads):
    somebody = client.acting_for(getattr(cast, who))
    for address in (f"/marches/{cast.contract.id}", f"/clauses/{cast.clause.id}"):
        assert ("Amina Diallo" in somebody.get(address).text) is reads


def test_another_employer_s_people_stay_unread_by_the_holder(client, cast):
    etti = a.an_organisation("Intérim Passerelle")
    a.a_placement(cast.pledge, a.a_participant(cast.structure, "Teddy Morel"), None, employer=etti)
    db.session.commit()
    assert "Teddy Morel" not in client.acting_for(cast.sophie).get(f"/clauses/{cast.clause.id}").text


def test_the_contract_s_page_asks_the_same_number_of_statements_whatever_it_holds(client, cast, amina):
    claire = client.acting_for(cast.claire)
    first = int(claire.get(f"/marches/{cast.contract.id}").headers["X-Statements"])
    for _ in range(10):
        clause = a.a_clause(cast.contract, cast.structure)
        pledge = a.a_pledge(clause, cast.guerin)
        for _ in range(3):
            participant = a.a_participant(cast.structure)
            a.a_placement(pledge, participant, a.a_decision(participant, cast.claire.person))
    db.session.commit()
    page = claire.get(f"/marches/{cast.contract.id}")
    assert int(page.headers["X-Statements"]) == first
    assert first <= 12


def test_what_is_unknown_is_to_be_completed(client, cast):
    bare = a.a_contract(cast.buyer, [], notified_on=None, starts_on=None, ends_on=None, amount=None, published_on=None)
    db.session.commit()
    page = client.acting_for(cast.helene).get(f"/marches/{bare.id}").text
    assert page.count("à compléter") >= 3
    assert "Enregistrer une clause" in page
