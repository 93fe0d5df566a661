"""What is missing and who must bring it: the rule, and the same list in the words of each reader."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests import builders as a
from tests.placements.test_placements_rules import DRAFT, YEAR
from tracker.participants.models import ParticipantAccess
from tracker.placements.rules import ContractType, Means, PlacementDraft, objections_to_placement
from tracker.placements.rules.approvals import Side, Standing, approval_number, missing_of
from tracker.plumbing import clock
from tracker.plumbing.database import db
from tracker.publics.rules import DEFAULT_EDITION, EDITIONS, Proof

APPROVED = Standing(None)
TUTOR = (Side.EMPLOYER, "le tuteur ou la tutrice")
SITE = (Side.EMPLOYER, "le lieu de travail")
END = (Side.EMPLOYER, "la fin du contrat de travail")
AGREEMENT = (Side.BUYER, "son accord écrit sur la modalité")
DATES = (Side.FACILITATION, "les dates d’exécution du marché")
TODAY = (Side.FACILITATION, "la décision, demandée aujourd’hui")
ROWS = (
    ("whole and approved", {}, APPROVED, ()),
    ("no tutor", {"tutor": " "}, APPROVED, (TUTOR,)),
    ("no tutor asked of a loan", {"tutor": "", "means": Means.HIRING_OUT}, APPROVED, (AGREEMENT,)),
    ("no site", {"site": ""}, APPROVED, (SITE,)),
    ("a CDD has an end", {"ends_on": None}, APPROVED, (END,)),
    ("a CDI has none", {"ends_on": None, "contract_type": ContractType.CDI}, APPROVED, ()),
    ("the contract has no dates", {}, Standing(None, has_dates=False), (DATES,)),
    ("proposed today", {}, Standing(0), (TODAY,)),
    ("proposed yesterday", {}, Standing(1), ((Side.FACILITATION, "la décision, depuis 1\u00a0jour"),)),
    ("proposed six days ago", {}, Standing(6), ((Side.FACILITATION, "la décision, depuis 6\u00a0jours"),)),
    ("all at once", {"tutor": "", "site": ""}, Standing(0, has_dates=False), (TUTOR, SITE, DATES, TODAY)),
)


@pytest.mark.parametrize(("case", "change", "standing", "missing"), ROWS, ids=[row[0] for row in ROWS])
def test_what_lacks_is_said_with_who_brings_it(case, change, standing, missing):
    found = objections_to_placement(replace(DRAFT, **change), YEAR, {Means.DIRECT_HIRE})
    assert missing_of(found, standing) == missing


def test_a_proof_is_asked_while_waiting_of_those_alone_who_read_proofs():
    proof = (Side.PROVER, "le justificatif, s’il n’a pas encore été vu")
    assert missing_of([], Standing(0), reads_proofs=True) == (proof, TODAY)
    assert missing_of([], Standing(0)) == (TODAY,)
    assert missing_of([], APPROVED, reads_proofs=True) == ()


def test_whatever_lacks_no_word_says_why():
    found = objections_to_placement(PlacementDraft(means=Means.DIRECT_HIRE, contract_type=ContractType.CDD), YEAR, ())
    said = " ".join(text for _, text in missing_of(found, Standing(6, False), reads_proofs=True))
    labels = {one.label for one in EDITIONS[DEFAULT_EDITION].categories} | {one.label for one in Proof}
    assert not [label for label in labels if label.lower() in said.lower()]


def test_every_side_has_its_words():
    assert [side.label for side in Side] == [
        "À l’employeur",
        "À la personne, ou à qui l’a orientée",
        "À l’acheteur",
        "À la facilitation",
    ]


@pytest.mark.parametrize(("rank", "number"), [(1, "AP-2026-0001"), (42, "AP-2026-0042"), (12345, "AP-2026-12345")])
def test_the_number_is_the_year_and_the_rank(rank, number):
    assert approval_number(2026, rank) == number


@pytest.fixture
def waiting(cast):
    """Proposed on 2 April without a tutor, looked at on the 8th; sent by the local mission."""
    clock.stand_on(a.TODAY)
    person = a.a_participant(cast.structure)
    db.session.add(ParticipantAccess(participant_id=person.id, organisation_id=cast.prescriber.organisation_id))
    more = {"starts_on": date(2026, 4, 13), "ends_on": date(2026, 9, 30), "tutor": ""}
    return a.a_placement(cast.pledge, person, None, proposed_at=datetime(2026, 4, 2, 9, 0, tzinfo=UTC), **more)


N = "\u00a0"
PROOF = f"À la personne, ou à qui l’a orientée{N}: le justificatif, s’il n’a pas encore été vu."
READERS = {
    "sophie": (f"À vous{N}: le tuteur ou la tutrice.", f"À la facilitation{N}: la décision, depuis 6{N}jours."),
    "prescriber": (f"À l’employeur{N}: le tuteur ou la tutrice.", PROOF, f"À la facilitation{N}: la décision, depuis"),
    "claire": (f"À l’employeur{N}: le tuteur ou la tutrice.", PROOF, f"À vous{N}: la décision, depuis 6{N}jours."),
}


@pytest.mark.parametrize("who", READERS)
def test_each_reader_sees_what_lacks_and_who_acts(client, cast, waiting, who):
    page = client.acting_for(getattr(cast, who)).get(f"/mises-a-l-emploi/{waiting.public_id}").text
    assert "Ce qui manque, et qui l’apporte" in page
    assert [said for said in READERS[who] if said not in page] == []
    assert ("justificatif" in page) is (who != "sophie")
    assert "Indiquez le tuteur" not in page


def test_once_refused_nothing_is_asked_any_more(client, cast, waiting):
    waiting.refused_at, waiting.refusal_reason = a.NOW, "Hors délai."
    page = client.acting_for(cast.sophie).get(f"/mises-a-l-emploi/{waiting.public_id}").text
    assert "Ce qui manque" not in page
    assert "À compléter" not in page
