"""The list of placements: an employer's people, a structure's; the same few statements whatever their number."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert

from tests import builders as a
from tracker.participants.models import Participant, ParticipantAccess
from tracker.placements.models import Placement
from tracker.plumbing import clock
from tracker.plumbing.database import db, new_public_id

LIST = "/mises-a-l-emploi"
REFUSED = {"refused_at": datetime(2026, 3, 1, tzinfo=UTC), "refusal_reason": "Dossier incomplet."}


@pytest.fixture(autouse=True)
def _today(communes, app):
    clock.stand_on(a.TODAY)


def _placed(cast, name, **more):
    person = a.a_participant(cast.structure, name)
    is_decided = more.pop("is_decided", True)
    decision = a.a_decision(person, cast.claire.person) if is_decided else None
    return a.a_placement(cast.pledge, person, decision, **more)


@pytest.fixture
def four(cast):
    """One person at each stage."""
    return [
        _placed(cast, "Amina Diallo", is_decided=False),
        _placed(cast, "Karim Benali"),
        _placed(cast, "Fatou Ndiaye", ends_on=date(2026, 4, 7)),
        _placed(cast, "Lucas Petit", is_decided=False, **REFUSED),
    ]


def test_an_employer_reads_its_people_and_until_when_their_hours_count(client, cast, four):
    page = client.acting_for(cast.sophie).get(LIST).text
    assert "<h1>Mes salariés</h1>" in page
    for said in ("Amina Diallo", "À l’étude", "Accord du 01/09/2025", "31/10/2026", "Motif\u00a0: Dossier incomplet."):
        assert said in page


STAGES = (
    ("", {"Amina", "Karim", "Fatou", "Lucas"}),
    ("?etat=a-l-etude", {"Amina"}),
    ("?etat=en-cours", {"Karim"}),
    ("?etat=terminees", {"Fatou"}),
    ("?etat=refusees", {"Lucas"}),
    ("?etat=inconnu", {"Amina", "Karim", "Fatou", "Lucas"}),
    ("?q=DIALLO", {"Amina"}),
    ("?q=ndiaye+fatou", {"Fatou"}),
    ("?q=personne", set()),
)


@pytest.mark.parametrize(("query", "names"), STAGES)
def test_a_facilitator_narrows_the_list(client, cast, four, query, names):
    page = client.acting_for(cast.claire).get(LIST + query).text
    assert {name for name in ("Amina", "Karim", "Fatou", "Lucas") if f"{name} " in page} == names


@pytest.mark.parametrize("who", ["rival", "other_facilitator", "prescriber"])
def test_others_have_an_empty_list(client, cast, four, who):
    page = client.acting_for(getattr(cast, who)).get(LIST)
    assert page.status_code == 200
    assert "Amina" not in page.text


@pytest.mark.parametrize("who", ["rival", "other_facilitator", "prescriber"])
def test_others_do_not_find_the_placement(client, cast, four, who):
    assert client.acting_for(getattr(cast, who)).get(f"{LIST}/{four[0].public_id}").status_code == 404


def _many(cast, count):
    """So many approved people, written in three statements."""
    first = _placed(cast, "Amina Diallo")
    skip = {"id", "public_id"}
    person, placement = (
        {column.key: getattr(row, column.key) for column in row.__table__.columns if column.key not in skip}
        for row in (first.participant, first)
    )
    people = [{**person, "public_id": new_public_id(), "sort_key": f"personne {n:04d}"} for n in range(count)]
    ids = db.session.scalars(insert(Participant).returning(Participant.id), people).all()
    access = [{"participant_id": one, "organisation_id": cast.guerin.id} for one in ids]
    db.session.execute(insert(ParticipantAccess), access)
    rows = [{**placement, "participant_id": one, "public_id": new_public_id()} for one in ids]
    db.session.execute(insert(Placement), rows)


PAGES = (("claire", LIST), ("sophie", LIST), ("administrator", LIST), ("claire", "/participants"))


@pytest.mark.parametrize(("who", "address"), PAGES)
def test_a_list_takes_the_same_few_statements_for_10_or_1_000_people(client, cast, who, address):
    client.acting_for(getattr(cast, who))
    _many(cast, 9)
    few = int(client.get(address).headers["X-Statements"])
    _many(cast, 1000)
    many = client.get(address)
    assert int(many.headers["X-Statements"]) == few <= 12
    assert many.text.count("<tr>") == 51
    assert "Page 21" in many.text


def test_the_proposal_and_the_placement_take_few_statements(client, cast):
    placement = _placed(cast, "Amina Diallo")
    waiting = _placed(cast, "Karim Benali", is_decided=False)
    for who, address in (
        ("sophie", f"/clauses/{cast.clause.id}/mises-a-l-emploi/nouvelle"),
        ("claire", f"/clauses/{cast.clause.id}/mises-a-l-emploi/nouvelle"),
        ("sophie", f"{LIST}/{placement.public_id}"),
        ("claire", f"{LIST}/{placement.public_id}"),
        ("claire", f"{LIST}/{waiting.public_id}/eligibilite"),
        ("claire", f"/participants/{placement.participant.public_id}"),
    ):
        response = client.acting_for(getattr(cast, who)).get(address)
        assert response.status_code == 200
        assert int(response.headers["X-Statements"]) <= 12, address


def test_pages_follow_one_another(client, cast):
    _many(cast, 60)
    client.acting_for(cast.claire)
    first, second = (client.get(f"{LIST}?page={number}").text for number in (1, 2))
    assert (first.count("<tr>"), second.count("<tr>")) == (51, 12)
    assert "1 à 50 sur 61\u00a0mises à l’emploi" in first


def test_a_prescriber_follows_those_it_sent(client, cast, four):
    access = {"participant_id": four[0].participant_id, "organisation_id": cast.prescriber.organisation_id}
    db.session.add(ParticipantAccess(**access))
    client.acting_for(cast.prescriber)
    page = client.get(LIST).text
    assert ("<h1>Mises à l’emploi</h1>" in page, "Amina Diallo" in page, "Karim" in page) == (True, True, False)
    assert "La facilitation décide." in client.get(f"{LIST}/{four[0].public_id}").text
