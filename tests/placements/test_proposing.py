"""An employer proposes somebody for a clause; a facilitator may in its place."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests import builders as a
from tracker.accounts.models import JournalEntry, Organisation
from tracker.contracts.models import ClauseParty
from tracker.contracts.rules.levers import Capacity
from tracker.participants.models import Participant, ParticipantAccess
from tracker.placements.models import Placement
from tracker.placements.rules import ContractType, Means
from tracker.plumbing import clock
from tracker.plumbing.database import db

AMINA = {
    "given_name": "Amina",
    "family_name": "Diallo",
    "born_on": "17/05/1990",
    "sex": "female",
    "commune_code": "37000 Tours",
    "level": "3",
    "contract_type": "cdd",
    "means": "direct_hire",
    "weekly_hours": "35",
    "job": "ouvrière polyvalente",
    "site": "Collège Jean-Zay",
    "tutor": "Marc Guérin",
    "starts_on": "13/04/2026",
    "ends_on": "31/07/2026",
}


@pytest.fixture(autouse=True)
def _today(communes, cast):
    clock.stand_on(a.TODAY)


def _address(cast, clause=None):
    return f"/clauses/{(clause or cast.clause).id}/mises-a-l-emploi/nouvelle"


def _placements():
    return db.session.scalars(select(Placement).order_by(Placement.id)).all()


def test_a_proposal_writes_the_person_the_placement_and_who_may_read_the_name(client, cast):
    response = client.acting_for(cast.sophie).send(_address(cast), AMINA)
    (placement,) = _placements()
    person = placement.participant
    assert response.location == f"/mises-a-l-emploi/{placement.public_id}"
    assert (person.name, person.sort_key, person.born_on) == ("Amina Diallo", "diallo amina", date(1990, 5, 17))
    assert (person.commune_code, person.level, person.structure_id) == ("37261", "3", cast.structure.id)
    assert (placement.contract_type, placement.means) == (ContractType.CDD, Means.DIRECT_HIRE)
    assert (placement.weekly_hours, placement.pledge_id) == (Decimal("35.00"), cast.pledge.id)
    assert (placement.approved_on, placement.refused_at) == (None, None)
    access = db.session.scalars(select(ParticipantAccess)).one()
    assert (access.participant_id, access.organisation_id) == (person.id, cast.guerin.id)


def test_the_journal_says_who_proposed_and_never_whom(client, cast):
    client.acting_for(cast.sophie).send(_address(cast), AMINA)
    entries = db.session.scalars(select(JournalEntry).where(JournalEntry.person_id == cast.sophie.person_id)).all()
    written = {(entry.verb, entry.about_kind) for entry in entries}
    proposed = {("placement_proposed", kind) for kind in ("placement", "participant", "clause")}
    assert written == {("participant_entered", "participant")} | proposed
    assert not any("Diallo" in str(entry.facts) or "1990" in str(entry.facts) for entry in entries)


def test_what_is_missing_comes_all_at_once_beside_its_field_and_what_was_typed_stays(client, cast):
    typed = {"given_name": "Amina", "born_on": "31/02/1990", "weekly_hours": "beaucoup", "starts_on": "01/01/2020"}
    response = client.acting_for(cast.sophie).send(_address(cast), typed)
    assert response.status_code == 422
    for sentence in (
        "Indiquez le nom.",
        "Écrivez une date comme 12/03/2026.",
        "Indiquez le sexe.",
        "Choisissez le type de contrat.",
        "Choisissez la modalité de mise en œuvre.",
        "Écrivez un nombre, par exemple",
    ):
        assert sentence in response.text
    assert "Indiquez la date de naissance" not in response.text
    assert 'value="31/02/1990"' in response.text
    assert 'value="Amina"' in response.text
    assert "<title>Erreur" in response.text
    assert _placements() == []


def test_a_date_far_from_today_is_a_mistyped_year(client, cast):
    response = client.acting_for(cast.sophie).send(_address(cast), {**AMINA, "starts_on": "13/04/1926"})
    assert response.status_code == 422
    assert "plus de dix ans" in response.text


COMMUNES = (
    ("Saint-Aubin", "Précisez\u00a0: Saint-Aubin ("),
    ("Nulle-Part-les-Bains", "Aucune commune ne porte ce nom ou ce code."),
)


@pytest.mark.parametrize(("typed", "said"), COMMUNES)
def test_an_unclear_commune_is_asked_again(client, cast, typed, said):
    response = client.acting_for(cast.sophie).send(_address(cast), {**AMINA, "commune_code": typed})
    assert (response.status_code, _placements()) == (422, [])
    assert said in response.text


@pytest.mark.usefixtures("no_communes")
def test_a_site_without_the_list_of_communes_takes_their_codes(client, cast):
    client.acting_for(cast.sophie)
    refused = client.send(_address(cast), {**AMINA, "commune_code": "Tours"}, key="first")
    assert "Écrivez le code INSEE de la commune" in refused.text
    client.send(_address(cast), {**AMINA, "commune_code": "37261"}, key="second")
    assert _placements()[0].participant.commune_code == "37261"


def test_a_form_sent_twice_acts_once(client, cast):
    client.acting_for(cast.sophie)
    first, second = (client.send(_address(cast), AMINA, key="once") for _ in range(2))
    assert first.location == second.location
    assert len(_placements()) == 1


def test_an_employer_may_choose_one_of_its_own_people(client, cast):
    person = a.a_participant(cast.structure)
    a.a_placement(cast.pledge, person, None, ends_on=date(2026, 3, 31))
    db.session.commit()
    client.acting_for(cast.sophie)
    assert "Amina Diallo, né·e le 17/05/1990" in client.get(_address(cast)).text
    work = {name: AMINA[name] for name in ("contract_type", "means", "weekly_hours", "starts_on", "ends_on")}
    client.send(_address(cast), {**work, "participant": person.public_id})
    assert [one.participant_id for one in _placements()] == [person.id, person.id]


def test_the_same_person_is_not_placed_twice_on_the_same_days(client, cast):
    person = a.a_participant(cast.structure)
    a.a_placement(cast.pledge, person, None)
    db.session.commit()
    sent = {**AMINA, "participant": person.public_id}
    response = client.acting_for(cast.sophie).send(_address(cast), sent)
    assert "Amina Diallo est déjà à l’emploi sur cette clause à partir du 15/09/2025." in response.text
    assert len(_placements()) == 1


def test_an_employer_s_entry_always_looks_new(client, cast):
    a.a_participant(cast.structure, "Amina Diallo")
    db.session.commit()
    client.acting_for(cast.sophie)
    assert "né·e le" not in client.get(_address(cast)).text
    response = client.send(_address(cast), AMINA)
    assert response.status_code == 302
    assert len(db.session.scalars(select(Participant)).all()) == 2


def test_a_rival_cannot_propose_somebody_it_does_not_know(client, cast):
    stranger = a.a_participant(cast.structure)
    db.session.commit()
    client.acting_for(cast.sophie).send(_address(cast), {**AMINA, "participant": stranger.public_id})
    (placement,) = _placements()
    assert placement.participant_id != stranger.id


def test_a_facilitator_is_shown_who_may_be_the_same_person(client, cast):
    known = a.a_participant(cast.structure, "Amina Diallo-Ba")
    db.session.commit()
    client.acting_for(cast.claire)
    sent = {**AMINA, "employer": cast.guerin.public_id}
    asked = client.send(_address(cast), sent, key="first")
    assert asked.status_code == 422
    assert "est déjà connue" in asked.text
    assert "Amina Diallo-Ba, né·e le 17/05/1990" in asked.text
    client.send(_address(cast), {**sent, "participant": known.public_id}, key="second")
    assert _placements()[0].participant_id == known.id


def test_a_facilitator_may_say_that_it_is_another_person(client, cast):
    known = a.a_participant(cast.structure)
    db.session.commit()
    sent = {**AMINA, "employer": cast.guerin.public_id, "is_another": "1"}
    client.acting_for(cast.claire).send(_address(cast), sent)
    assert _placements()[0].participant_id != known.id


def test_an_employer_new_on_the_clause_comes_to_see_it(client, cast):
    sent = {**AMINA, "employer": "", "employer_siret": a.a_siret(), "employer_name": "Intérim Passerelle"}
    client.acting_for(cast.claire).send(_address(cast), sent)
    (placement,) = _placements()
    party = db.session.scalars(select(ClauseParty)).one()
    assert placement.employer.name == "Intérim Passerelle"
    assert (placement.pledge_id, party.capacity) == (cast.pledge.id, Capacity.EMPLOYER)
    assert (party.clause_id, party.organisation_id) == (cast.clause.id, placement.employer_id)


SIRETS = (
    ("", "", "Choisissez l’employeur, ou écrivez son SIRET."),
    ("812 456 789 00020", "Passerelle", "Ce SIRET n’est pas valide"),
    ("732 829 320 00074", "", "écrivez aussi son nom"),
)


@pytest.mark.parametrize(("siret", "name", "said"), SIRETS)
def test_an_employer_is_named_by_a_valid_siret(client, cast, siret, name, said):
    sent = {**AMINA, "employer": "", "employer_siret": siret, "employer_name": name}
    response = client.acting_for(cast.claire).send(_address(cast), sent)
    assert response.status_code == 422
    assert said in response.text
    assert db.session.scalar(select(Organisation).where(Organisation.name == "Passerelle")) is None


def _a_grouping(cast):
    other = a.an_organisation("Menuiserie Aubry")
    contract = a.a_contract(cast.buyer, [cast.guerin, other])
    clause = a.a_clause(contract, cast.structure)
    pledges = [a.a_pledge(clause, holder) for holder in (cast.guerin, other)]
    db.session.add(ClauseParty(clause_id=clause.id, organisation_id=cast.rival.organisation_id, capacity="employer"))
    db.session.commit()
    return clause, pledges


def test_a_holder_works_under_its_own_pledge(client, cast):
    clause, pledges = _a_grouping(cast)
    client.acting_for(cast.sophie).send(_address(cast, clause), AMINA)
    assert _placements()[0].pledge_id == pledges[0].id


def test_who_works_for_a_grouping_says_for_which_holder(client, cast):
    clause, pledges = _a_grouping(cast)
    client.acting_for(cast.rival)
    asked = client.send(_address(cast, clause), AMINA, key="first")
    assert (asked.status_code, "Choisissez le titulaire" in asked.text) == (422, True)
    client.send(_address(cast, clause), {**AMINA, "holder": pledges[1].public_id}, key="second")
    assert _placements()[0].pledge_id == pledges[1].id


def test_a_clause_without_a_holder_takes_nobody(client, cast):
    clause = a.a_clause(cast.contract, cast.structure)
    db.session.commit()
    response = client.acting_for(cast.sophie).send(_address(cast, clause), AMINA)
    assert "Ce marché n’a pas encore de titulaire connu" in response.text


@pytest.mark.parametrize("who", ["rival", "other_facilitator"])
def test_somebody_else_s_clause_is_not_found(client, cast, who):
    client.acting_for(getattr(cast, who))
    assert client.get(_address(cast)).status_code == 404
    assert client.send(_address(cast), AMINA).status_code == 404
    assert _placements() == []
