"""The files of a structure's people: found by name, opened by those in charge, each opening noted."""

from datetime import date

import pytest
from sqlalchemy import select

from tests import builders as a
from tracker.accounts.models import Reading
from tracker.participants.queries import near_duplicates
from tracker.participants.rules.identity import IdentityDraft
from tracker.plumbing import clock
from tracker.plumbing.database import db


@pytest.fixture
def amina(communes, cast):
    clock.stand_on(a.TODAY)
    person = a.a_participant(cast.structure, "Amina N’Diallo-Évrard")
    decision = a.a_decision(person, cast.claire.person, other_categories=["qpv"])
    a.a_placement(cast.pledge, person, decision)
    return person


NAMES = (
    ("evrard", True),
    ("ÉVRARD amina", True),
    ("n'diallo", True),
    ("ami", True),
    ("karim", False),
    ("amina karim", False),
    ("%", True),
    ("", True),
)


@pytest.mark.parametrize(("text", "is_found"), NAMES)
def test_somebody_is_found_by_name_without_accents(client, cast, amina, text, is_found):
    page = client.acting_for(cast.claire).get("/participants", query_string={"q": text}).text
    assert ("N’Diallo-Évrard Amina" in page) is is_found


def test_a_file_gathers_identity_decisions_placements_and_journal(client, cast, amina):
    page = client.acting_for(cast.claire).get(f"/participants/{amina.public_id}").text
    for said in (
        "17/05/1990",
        "Tours (37)",
        "Accord\u00a0: Allocataires du RSA ou leurs ayants droit",
        "Autres catégories\u00a0: Habitants d’un quartier prioritaire éloignés de l’emploi.",
        "vu le 28/08/2025 par Claire Morvan",
        "Guérin Construction",
        "Accord du 01/09/2025",
        "Journal",
    ):
        assert said in page


def test_opening_a_file_is_noted(client, cast, amina):
    client.acting_for(cast.administrator).get(f"/participants/{amina.public_id}")
    (reading,) = db.session.scalars(select(Reading)).all()
    assert (reading.person_id, reading.about_kind) == (cast.administrator.person_id, "participant")
    assert reading.about_id == amina.id


def test_a_commune_that_the_list_does_not_know_is_said_by_its_code(client, cast, amina):
    amina.commune_code = "99999"
    client.acting_for(cast.claire)
    for address in ("/participants", f"/participants/{amina.public_id}"):
        assert "99999" in client.get(address).text


SEERS = (("claire", 200), ("administrator", 200), ("other_facilitator", 404), ("sophie", 403), ("observer", 403))


@pytest.mark.parametrize(("who", "status"), SEERS)
def test_a_file_is_for_the_structure_in_charge(client, cast, amina, who, status):
    assert client.acting_for(getattr(cast, who)).get(f"/participants/{amina.public_id}").status_code == status


def test_another_structure_does_not_list_it(client, cast, amina):
    assert "Évrard" not in client.acting_for(cast.other_facilitator).get("/participants").text


DOUBLES = (
    ("Aminata", "N’Diallo", date(1990, 5, 17), True),
    ("Evrard", "Amina", date(1990, 5, 17), True),
    ("Amina", "N’Diallo-Évrard", date(1990, 5, 18), False),
    ("Karim", "Benali", date(1990, 5, 17), False),
    ("", "", date(1990, 5, 17), False),
    ("Amina", "N’Diallo", None, False),
)


@pytest.mark.parametrize(("given", "family", "born_on", "is_near"), DOUBLES)
def test_a_near_duplicate_shares_the_birth_date_and_a_name(cast, amina, given, family, born_on, is_near):
    draft = IdentityDraft(given_name=given, family_name=family, born_on=born_on)
    assert (near_duplicates(cast.structure.id, draft) == [amina]) is is_near
