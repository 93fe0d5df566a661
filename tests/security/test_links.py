"""A link's secret is for whoever received it: with it, one enters as somebody else."""

import pytest
from sqlalchemy import func, select

from tests import builders as a
from tracker.accounts.models import Membership
from tracker.accounts.rules import Role
from tracker.plumbing import outbox
from tracker.plumbing.database import db
from tracker.plumbing.outbox import Message


@pytest.mark.parametrize(("mode", "is_whole"), [("test", False), ("production", False), ("demo", True)])
def test_an_administrator_reads_no_other_s_link_outside_the_demonstration(world, app, monkeypatch, mode, is_whole):
    outbox.post("sophie@exemple.test", "Accès", "Ouvrez http://clauses.test/lien/zasecret-1_b pour entrer.")
    db.session.commit()
    monkeypatch.setitem(app.config, "TRACKER_MODE", mode)
    page = world.visitor("administrator").get("/messages-envoyes")
    assert page.status_code == 200
    assert "pour entrer" in page.text
    assert ("zasecret" in page.text) == is_whole


def test_a_link_ends_with_its_membership(world, app):
    secret = world.subjects["fresh-link"]["secret"]
    world.cast.sophie.ended_on = world.personas["ended"].ended_on
    db.session.commit()
    visitor = world.visitor("nobody")
    assert visitor.get(f"/lien/{secret}").status_code == 404
    assert visitor.send(f"/lien/{secret}").status_code == 404


def test_a_session_ends_with_its_membership_at_once(world):
    sophie = world.visitor("link")
    assert sophie.get("/").status_code == 200
    world.cast.sophie.ended_on = world.personas["ended"].ended_on
    db.session.commit()
    assert sophie.get("/").status_code == 401


def test_a_session_that_names_another_s_membership_acts_for_nobody(world):
    """Were a cookie ever mixed up: the key of one person opens no membership of another."""
    sophie = world.visitor("sophie").carrying({"membership_id": world.cast.claire.id})
    assert sophie.get("/").status_code == 401


def test_a_session_that_names_another_organisation_sees_none_of_it(world):
    """The cookie's organisation names the author of what is written; what is read follows the membership."""
    rival = world.visitor("rival").carrying({"organisation_id": world.cast.guerin.id})
    assert rival.get(f"/clauses/{world.cast.clause.id}").status_code == 404


@pytest.mark.parametrize("persona", ["helene", "claire", "administrator"])
def test_whoever_invites_gives_no_access_to_their_own_side(world, persona):
    """A buyer never reads a name; invited as an employer by their own hand, its officers would."""
    world.personas["deputy"] = a.a_membership(Role.OFFICER, world.cast.buyer)
    world.personas[persona].person.email = "moi@departement.fr"
    world.personas[COLLEAGUES[persona]].person.email = "collegue@departement.fr"
    db.session.commit()
    address = f"/engagements/{world.cast.pledge.public_id}/inviter"
    for email in ("moi@departement.fr", "Collegue@departement.fr"):
        guest = {"email": email, "given_name": "Une", "family_name": "Autre"}
        answer = world.visitor(persona).send(address, guest, key=email)
        assert (answer.status_code, "agit déjà pour votre organisme" in answer.text) == (422, True)
    assert db.session.scalar(select(func.count()).where(Membership.organisation_id == world.cast.guerin.id)) == 1


COLLEAGUES = {"helene": "deputy", "claire": "administrator", "administrator": "observer"}


def test_no_message_repeats_the_host_that_a_request_claims(world, app, monkeypatch):
    """A forged Host header would send the employer elsewhere."""
    lucas, claire = world.placements["lucas"], world.visitor("claire")
    guest = {"email": "nina@guerin.fr", "given_name": "Nina", "family_name": "Neuve"}
    refusal = {"version": "1", "outcome": "refused", "refusal_reason": "Contrat signé trop tôt."}
    forged = {"base_url": "http://zaleurre.test", "headers": {"X-Forwarded-Host": "zaleurre.test"}}
    tokens = {"csrf_token": claire.token()}
    cookie = claire.get_cookie("clauses", domain="clauses.test")
    claire.set_cookie("clauses", cookie.value, domain="zaleurre.test")
    # As a site runs: Flask knows of no name but the one that each request claims.
    monkeypatch.setitem(app.config, "SERVER_NAME", None)
    answers = (
        claire.send(f"/mises-a-l-emploi/{lucas.public_id}/eligibilite", refusal | tokens, **forged),
        claire.send(f"/engagements/{world.cast.pledge.public_id}/inviter", guest | tokens, **forged),
        claire.send(f"/lien/{world.subjects['spent-link']['secret']}/nouveau", tokens, **forged),
    )
    assert [answer.status_code for answer in answers] == [302, 302, 302]
    bodies = db.session.scalars(select(Message.body)).all()
    assert sum("http://clauses.test/" in body for body in bodies) >= 3
    assert not any("zaleurre" in body for body in bodies)
