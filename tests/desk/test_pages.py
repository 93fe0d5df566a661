"""The desk of each role, the pages open to all."""

import pytest

from tests import builders as a
from tracker.plumbing import clock
from tracker.plumbing.database import db

PUBLIC = ("/accessibilite", "/mentions-legales", "/donnees-personnelles", "/plan-du-site", "/code-source", "/planche")


@pytest.fixture(autouse=True)
def _on_the_eighth_of_april():
    clock.stand_on(a.TODAY)


@pytest.mark.parametrize("address", PUBLIC)
def test_pages_of_the_law_are_open_to_all(client, address):
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("who", ["claire", "helene", "sophie", "prescriber", "administrator", "observer"])
def test_each_role_has_its_desk(client, cast, who):
    page = client.acting_for(getattr(cast, who)).get("/")
    assert page.status_code == 200
    assert "À faire" in page.text
    assert int(page.headers["X-Statements"]) <= 12


def test_a_proposed_person_waits_on_the_facilitator_s_desk(client, cast):
    a.a_placement(cast.pledge, a.a_participant(cast.structure, "Yanis Ferhat"), None)
    db.session.commit()
    page = client.acting_for(cast.claire).get("/").text
    assert "Yanis Ferhat" in page
    assert "éligibilité à vérifier" in page
    assert "1 dossier attend de votre part" in page.replace("\u00a0", " ")


def test_the_same_person_waits_at_the_facilitator_for_the_employer(client, cast):
    a.a_placement(cast.pledge, a.a_participant(cast.structure, "Yanis Ferhat"), None)
    db.session.commit()
    assert "À la facilitation" in client.acting_for(cast.sophie).get("/").text


def test_another_structure_s_desk_is_empty(client, cast):
    a.a_placement(cast.pledge, a.a_participant(cast.structure, "Yanis Ferhat"), None)
    db.session.commit()
    page = client.acting_for(cast.other_facilitator).get("/").text
    assert "Yanis Ferhat" not in page
    assert "Rien n’attend" in page


def test_the_desk_asks_the_same_number_of_statements_for_ten_and_a_hundred_people(client, cast):
    claire = client.acting_for(cast.claire)
    counts = []
    for people in (10, 90):
        for _ in range(people):
            a.a_placement(cast.pledge, a.a_participant(cast.structure), None)
        db.session.commit()
        counts.append(claire.get("/").headers["X-Statements"])
    assert counts[0] == counts[1]


def test_somebody_without_an_account_is_asked_to_sign_in(client):
    assert client.get("/").status_code == 401
