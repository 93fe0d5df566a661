"""Access links: seen without being spent, spent once, renewed to the same address and for the same thing."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from sqlalchemy import select

from tests import builders as a
from tracker.accounts import actions, queries
from tracker.accounts.models import AccessLink, JournalEntry
from tracker.accounts.rules import LINK_LIFE, LINKS_PER_MACHINE, RENEWALS_PER_MEMBERSHIP, Role
from tracker.plumbing import clock
from tracker.plumbing.database import db
from tracker.plumbing.outbox import Message

NOON = "2026-04-08 12:00+02:00"
DEAD = "Ce lien ne fonctionne plus"


@pytest.fixture
def secret(cast) -> str:
    """A link that opens to Sophie what Guérin Construction undertook on our clause."""
    made = actions.make_link(cast.sophie, clock.now(), cast.pledge.subject)
    db.session.commit()
    return made


def link_of(secret: str) -> AccessLink:
    return db.session.scalars(select(AccessLink).where(AccessLink.digest == queries.digest_of(secret))).one()


def messages() -> list[Message]:
    return list(db.session.scalars(select(Message).order_by(Message.id)))


def test_looking_at_a_link_spends_nothing(client, secret):
    for _ in range(3):
        page = client.get(f"/lien/{secret}")
        assert page.status_code == 200
        assert "Entrer dans le service" in page.text
    assert client.head(f"/lien/{secret}").status_code == 200
    assert link_of(secret).used_at is None
    assert client.get("/").status_code == 401


def test_its_button_opens_the_service_once(client, cast, secret):
    answer = client.send(f"/lien/{secret}")
    assert (answer.status_code, answer.location) == (302, "/")
    assert "Sophie Guérin" in client.get("/").text
    again = client.application.test_client().send(f"/lien/{secret}")
    assert again.status_code == 410
    assert DEAD in again.text


def test_eight_hands_at_once_open_it_once(app, client, secret):
    start, statuses = Barrier(8), []

    def press() -> None:
        visitor = app.test_client()
        token = visitor.token()
        start.wait()
        statuses.append(visitor.post(f"/lien/{secret}", data={"csrf_token": token, "submission_key": "k"}).status_code)

    threads = [Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [302, *[410] * 7]


@pytest.mark.parametrize(
    ("age", "status"),
    [(LINK_LIFE - timedelta(seconds=1), 302), (LINK_LIFE, 410)],
    ids=["in its last second", "after seven days"],
)
def test_a_link_lives_seven_days(client, cast, age, status):
    with time_machine.travel(NOON, tick=False) as traveller:
        secret = actions.make_link(cast.sophie, clock.now(), cast.pledge.subject)
        db.session.commit()
        traveller.shift(age)
        assert (DEAD in client.get(f"/lien/{secret}").text) == (status == 410)
        assert client.send(f"/lien/{secret}").status_code == status


def test_a_dead_link_offers_a_new_one_that_goes_to_the_same_address(client, cast, secret):
    client.send(f"/lien/{secret}")
    visitor = client.application.test_client()
    page = visitor.get(f"/lien/{secret}")
    assert "Recevoir un nouveau lien" in page.text
    assert cast.sophie.person.email not in page.text
    asked = visitor.send(f"/lien/{secret}/nouveau", {"email": "ailleurs@rival.fr"})
    assert asked.status_code == 302
    (message,) = messages()
    assert message.recipient == cast.sophie.person.email
    fresh = next(line for line in message.body.splitlines() if line.startswith("http://clauses.test/lien/"))
    assert visitor.send(fresh).status_code == 302
    assert "Sophie Guérin" in visitor.get("/").text


def test_a_renewed_link_opens_what_the_old_one_did_and_nothing_more(client, cast, secret):
    old = link_of(secret)
    client.send(f"/lien/{secret}/nouveau")
    fresh = next(line for line in messages()[0].body.splitlines() if "/lien/" in line).rpartition("/")[2]
    new = link_of(fresh)
    assert new.id != old.id
    assert (new.purpose, new.subject, new.membership_id) == (old.purpose, old.subject, old.membership_id)
    assert new.subject == ("clause", cast.clause.id)


def test_asking_twice_with_one_page_sends_one_message(client, secret):
    for _ in range(2):
        client.send(f"/lien/{secret}/nouveau")
    assert len(messages()) == 1


@time_machine.travel(NOON, tick=False)
def test_a_mailbox_is_not_flooded(client, secret):
    asked = [
        client.send(f"/lien/{secret}/nouveau", key=f"{rank}").status_code for rank in range(RENEWALS_PER_MEMBERSHIP + 1)
    ]
    assert asked == [*[302] * RENEWALS_PER_MEMBERSHIP, 429]
    assert len(messages()) == RENEWALS_PER_MEMBERSHIP


@time_machine.travel(NOON, tick=False)
def test_a_machine_does_not_try_links_for_ever(client):
    tries = [client.get(f"/lien/essai-{rank}").status_code for rank in range(LINKS_PER_MACHINE + 1)]
    assert tries == [*[404] * LINKS_PER_MACHINE, 429]


@pytest.mark.parametrize("address", ["/lien/inconnu", "/lien/%00", "/lien/inconnu/nouveau"])
def test_an_unknown_link_leads_nowhere(client, address):
    answer = client.send(address) if address.endswith("nouveau") else client.get(address)
    assert answer.status_code == 404


@pytest.mark.parametrize("ending", ["membership", "person"])
def test_a_link_of_somebody_who_left_leads_nowhere(client, cast, secret, ending):
    if ending == "membership":
        cast.sophie.ended_on = date(2026, 1, 31)
    else:
        cast.sophie.person.active = False
    assert client.get(f"/lien/{secret}").status_code == 404
    assert client.send(f"/lien/{secret}").status_code == 404
    assert client.send(f"/lien/{secret}/nouveau").status_code == 404
    assert messages() == []


def test_a_session_opened_by_a_link_serves_that_organisation_alone(client, cast, secret):
    a.a_membership(Role.EMPLOYER, cast.rival.organisation, cast.sophie.person)
    client.send(f"/lien/{secret}")
    assert client.get("/organismes").status_code == 403
    assert client.send("/organismes", {"membership": cast.rival.id}).status_code == 403
    assert "Guérin Construction" in client.get("/").text


def test_a_link_takes_the_place_of_whoever_was_signed_in(client, cast, secret):
    client.acting_for(cast.administrator).send(f"/lien/{secret}")
    assert "Sophie Guérin" in client.get("/").text
    assert client.get("/reglages").status_code == 403


def test_the_journal_names_who_entered_and_by_what_way(client, cast, secret):
    client.send(f"/lien/{secret}")
    entry = next(one for one in queries.journal_of(("organisation", cast.guerin.id)) if one.verb == "link_spent")
    assert (entry.person_id, entry.organisation_id, entry.way_in) == (cast.sophie.person_id, cast.guerin.id, "link")


def test_what_is_done_after_entering_by_a_link_says_so(client, cast, secret):
    clock.stand_on(a.TODAY)
    amina = a.a_participant(cast.structure)
    placement = a.a_placement(cast.pledge, amina, a.a_decision(amina, cast.claire.person))
    client.send(f"/lien/{secret}")
    month = {"action": "submit", f"hours-{placement.public_id}-0": "120", f"honour-{cast.clause.id}": "y"}
    assert client.send("/declarations/2026-03", month).status_code == 302
    entry = db.session.scalars(select(JournalEntry).where(JournalEntry.verb == "declaration_submitted")).one()
    assert (entry.person_id, entry.way_in) == (cast.sophie.person_id, "link")


def test_a_renewal_is_written_in_the_name_of_the_link_s_owner(client, cast, secret):
    client.send(f"/lien/{secret}/nouveau")
    entry = next(one for one in queries.journal_of(("organisation", cast.guerin.id)) if one.verb == "link_renewed")
    assert (entry.person_id, entry.way_in) == (cast.sophie.person_id, "link")
