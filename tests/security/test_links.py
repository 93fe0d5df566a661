"""A link's secret is for whoever received it: with it, one enters as somebody else; and enters one thing alone."""

import pytest
from sqlalchemy import func, select

from tests import builders as a
from tests.security.reading import words_of
from tests.security.test_matrix import walk
from tracker.accounts.models import Membership
from tracker.accounts.rules import Role
from tracker.certificates.documents.paper import draw
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


@pytest.fixture
def drawn():
    """Papers are drawn for good: they are read here."""
    return draw


def test_no_page_of_a_link_says_a_word_of_what_stands_beside(app, world):
    """The same person reads it all by her password: what a link was not sent for, it keeps from her too."""
    number = world.placements["teo"].pledge.clause.contract.number.lower()
    told = {}
    for persona in ("sophie", "link"):
        client = world.visitor(persona)
        for row, address in walk(app, world, frozenset({"GET"})):
            if 200 in row.codes_for(persona):
                words = words_of(client.get(address))
                found = [word for word in ("zavoisin", "école de vernay", number) if word in words]
                told |= {(persona, f"{row.endpoint} {row.subject}"): found} if found else {}
    assert [page for persona, page in told if persona == "link"] == []
    assert {
        "desk.home -",
        "contracts.list_contracts -",
        "contracts.export_contracts -",
        "hours.declare_month month",
    } <= {page for persona, page in told if persona == "sophie"}


def test_a_link_s_pages_cost_no_statement_more_than_a_password_s(app, world):
    sophie, link, dear = world.visitor("sophie"), world.visitor("link"), {}
    for row, address in walk(app, world, frozenset({"GET"})):
        if row.endpoint != "static" and 200 in row.codes_for("sophie") & row.codes_for("link"):
            whole, limited = statements_of(sophie, address), statements_of(link, address)
            dear |= {f"{row.endpoint} {row.subject}": (whole, limited)} if limited > whole else {}
    assert dear == {}


def statements_of(client, address: str) -> int:
    """How many statements a page costs."""
    answer = client.get(address)
    answer.close()
    return int(answer.headers["X-Statements"])


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
