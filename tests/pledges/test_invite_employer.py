"""An employer is invited by a link; whoever has an account keeps it, and the inviter learns nothing of it."""

from datetime import date
from threading import Barrier, Thread

import pytest
import time_machine
from sqlalchemy import func, select

from tests import builders as a
from tracker.accounts.models import AccessLink, Membership, Person
from tracker.accounts.queries import journal_of
from tracker.accounts.rules import LinkPurpose, OrganisationKind, Role
from tracker.plumbing.database import db
from tracker.plumbing.outbox import Message

NOON = time_machine.travel("2026-04-08 12:00+02:00", tick=False)
N = "\u00a0"
NADIA = {"email": "nadia.roy@guerin.fr", "given_name": "Nadia", "family_name": "Roy"}


def page_of(cast) -> str:
    return f"/engagements/{cast.pledge.public_id}/inviter"


def people_at(email: str) -> list[Person]:
    return list(db.session.scalars(select(Person).where(Person.email == email)))


def messages_to(email: str) -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.recipient == email).order_by(Message.id)))


def link_in(message: Message) -> str:
    return next(line for line in message.body.splitlines() if line.startswith("http")).strip()


def test_an_invited_person_receives_a_link_that_opens_the_service(client, cast):
    answer = client.acting_for(cast.claire).send(page_of(cast), NADIA)
    assert answer.status_code == 302
    (message,) = messages_to("nadia.roy@guerin.fr")
    assert "Guérin Construction" in message.subject
    assert "Claire Morvan" in message.body
    assert cast.contract.number in message.body
    address = link_in(message)
    assert address.startswith("http://clauses.test/lien/")
    visitor = client.application.test_client()
    assert visitor.send(address).location == "/"
    assert "Nadia Roy" in visitor.get("/").text


def test_the_link_follows_the_site_s_own_address(client, cast, monkeypatch):
    monkeypatch.setitem(client.application.config, "BASE_URL", "https://clauses.loire-et-vienne.example")
    client.acting_for(cast.claire).send(page_of(cast), NADIA)
    (message,) = messages_to("nadia.roy@guerin.fr")
    assert link_in(message).startswith("https://clauses.loire-et-vienne.example/lien/")


def test_inviting_twice_makes_one_person_and_one_membership(client, cast):
    client.acting_for(cast.claire)
    for key, email in (("one", "nadia.roy@guerin.fr"), ("two", " Nadia.Roy@Guerin.FR ")):
        client.send(page_of(cast), NADIA | {"email": email}, key=key)
    (nadia,) = people_at("nadia.roy@guerin.fr")
    memberships = db.session.scalars(select(Membership).where(Membership.person_id == nadia.id)).all()
    assert [(one.organisation_id, one.role) for one in memberships] == [(cast.guerin.id, Role.EMPLOYER)]
    assert len(messages_to(nadia.email)) == 2


def test_the_same_form_sent_twice_sends_one_message(client, cast):
    client.acting_for(cast.claire)
    for _ in range(2):
        client.send(page_of(cast), NADIA)
    assert len(messages_to("nadia.roy@guerin.fr")) == 1


def test_two_who_invite_the_same_address_at_once_make_one_person(app, client, cast):
    address, start = page_of(cast), Barrier(2)
    askers = [app.test_client().acting_for(one) for one in (cast.claire, cast.helene)]
    db.session.commit()
    statuses: list[int] = []

    def invite(asker, key: str) -> None:
        start.wait()
        statuses.append(asker.send(address, NADIA, key=key).status_code)

    threads = [Thread(target=invite, args=(asker, f"key-{rank}")) for rank, asker in enumerate(askers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [302, 302]
    assert len(people_at("nadia.roy@guerin.fr")) == 1


def test_somebody_who_has_an_account_elsewhere_keeps_it_and_the_inviter_learns_nothing(client, cast):
    known = a.a_person("Nadège", "Royer", email="nadia.roy@guerin.fr")
    a.a_membership(Role.PRESCRIBER, a.an_organisation("Mission locale du Sud", OrganisationKind.PRESCRIBER), known)
    client.acting_for(cast.claire).send(page_of(cast), NADIA)
    page = client.get(page_of(cast))
    assert known.name == "Nadège Royer"
    assert "nadia.roy@guerin.fr" in page.text
    assert "Nadège" not in page.text
    assert "Mission locale du Sud" not in page.text
    assert {one.role for one in db.session.scalars(select(Membership).where(Membership.person_id == known.id))} == {
        Role.PRESCRIBER,
        Role.EMPLOYER,
    }


def test_an_ended_membership_begins_again(client, cast):
    gone = a.a_membership(Role.EMPLOYER, cast.guerin, ended_on=date(2026, 1, 31))
    client.acting_for(cast.claire).send(page_of(cast), NADIA | {"email": gone.person.email.replace(".test", ".fr")})
    gone.person.email = "parti@guerin.fr"
    client.send(page_of(cast), NADIA | {"email": "parti@guerin.fr"}, key="again")
    assert gone.ended_on is None


@NOON
def test_the_page_says_who_was_invited_when_and_whether_the_link_served(client, cast):
    client.acting_for(cast.claire).send(page_of(cast), NADIA)
    page = client.get(page_of(cast))
    assert f"en attente de départ depuis le 08/04/2026 à{N}12:00" in page.text
    assert f"pas encore utilisé, valable jusqu’au 15/04/2026 à{N}12:00" in page.text
    assert "Nadia Roy" not in page.text
    (message,) = messages_to("nadia.roy@guerin.fr")
    message.sent_at = message.created_at
    client.application.test_client().send(link_in(message))
    page = client.get(page_of(cast))
    assert f"parti le 08/04/2026 à{N}12:00" in page.text
    assert f"utilisé le 08/04/2026 à{N}12:00" in page.text
    assert "Nadia Roy" in page.text


def test_a_new_link_may_be_sent_and_the_first_still_opens(client, cast):
    client.acting_for(cast.claire).send(page_of(cast), NADIA)
    (nadia,) = people_at("nadia.roy@guerin.fr")
    membership = db.session.scalar(select(Membership).where(Membership.person_id == nadia.id))
    answer = client.send(f"{page_of(cast)}/{membership.id}/relancer")
    assert (answer.status_code, answer.location) == (302, page_of(cast))
    first, second = map(link_in, messages_to(nadia.email))
    assert first != second
    assert client.application.test_client().send(first).status_code == 302


@pytest.mark.parametrize("who", ["rival", "claire"])
def test_a_link_is_never_sent_to_somebody_of_another_employer(client, cast, who):
    other = getattr(cast, who)
    answer = client.acting_for(cast.claire).send(f"{page_of(cast)}/{other.id}/relancer")
    assert answer.status_code == 404
    assert messages_to(other.person.email) == []


@pytest.mark.parametrize(
    "email",
    ["nadia", "nadia@guerin", "nadia roy@guerin.fr", "nadia@@guerin.fr", "nadia@guerin.fr, x@y.fr", "é@guerin.fr"],
)
def test_an_address_that_is_none_has_a_clear_sentence(client, cast, email):
    page = client.acting_for(cast.claire).send(page_of(cast), NADIA | {"email": email})
    assert page.status_code == 422
    assert f"Cette adresse n’est pas complète{N}: écrivez par exemple" in page.text
    assert db.session.scalar(select(func.count()).select_from(Message)) == 0


def test_every_field_left_empty_says_so_at_once(client, cast):
    page = client.acting_for(cast.claire).send(page_of(cast), {"email": "", "given_name": " ", "family_name": ""})
    assert page.status_code == 422
    for said in ("3 points à corriger", "Écrivez l’adresse", "Écrivez son prénom.", "Écrivez son nom."):
        assert said in page.text


def test_the_journal_of_the_clause_says_who_invited_without_naming_the_guest(client, cast):
    client.acting_for(cast.helene).send(page_of(cast), NADIA)
    entry = next(one for one in journal_of(("clause", cast.clause.id)) if one.verb == "employer_invited")
    assert entry.person_id == cast.helene.person_id
    assert entry.facts == {"organisation": cast.guerin.id}


def test_only_the_link_s_digest_is_kept(client, cast):
    client.acting_for(cast.claire).send(page_of(cast), NADIA)
    secret = link_in(messages_to("nadia.roy@guerin.fr")[0]).rsplit("/", 1)[1]
    assert db.session.scalar(select(AccessLink.digest)) != secret


@pytest.mark.parametrize(
    ("persona", "status"),
    [
        ("claire", 200),
        ("helene", 200),
        ("administrator", 200),
        ("other_facilitator", 404),
        ("other_buyer", 404),
        ("sophie", 403),
        ("observer", 403),
        ("prescriber", 403),
    ],
)
def test_who_may_invite(client, cast, persona, status):
    assert client.acting_for(getattr(cast, persona)).get(page_of(cast)).status_code == status


def test_the_page_costs_the_same_with_a_hundred_guests(client, cast):
    client.acting_for(cast.claire)
    before = int(client.get(page_of(cast)).headers["X-Statements"])
    for _ in range(100):
        a.a_membership(Role.EMPLOYER, cast.guerin)
    assert int(client.get(page_of(cast)).headers["X-Statements"]) == before <= 12


def test_an_invitation_and_its_reminder_open_the_clause_alone(client, cast):
    client.acting_for(cast.claire).send(page_of(cast), NADIA)
    (nadia,) = people_at(NADIA["email"])
    membership = db.session.scalars(select(Membership).where(Membership.person_id == nadia.id)).one()
    client.send(f"{page_of(cast)}/{membership.id}/relancer")
    first, second = db.session.scalars(select(AccessLink).order_by(AccessLink.id)).all()
    assert (first.purpose, first.subject) == (LinkPurpose.INVITATION, ("clause", cast.clause.id))
    assert (second.purpose, second.subject, second.membership_id) == (first.purpose, first.subject, membership.id)
    assert all("Ce lien n’ouvre que ce marché." in message.body for message in messages_to(nadia.email))


def test_a_pledge_outside_any_contract_is_invited_to_alone(client, cast):
    cast.pledge.clause = None
    client.acting_for(cast.claire).send(page_of(cast), NADIA)
    assert db.session.scalars(select(AccessLink)).one().subject == ("pledge", cast.pledge.id)
    (message,) = messages_to(NADIA["email"])
    assert "Ce lien n’ouvre que cet engagement." in message.body


def test_what_became_of_a_link_is_said_on_its_own_pledge_s_page_alone(client, cast):
    """Another buyer learns neither that a link was sent, nor the name of whoever used it."""
    beside = a.a_pledge(a.a_clause(a.a_contract(cast.buyer, [cast.guerin]), cast.structure), cast.guerin)
    client.acting_for(cast.claire).send(page_of(cast), NADIA)
    (message,) = messages_to(NADIA["email"])
    client.application.test_client().send(link_in(message))
    shown = client.get(page_of(cast)).text
    assert "en attente de départ depuis" in shown
    assert "utilisé le" in shown
    page = client.get(f"/engagements/{beside.public_id}/inviter").text
    assert NADIA["email"] in page
    assert "en attente de départ depuis" not in page
    assert "utilisé le" not in page
    assert "Nadia Roy" not in page
