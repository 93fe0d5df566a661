"""No page and no message for an employer says, or lets guess, why somebody counts."""

import re
from datetime import date

import pytest
import time_machine
from sqlalchemy import select

from tests import builders as a
from tracker.participants.rules.decisions import RsaStatus
from tracker.plumbing.database import db
from tracker.plumbing.outbox import Message
from tracker.publics.rules import DEFAULT_EDITION, EDITIONS, Proof

# Planted where only those in charge may read them.
MARKS = ("zzavismotivezz", "zzvuparzz")
OPINION = {
    "outcome": "granted",
    "main_category": "opinion",
    "other_categories": ["rqth", "minima"],
    "proof_kind": "opinion",
    "proof_seen_on": "07/04/2026",
    "proof_seen_by": MARKS[1],
    "reason": MARKS[0],
}
GRANTS = {
    "rsa": {**OPINION, "main_category": "rsa", "rsa_status": "partner", "proof_kind": "rsa", "reason": ""},
    "rqth": {**OPINION, "main_category": "rqth", "other_categories": ["qpv"], "proof_kind": "rqth", "reason": ""},
    "opinion": OPINION,
}
# Codes that are also words of everyday pages are looked for as values; every label, as text.
EVERYDAY = {"opinion", "senior", "iae", "employer", "identity", "address", "permit", "schooling", "none"}


def _forbidden() -> set[str]:
    categories = EDITIONS[DEFAULT_EDITION].categories
    codes = {category.code for category in categories} | {proof.value for proof in Proof} | {"recipient", "partner"}
    labels = {category.label for category in categories} | {proof.label for proof in Proof}
    tied = {status.label for status in RsaStatus}
    words = {"RSA", "AAH", "RQTH", "handicap", "catégorie", "allocataire", "main_category", "eligibility", "éligib"}
    return (codes - EVERYDAY) | labels | tied | words | set(MARKS)


@pytest.fixture
def approved(client, cast, communes):
    """Three people, each granted by the page for another reason."""
    with time_machine.travel("2026-04-08 12:00+02:00", tick=False):
        yield _approved(client, cast)


def _approved(client, cast):
    placements = []
    for name in ("Amina Diallo", "Karim Benali", "Lucas Petit"):
        person = a.a_participant(cast.structure, name)
        placements.append(a.a_placement(cast.pledge, person, None, starts_on=date(2026, 4, 13)))
    client.acting_for(cast.claire)
    for number, (one, answers) in enumerate(zip(placements, GRANTS.values(), strict=True)):
        address = f"/mises-a-l-emploi/{one.public_id}/eligibilite"
        assert client.send(address, {"version": 1, **answers}, key=f"grant-{number}").status_code == 302
    client.get("/mises-a-l-emploi")  # reads the messages that the three decisions left for the next page
    return placements


def said_in(markup: str) -> set[str]:
    """The forbidden words that stand anywhere in it: text, attributes, classes, comments."""
    is_said = (re.compile(rf"(?<![a-zà-ÿ]){re.escape(word)}", re.IGNORECASE) for word in sorted(_forbidden()))
    return {word.pattern for word in is_said if word.search(markup)}


def test_the_page_of_those_in_charge_shows_what_is_looked_for_below(client, cast, approved):
    pages = [client.acting_for(cast.claire).get(f"/mises-a-l-emploi/{one.public_id}").text for one in approved]
    assert all(said_in(page) for page in pages)
    assert all(mark in "".join(pages) for mark in MARKS)


def test_no_page_of_the_employer_says_why(client, cast, approved):
    client.acting_for(cast.sophie)
    clause = cast.clause.id
    addresses = [
        "/mises-a-l-emploi",
        "/mises-a-l-emploi?etat=en-cours",
        f"/clauses/{clause}/mises-a-l-emploi/nouvelle",
        *(f"/mises-a-l-emploi/{one.public_id}" for one in approved),
    ]
    for address in addresses:
        page = client.get(address)
        assert (page.status_code, said_in(page.text)) == (200, set()), address


def test_a_refused_form_of_the_employer_says_nothing_either(client, cast, approved):
    address = f"/clauses/{cast.clause.id}/mises-a-l-emploi/nouvelle"
    page = client.acting_for(cast.sophie).send(address, {})
    assert (page.status_code, said_in(page.text)) == (422, set())


def test_two_people_who_count_for_different_reasons_have_the_same_page(client, cast, approved):
    client.acting_for(cast.sophie)
    pages = []
    for one in approved:
        page = client.get(f"/mises-a-l-emploi/{one.public_id}").text
        for own in (one.public_id, one.participant.name, one.approval.number):
            page = page.replace(own, "")
        pages.append(re.sub(r'name="csrf_token" value="[^"]+"', "", page))
    assert pages[0] == pages[1] == pages[2]


def test_no_message_to_the_employer_says_why(client, cast, approved):
    messages = db.session.scalars(select(Message).where(Message.recipient == cast.sophie.person.email)).all()
    assert len(messages) == 3
    for one, message in zip(approved, sorted(messages, key=lambda message: message.id), strict=True):
        # Drawn at random, an address may hold « rsa » by chance.
        assert said_in(message.subject + message.body.replace(one.public_id, "")) == set()


def test_an_employer_opens_no_file_and_no_decision(client, cast, approved):
    client.acting_for(cast.sophie)
    one = approved[0]
    for address in ("/participants", f"/participants/{one.participant.public_id}"):
        assert client.get(address).status_code == 403
    assert client.get(f"/mises-a-l-emploi/{one.public_id}/eligibilite").status_code == 403
