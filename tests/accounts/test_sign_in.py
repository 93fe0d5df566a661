"""Signing in by password, leaving, and acting for one organisation at a time."""

from datetime import timedelta

import pytest
import time_machine

from tests import builders as a
from tracker.accounts import actions
from tracker.accounts.rules import ATTEMPT_WINDOW, SIGN_INS_PER_ADDRESS, OrganisationKind, Role
from tracker.plumbing.database import db

PASSWORD = "une phrase assez longue"
WRONG = "L’adresse ou le mot de passe ne correspond pas."
NOON = "2026-04-08 12:00+02:00"


@pytest.fixture
def nora(app):
    """Somebody with a password, who buys for one commune."""
    person = actions.add_person("nora.petit@vernay.fr", "Nora", "Petit", a.NOW, PASSWORD)
    a.a_membership(Role.OFFICER, a.an_organisation("Commune de Vernay", OrganisationKind.BUYER), person)
    db.session.commit()
    return person


def sign_in(client, email: str = "nora.petit@vernay.fr", password: str = PASSWORD, suite: str = ""):
    return client.send(f"/connexion{suite}", {"email": email, "password": password})


@pytest.mark.parametrize("email", ["nora.petit@vernay.fr", "Nora.Petit@Vernay.FR", "  nora.petit@vernay.fr "])
def test_the_right_password_opens_the_desk(client, nora, email):
    answer = sign_in(client, email)
    assert (answer.status_code, answer.location) == (302, "/")
    assert "Nora Petit" in client.get("/").text


def body_of(answer) -> str:
    """The page without what differs from one page to the next: its keys, and what was typed."""
    return answer.text.split("<main")[1].split('<input id="csrf')[0].split("value=")[0] + str(answer.status_code)


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, nora):
    inactive = actions.add_person("parti@vernay.fr", "Paul", "Parti", a.NOW, PASSWORD)
    inactive.active = False
    actions.add_person("lien@vernay.fr", "Léa", "Lien", a.NOW)
    answers = [
        sign_in(client, password="autre chose encore"),
        sign_in(client, "personne@vernay.fr"),
        sign_in(client, "parti@vernay.fr"),
        sign_in(client, "lien@vernay.fr"),
        sign_in(client, "lien@vernay.fr\x00"),
    ]
    assert all(answer.status_code == 422 and WRONG in answer.text for answer in answers)
    assert len({body_of(answer) for answer in answers}) == 1
    assert client.get("/").status_code == 401


def test_an_address_is_refused_after_its_last_try_until_the_window_ends(client, nora, monkeypatch):
    # The cost of hashing is not what is under test.
    monkeypatch.setattr("tracker.accounts.views.verify_and_update_password", lambda given, _: given == PASSWORD)
    with time_machine.travel(NOON, tick=False) as traveller:
        tries = [sign_in(client, password="non").status_code for _ in range(SIGN_INS_PER_ADDRESS)]
        assert tries == [422] * SIGN_INS_PER_ADDRESS
        assert sign_in(client).status_code == 429
        assert sign_in(client, "NORA.PETIT@vernay.fr ").status_code == 429
        assert sign_in(client, "quelqu.un@vernay.fr").status_code == 422
        traveller.shift(ATTEMPT_WINDOW - timedelta(seconds=1))
        assert sign_in(client).status_code == 429
        traveller.shift(timedelta(seconds=1))
        assert sign_in(client).status_code == 302


@time_machine.travel(NOON, tick=False)
def test_a_machine_is_refused_after_its_last_try_whatever_the_address(client, nora, monkeypatch):
    monkeypatch.setattr("tracker.accounts.views.SIGN_INS_PER_MACHINE", 3)
    statuses = [sign_in(client, f"un{rank}@vernay.fr").status_code for rank in range(4)]
    assert statuses == [422, 422, 422, 429]
    elsewhere = client.application.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert sign_in(elsewhere).status_code == 302


@time_machine.travel(NOON, tick=False)
def test_a_machine_cannot_pass_for_another(client, nora, monkeypatch):
    monkeypatch.setattr("tracker.accounts.views.SIGN_INS_PER_MACHINE", 1)
    sign_in(client, "un@vernay.fr")
    pretended = client.send(
        "/connexion", {"email": "a@b.fr", "password": "x"}, headers={"X-Forwarded-For": "192.0.2.8"}
    )
    assert pretended.status_code == 429


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/attestations", "/attestations"),
        ("/declarations/2026-03", "/declarations/2026-03"),
        ("https://ailleurs.test/", "/"),
        ("//ailleurs.test/", "/"),
        ("/\\ailleurs.test/", "/"),
        ("/%09/ailleurs.test/", "/"),
        ("/%0d%0a/ailleurs.test/", "/"),
        ("javascript:alert(1)", "/"),
        ("attestations", "/"),
        ("", "/"),
    ],
)
def test_the_page_asked_for_comes_next_and_never_another_site(client, nora, wanted, led_to):
    assert sign_in(client, suite=f"?suite={wanted}").location == led_to


def test_signing_out_forgets_who_was_here(client, nora):
    sign_in(client)
    assert client.send("/deconnexion").location == "/connexion"
    assert client.get("/").status_code == 401
    with client.session_transaction() as session:
        assert "person_id" not in session


def test_signing_out_takes_a_click_not_a_visit(client, nora):
    sign_in(client)
    assert client.get("/deconnexion").status_code == 405
    assert client.get("/").status_code == 200


def test_a_session_begins_empty(client, nora):
    with client.session_transaction() as session:
        session["left_by"] = "somebody else"
    sign_in(client)
    with client.session_transaction() as session:
        assert "left_by" not in session


def test_changing_a_person_s_session_key_closes_every_open_session(client, nora):
    sign_in(client)
    nora.fs_uniquifier = "another"
    assert client.get("/").status_code == 401


def test_an_ended_membership_acts_for_nobody(client, nora):
    sign_in(client)
    assert client.get("/").status_code == 200
    with client.session_transaction() as session:
        membership_id = session["membership_id"]
    membership = db.session.get_one(type(a.a_membership(Role.OBSERVER, a.an_organisation())), membership_id)
    membership.ended_on = membership.started_on
    assert client.get("/").status_code == 401


@pytest.fixture
def two_hats(nora, cast):
    """Nora, who also buys for the Département; each buyer has a contract."""
    vernay = a.a_membership(Role.OFFICER, cast.other_buyer.organisation, nora)
    department = a.a_membership(Role.OFFICER, cast.buyer, nora)
    theirs = a.a_contract(cast.other_buyer.organisation, [cast.guerin])
    db.session.commit()
    return vernay, department, theirs


def register_page(contract) -> str:
    return f"/marches/{contract.id}/clauses/nouvelle"


def test_somebody_with_several_organisations_acts_for_one_at_a_time(client, cast, two_hats):
    vernay, department, theirs = two_hats
    assert sign_in(client).location == "/organismes"
    for chosen, seen, unseen in ((vernay, theirs, cast.contract), (department, cast.contract, theirs)):
        assert client.send("/organismes", {"membership": chosen.id}, key=f"{chosen.id}").location == "/"
        assert client.get(register_page(seen)).status_code == 200
        assert client.get(register_page(unseen)).status_code == 404


def test_nobody_chooses_an_organisation_that_is_not_theirs(client, cast, two_hats):
    sign_in(client)
    for other in (cast.claire.id, 999_999, "tout"):
        answer = client.send("/organismes", {"membership": other}, key=f"{other}")
        assert answer.status_code == 422
    assert client.get("/participants").status_code == 403


def test_with_one_organisation_there_is_nothing_to_choose(client, nora):
    sign_in(client)
    assert client.get("/organismes").status_code == 404
