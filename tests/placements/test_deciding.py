"""A facilitator grants or refuses; the employer is told, and never why the person counts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from types import SimpleNamespace

import pytest
from sqlalchemy import select, text

from tests import builders as a
from tracker.accounts.models import JournalEntry, Reading
from tracker.accounts.rules import Role
from tracker.participants.models import EligibilityDecision
from tracker.participants.rules.decisions import Outcome, RsaStatus
from tracker.placements.models import Placement
from tracker.plumbing import clock
from tracker.plumbing.database import db
from tracker.plumbing.outbox import Message

GRANT = {
    "outcome": "granted",
    "main_category": "rsa",
    "rsa_status": "recipient",
    "other_categories": ["deld", "qpv"],
    "proof_kind": "rsa",
    "proof_issued_on": "01/04/2026",
    "proof_seen_on": "07/04/2026",
    "proof_seen_by": "Claire Morvan",
}
REFUSE = {"outcome": "refused", "refusal_reason": "Le justificatif date de plus de trois mois."}

pytestmark = pytest.mark.usefixtures("communes")


@pytest.fixture
def waiting(cast) -> Placement:
    """Amina, proposed from 13/04/2026, as the page of 08/04/2026 shows her."""
    clock.stand_on(a.TODAY)
    person = a.a_participant(cast.structure, born_on=date(1990, 5, 17))
    return a.a_placement(cast.pledge, person, None, starts_on=date(2026, 4, 13))


def _address(placement):
    return f"/mises-a-l-emploi/{placement.public_id}/eligibilite"


def _decide(client, placement, answers, key="once", version=1):
    return client.send(_address(placement), {"version": version, **answers}, key=key)


def _decision() -> EligibilityDecision:
    return db.session.scalars(select(EligibilityDecision).order_by(EligibilityDecision.id.desc())).first()


def _messages():
    return db.session.scalars(select(Message).order_by(Message.id)).all()


def test_an_approval_counts_from_today_and_freezes_the_person_s_status(client, cast, waiting):
    response = _decide(client.acting_for(cast.claire), waiting, GRANT)
    decision = _decision()
    assert response.location == f"/mises-a-l-emploi/{waiting.public_id}"
    assert (waiting.approved_on, waiting.decision_id, waiting.refused_at) == (a.TODAY, decision.id, None)
    assert (decision.outcome, decision.main_category) == (Outcome.GRANTED, "rsa")
    assert (decision.other_categories, decision.rsa_status) == (["deld", "qpv"], RsaStatus.RECIPIENT)
    assert (decision.proof_kind, decision.proof_seen_on) == ("rsa", date(2026, 4, 7))
    assert (decision.decided_on, decision.decided_by_id) == (a.TODAY, cast.claire.person_id)
    assert decision.frozen == {"age": 35, "commune": "37261", "qpv": None, "level": "3"}


def test_the_journal_of_person_and_placement_tells_without_the_category(client, cast, waiting):
    _decide(client.acting_for(cast.claire), waiting, GRANT)
    entries = db.session.scalars(select(JournalEntry).where(JournalEntry.person_id == cast.claire.person_id)).all()
    assert {(entry.verb, entry.about_kind) for entry in entries} == {
        ("eligibility_granted", "participant"),
        ("placement_approved", "participant"),
        ("placement_approved", "placement"),
    }
    assert not any("rsa" in str(entry.facts).lower() for entry in entries)


APPROVAL = """Bonjour,

Nous donnons notre accord à la mise à l’emploi d’Amina Diallo par Guérin Construction.

marché {number}, Réhabilitation énergétique du collège Jean-Zay, lot 1
CDD, embauche directe, à partir du 13/04/2026

Les heures travaillées pour ce marché sont prises en compte à partir du 08/04/2026, jusqu’au 31/10/2026.

Votre accord préalable AP-2026-0001 est un PDF daté, à garder. Vous le téléchargez sur cette page\u00a0:

http://clauses.test/mises-a-l-emploi/{public_id}

Département de Loire-et-Vienne
Suivi des clauses d’insertion
"""


def test_the_employer_s_people_receive_a_dated_prior_approval(client, cast, waiting):
    colleague = a.a_membership(Role.EMPLOYER, cast.guerin, a.a_person("Marc", "Guérin"))
    number, public_id = cast.contract.number, waiting.public_id
    addresses = {cast.sophie.person.email, colleague.person.email}
    _decide(client.acting_for(cast.claire), waiting, GRANT)
    messages = _messages()
    assert {message.recipient for message in messages} == addresses
    assert messages[0].subject.startswith("Accord préalable du 08/04/2026")
    assert messages[0].body == APPROVAL.format(number=number, public_id=public_id)
    assert (messages[0].about_kind, messages[0].about_id) == ("placement", waiting.id)


def test_a_refusal_reaches_the_employer_as_it_was_written(client, cast, waiting):
    _decide(client.acting_for(cast.claire), waiting, REFUSE)
    assert (waiting.approved_on, waiting.decision_id) == (None, None)
    assert (waiting.refused_at is not None, waiting.refusal_reason) == (True, REFUSE["refusal_reason"])
    assert (_decision().outcome, _decision().main_category) == (Outcome.REFUSED, None)
    (message,) = _messages()
    assert message.subject.startswith("Mise à l’emploi refusée")
    assert f"Motif\u00a0: {REFUSE['refusal_reason']}\n" in message.body
    page = client.acting_for(cast.sophie).get(f"/mises-a-l-emploi/{waiting.public_id}")
    assert REFUSE["refusal_reason"] in page.text


WRONG = (
    ({}, "outcome", "Choisissez\u00a0: accord ou refus."),
    ({"outcome": "refused"}, "refusal_reason", "Écrivez le motif du refus"),
    ({**GRANT, "main_category": ""}, "main_category", "Choisissez la catégorie principale."),
    ({**GRANT, "main_category": "deld"}, "main_category", "La catégorie RSA est la catégorie principale"),
    ({**GRANT, "rsa_status": "none"}, "rsa_status", "Précisez\u00a0: allocataire"),
    ({**GRANT, "proof_kind": "aah"}, "proof_kind", "les justificatifs admis sont"),
    ({**GRANT, "proof_issued_on": "08/01/2026"}, "proof_seen_on", "moins de 3 mois"),
    ({**GRANT, "proof_seen_on": "hier"}, "proof_seen_on", "Écrivez une date comme 12/03/2026."),
    ({**GRANT, "proof_seen_on": "09/04/2026"}, "proof_seen_on", "ne peut pas être vu après la décision"),
)


@pytest.mark.parametrize(("answers", "field", "said"), WRONG, ids=[row[2] for row in WRONG])
def test_a_wrong_decision_is_asked_again_beside_its_field(client, cast, waiting, answers, field, said):
    response = _decide(client.acting_for(cast.claire), waiting, answers)
    assert response.status_code == 422
    assert said in response.text
    assert f'href="#{field}' in response.text
    assert (_decision(), waiting.approved_on, waiting.refused_at, _messages()) == (None, None, None, [])


def test_several_faults_come_at_once(client, cast, waiting):
    answers = {"outcome": "granted", "proof_seen_on": "hier", "proof_seen_by": ""}
    response = _decide(client.acting_for(cast.claire), waiting, answers)
    for said in ("Choisissez la catégorie principale.", "Écrivez une date", "Choisissez le justificatif"):
        assert said in response.text


def test_who_decides_second_is_told_what_changed_and_nothing_is_lost(client, cast, waiting):
    _decide(client.acting_for(cast.claire), waiting, GRANT, key="first")
    second = _decide(client.acting_for(cast.administrator), waiting, REFUSE, key="second")
    assert second.status_code == 409
    assert "Claire Morvan a donné son accord le 08/04/2026" in second.text
    assert (waiting.approved_on, waiting.refused_at) == (a.TODAY, None)
    assert len(_messages()) == 1


def test_a_page_opened_before_a_change_does_not_decide(client, cast, waiting):
    db.session.execute(text("UPDATE placement SET version_id = 2"))
    response = _decide(client.acting_for(cast.claire), waiting, GRANT, version=1)
    assert (response.status_code, waiting.approved_on) == (409, None)


def test_a_decision_sent_twice_is_made_once(client, cast, waiting):
    client.acting_for(cast.claire)
    first, second = (_decide(client, waiting, GRANT) for _ in range(2))
    assert first.location == second.location
    assert len(_messages()) == 1


def test_a_decided_placement_leads_to_its_page(client, cast, waiting):
    _decide(client.acting_for(cast.claire), waiting, GRANT)
    assert client.get(_address(waiting)).location == f"/mises-a-l-emploi/{waiting.public_id}"


def _elsewhere(cast, person, decision, **more):
    pledge = a.a_pledge(a.a_clause(cast.contract, cast.structure), cast.rival.organisation)
    return a.a_placement(pledge, person, decision, **more)


def test_a_running_decision_serves_a_new_placement(client, cast, waiting):
    decision = a.a_decision(waiting.participant, cast.claire.person)
    _elsewhere(cast, waiting.participant, decision)
    client.acting_for(cast.claire)
    assert "avec la décision du 01/09/2025" in client.get(_address(waiting)).text
    _decide(client, waiting, {"outcome": "reused"})
    assert (waiting.approved_on, waiting.decision_id) == (a.TODAY, decision.id)
    assert len(db.session.scalars(select(EligibilityDecision)).all()) == 1


# The window of 24 months opened on 15/09/2023 or the day before: the last day is 14/09/2025, or the 13th.
RUNNING = ((date(2025, 9, 14), True), (date(2025, 9, 15), False))


@pytest.mark.parametrize(("today", "is_offered"), RUNNING)
def test_a_decision_serves_as_long_as_its_window_runs(client, cast, waiting, today, is_offered):
    more = {"decided_on": date(2023, 9, 1), "proof_seen_on": date(2023, 8, 28)}
    decision = a.a_decision(waiting.participant, cast.claire.person, **more)
    _elsewhere(cast, waiting.participant, decision, starts_on=date(2023, 9, 15), ends_on=date(2024, 2, 1))
    clock.stand_on(today)
    client.acting_for(cast.claire)
    assert ("avec la décision du 01/09/2023" in client.get(_address(waiting)).text) is is_offered
    response = _decide(client, waiting, {"outcome": "reused"})
    assert response.status_code == (302 if is_offered else 422)


def test_opening_a_file_to_decide_is_noted(client, cast, waiting):
    client.acting_for(cast.claire)
    client.get(_address(waiting))
    client.get(f"/mises-a-l-emploi/{waiting.public_id}")
    readings = db.session.scalars(select(Reading)).all()
    assert [(one.person_id, one.about_kind, one.about_id) for one in readings] == [
        (cast.claire.person_id, "participant", waiting.participant_id)
    ] * 2


def test_an_employer_reading_its_own_people_leaves_no_reading(client, cast, waiting):
    client.acting_for(cast.sophie).get(f"/mises-a-l-emploi/{waiting.public_id}")
    assert db.session.scalars(select(Reading)).all() == []


DENIED = (("sophie", 403), ("other_facilitator", 404), ("helene", 403), ("prescriber", 403), ("observer", 403))


@pytest.mark.parametrize(("who", "status"), DENIED)
def test_only_the_structure_in_charge_decides(client, cast, waiting, who, status):
    client.acting_for(getattr(cast, who))
    assert client.get(_address(waiting)).status_code == status
    assert _decide(client, waiting, GRANT).status_code == status
    assert waiting.approved_on is None


def test_two_who_decide_at_the_same_moment_make_one_decision(app, cast, waiting):
    db.session.commit()
    both = (cast.claire, cast.administrator)
    clients = [app.test_client().acting_for(one) for one in both]
    gate = Barrier(len(clients))

    def decide(number: int) -> int:
        gate.wait()
        return _decide(clients[number], waiting_address, GRANT, key=f"hand-{number}").status_code

    waiting_address = SimpleNamespace(public_id=waiting.public_id)
    with ThreadPoolExecutor(len(clients)) as hands:
        statuses = sorted(hands.map(decide, range(len(clients))))
    db.session.expire_all()
    assert statuses == [302, 409]
    assert (len(db.session.scalars(select(EligibilityDecision)).all()), waiting.approved_on) == (1, a.TODAY)
