"""The pages of certificates, through real requests."""

from __future__ import annotations

import re
import zlib
from datetime import date

import pytest
import time_machine

from tests import builders as a
from tests.cast import Cast
from tests.certificates.world import NOW, TODAY, a_declaration, a_month, a_worker, an_issue, as_drawn, ended, idle
from tracker.accounts.rules import VERIFICATIONS_PER_MACHINE
from tracker.certificates.actions import revoke
from tracker.certificates.models import Certificate
from tracker.hours.rules.states import DeclarationState
from tracker.placements.rules import Means
from tracker.plumbing import clock, files
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Month

N = "\u00a0"
STATEMENTS = 12


@pytest.fixture(autouse=True)
def _on_the_day_of_the_picture(app):
    clock.stand_on(a.TODAY)


def text_of(response) -> str:
    """What a reader reads, every space alike."""
    body = re.sub(r"<(head|footer)\b.*?</\1>", "", response.text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).replace(N, " ").split())


def issued(client, clause_id: int, **fields):
    data = {"kind": "final", "reason": "", "reservations": "", "seen_version": "0", **fields}
    return client.send(
        f"/clauses/{clause_id}/attestation", data, key=f"{zlib.crc32(repr(sorted(data.items())).encode())}"
    )


def stranger(client):
    return client.application.test_client()


def test_a_facilitator_issues_a_final_certificate_and_anybody_verifies_it(client, cast: Cast) -> None:
    clause_id = as_drawn(cast).id
    client.acting_for(cast.claire)
    before = text_of(client.get(f"/clauses/{clause_id}/attestation"))
    assert "Objectif atteint : 1 607,50 h validées pour 1 500,00 h dues." in before
    response = issued(client, clause_id)
    assert (response.status_code, response.location) == (302, "/attestations/AR-2026-0001")
    assert "Valide" in text_of(client.get("/attestations/AR-2026-0001"))
    certificate = db.session.query(Certificate).one()
    verified = stranger(client).get(f"/verifier/{certificate.code}")
    said = text_of(verified)
    assert "Attestation valide" in said
    assert "1 607,50 h validées pour 1 500,00 h dues : objectif atteint à 107,2 %" in said
    assert certificate.file_digest in re.sub(r"\s", "", verified.text)


def test_the_file_given_is_for_ever_the_one_that_was_issued(client, cast: Cast) -> None:
    clause_id = as_drawn(cast).id
    client.acting_for(cast.claire)
    issued(client, clause_id)
    kept = files.content_of(db.session.query(Certificate).one().file_digest)
    cast.guerin.name = "Nouvelle raison sociale"
    db.session.commit()
    issued(client, clause_id, seen_version="1", reason="Changement de nom")
    given = client.get("/attestations/AR-2026-0001/v1.pdf")
    assert given.data == kept
    assert given.mimetype == "application/pdf"
    assert given.headers["Content-Disposition"] == 'attachment; filename="attestation-AR-2026-0001-v1.pdf"'
    assert client.get("/attestations/AR-2026-0001/v2.pdf").data != kept


def test_a_form_sent_twice_issues_once(client, cast: Cast) -> None:
    clause_id = as_drawn(cast).id
    client.acting_for(cast.claire)
    first, again = issued(client, clause_id), issued(client, clause_id)
    assert first.location == again.location
    assert db.session.query(Certificate).count() == 1


def test_somebody_elses_issue_meanwhile_is_told_with_a_409(client, cast: Cast) -> None:
    as_drawn(cast)
    an_issue(cast)
    client.acting_for(cast.claire)
    response = issued(client, cast.clause.id, reason="Avenant")
    assert response.status_code == 409
    assert "AR-2026-0001, version 1, a été délivrée" in text_of(response)


def test_everything_that_forbids_a_final_one_is_said_at_once_with_its_way_out(client, cast: Cast) -> None:
    clause = ended(cast, idle_until=Month(2025, 12))
    clause.ends_on = date(2026, 10, 31)
    worker = a_worker(cast, "Amina Diallo")
    a_declaration(clause, worker.employer, Month(2026, 1), DeclarationState.ACCEPTED)
    waiting = a_declaration(clause, worker.employer, Month(2026, 2), DeclarationState.SUBMITTED)
    db.session.commit()
    client.acting_for(cast.claire)
    page = client.get(f"/clauses/{clause.id}/attestation")
    said = text_of(page)
    assert "Seule une attestation intermédiaire est possible aujourd’hui" in said
    assert "Guérin Construction, février 2026 : à valider" in said
    assert "Guérin Construction, mars 2026 : à déclarer" in said
    assert f"/declarations/a-valider/{waiting.public_id}" in page.text
    refused = issued(client, clause.id, reservations="Réserve typée")
    assert refused.status_code == 422
    assert "3 points à corriger" in text_of(refused)
    assert "Réserve typée" in refused.text
    assert issued(client, clause.id, kind="interim").status_code == 302


def test_a_clause_without_dates_says_what_to_complete(client, cast: Cast) -> None:
    cast.clause.ends_on = cast.clause.facilitator_id = None
    db.session.commit()
    client.acting_for(cast.administrator)
    said = text_of(client.get(f"/clauses/{cast.clause.id}/attestation"))
    assert "Indiquez la notification et la fin du marché avant d’attester." in said
    assert "Désignez qui signe l’attestation." in said
    assert "Délivrer l’attestation" not in said


def test_an_unknown_kind_is_refused_in_french(client, cast: Cast) -> None:
    clause_id = as_drawn(cast).id
    client.acting_for(cast.claire)
    for kind in ("", "wrong"):
        response = issued(client, clause_id, kind=kind)
        assert response.status_code == 422
        assert "Choisissez une réponse" in text_of(response)


def test_a_replaced_certificate_points_to_the_next_one(client, cast: Cast) -> None:
    as_drawn(cast)
    first = an_issue(cast)
    second = an_issue(cast, seen_version=1, reason="prise en compte de l’avenant n° 2")
    page = stranger(client).get(f"/verifier/{first.code}")
    said = text_of(page)
    assert "Attestation remplacée" in said
    assert "la version 2 de l’attestation AR-2026-0001 l’a remplacé le 08/04/2026" in said
    assert "Motif : prise en compte de l’avenant n° 2" in said
    assert "(chiffres remplacés)" in said
    assert f"/verifier/{second.code}" in page.text


def test_a_revoked_certificate_shows_its_reason_and_no_hours(client, cast: Cast) -> None:
    as_drawn(cast)
    certificate = an_issue(cast)
    client.acting_for(cast.claire)
    address = "/attestations/AR-2026-0001/v1/revoquer"
    assert "Motif de la révocation" in text_of(client.get(address))
    assert client.send(address, {"reason": " "}).status_code == 422
    response = client.send(address, {"reason": "heures déclarées deux fois"}, key="again")
    assert response.location == "/attestations/AR-2026-0001"
    assert client.send(address, {"reason": "encore"}, key="third").status_code == 409
    said = text_of(stranger(client).get(f"/verifier/{certificate.code}"))
    assert "Ce document n’a plus aucune valeur depuis le 08/04/2026" in said
    assert "Motif publié : heures déclarées deux fois" in said
    assert "1 607,50" not in said
    assert "1 500,00" not in said


def test_no_person_stands_on_the_public_page(client, cast: Cast) -> None:
    as_drawn(cast)
    first = an_issue(cast)
    second = an_issue(cast, seen_version=1, reason="Avenant")
    revoke(second, "Erreur", cast.claire.person_id, NOW, TODAY)
    db.session.commit()
    for certificate in (first, second):
        page = stranger(client).get(f"/verifier/{certificate.code}")
        assert not [name for name in ("Morvan", "Claire", "Diallo", "Cherif", "Robin", "Amar") if name in page.text]
        assert page.headers["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize(
    ("number", "spoil", "status"),
    [
        ("AR-2026-0001", str, 302),
        (" ar 2026 0001 ", str.lower, 302),
        ("2026-0001", lambda check: f"{check[:5]} {check[5:]}", 302),
        ("AR-2026-0001", lambda check: check[:-1], 404),
        ("AR-2026-0001", lambda check: check[::-1], 404),
        ("AR-2026-0002", str, 404),
        ("%", str, 404),
    ],
)
def test_a_paper_is_found_by_its_number_and_check_code(client, cast: Cast, number, spoil, status: int) -> None:
    as_drawn(cast)
    certificate = an_issue(cast)
    response = client.send("/verifier", {"number": number, "check_code": spoil(certificate.check_code)})
    assert response.status_code == status
    if status == 302:
        assert response.location == f"/verifier/{certificate.code}"
    else:
        assert "Attestation inconnue" in text_of(response)
        assert "Relisez le code de contrôle" in text_of(response)


def test_each_version_has_its_own_check_code(client, cast: Cast) -> None:
    as_drawn(cast)
    first = an_issue(cast)
    second = an_issue(cast, seen_version=1, reason="Avenant")
    for one in (first, second):
        response = client.send("/verifier", {"number": one.number, "check_code": one.check_code}, key=one.code)
        assert response.location == f"/verifier/{one.code}"


def test_an_empty_verification_says_what_to_write(client, cast: Cast) -> None:
    response = client.send("/verifier", {"number": "", "check_code": ""})
    assert response.status_code == 422
    assert "Écrivez le code de contrôle." in text_of(response)


@pytest.mark.parametrize("code", ["abcdefghijklmnopqrstuvwxyz", "1", "%", "AR-2026-0001"])
def test_an_unknown_code_answers_404_and_says_what_to_check(client, cast: Cast, code: str) -> None:
    as_drawn(cast)
    an_issue(cast)
    response = client.get(f"/verifier/{code}")
    assert response.status_code == 404
    assert "Attestation inconnue" in text_of(response)
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"


@time_machine.travel("2026-04-08 12:00+02:00", tick=False)
def test_a_machine_that_tries_too_many_codes_is_stopped(client, cast: Cast, monkeypatch) -> None:
    as_drawn(cast)
    certificate = an_issue(cast)
    monkeypatch.setattr("tracker.certificates.views.VERIFICATIONS_PER_MACHINE", 3)
    found = [client.get(f"/verifier/{code}").status_code for code in ("a", "b", certificate.code, certificate.code)]
    assert found == [404, 404, 200, 429]
    sent = client.send("/verifier", {"number": certificate.number, "check_code": certificate.check_code})
    assert sent.status_code == 429
    assert VERIFICATIONS_PER_MACHINE <= 1000


SEEN_BY = [
    ("claire", 200),
    ("administrator", 200),
    ("observer", 200),
    ("helene", 200),
    ("sophie", 200),
    ("rival", 404),
    ("other_buyer", 404),
    ("other_facilitator", 404),
    ("prescriber", 403),
]


@pytest.mark.parametrize(("who", "status"), SEEN_BY)
def test_each_sees_the_certificates_of_its_own_side(client, cast: Cast, who: str, status: int) -> None:
    as_drawn(cast)
    an_issue(cast)
    client.acting_for(getattr(cast, who))
    assert client.get("/attestations/AR-2026-0001").status_code == status
    assert client.get("/attestations/AR-2026-0001/v1.pdf").status_code == status
    listed = client.get("/attestations")
    assert ("AR-2026-0001" in listed.text) == (status == 200)
    assert listed.status_code == (403 if status == 403 else 200)


@pytest.mark.parametrize(
    ("who", "status"), [("claire", 200), ("other_facilitator", 404), ("helene", 403), ("sophie", 403)]
)
def test_only_those_in_charge_issue_and_revoke(client, cast: Cast, who: str, status: int) -> None:
    as_drawn(cast)
    an_issue(cast)
    client.acting_for(getattr(cast, who))
    assert client.get(f"/clauses/{cast.clause.id}/attestation").status_code == status
    assert client.get("/attestations/AR-2026-0001/v1/revoquer").status_code == status


def test_an_employer_met_on_a_clause_sees_no_certificate_of_its_holder(client, cast: Cast) -> None:
    as_drawn(cast)
    an_issue(cast)
    a_worker(cast, "Éva Petit", Means.HIRING_OUT, employer=cast.rival.organisation)
    db.session.commit()
    assert client.acting_for(cast.rival).get("/attestations/AR-2026-0001").status_code == 404


def test_versions_and_numbers_that_do_not_exist_are_404(client, cast: Cast) -> None:
    as_drawn(cast)
    an_issue(cast)
    client.acting_for(cast.claire)
    for address in ("/attestations/AR-2026-0009", "/attestations/AR-2026-0001/v2.pdf", "/attestations/x/v1/revoquer"):
        assert client.get(address).status_code == 404


def many(cast: Cast, count: int) -> None:
    for _ in range(count):
        row = {"due": "10.00", "facilitator": cast.claire.person, "ends_on": date(2026, 3, 31)}
        an_issue(cast, idle(a.a_clause(cast.contract, cast.structure, **row), cast.guerin))


def test_the_list_costs_the_same_whatever_its_length(client, cast: Cast) -> None:
    client.acting_for(cast.claire)
    assert "Aucune attestation" in text_of(client.get("/attestations"))
    many(cast, 3)
    few = client.get("/attestations")
    many(cast, 57)
    crowd = client.get("/attestations")
    assert few.headers["X-Statements"] == crowd.headers["X-Statements"]
    assert int(crowd.headers["X-Statements"]) <= STATEMENTS
    assert "1 à 50 sur 60 attestations" in text_of(crowd)
    assert "51 à 60 sur 60 attestations" in text_of(client.get("/attestations?page=2"))


def test_the_page_that_issues_costs_the_same_whatever_the_number_of_people(client, cast: Cast) -> None:
    clause_id = as_drawn(cast).id
    client.acting_for(cast.claire)
    few = client.get(f"/clauses/{clause_id}/attestation")
    for rank in range(30):
        a_month(a_worker(cast, f"Personne {rank}"), Month(2026, 1), "10.00")
    crowd = client.get(f"/clauses/{clause_id}/attestation")
    assert "Participants 33" in text_of(crowd)
    assert few.headers["X-Statements"] == crowd.headers["X-Statements"]
    assert int(crowd.headers["X-Statements"]) <= STATEMENTS


def test_each_other_page_keeps_within_its_statements(client, cast: Cast) -> None:
    as_drawn(cast)
    first = an_issue(cast)
    an_issue(cast, seen_version=1, reason="Avenant")
    client.acting_for(cast.claire)
    for address in (
        "/attestations/AR-2026-0001",
        "/attestations/AR-2026-0001/v2.pdf",
        "/attestations/AR-2026-0001/v2/revoquer",
        f"/verifier/{first.code}",
        "/verifier",
    ):
        assert int(client.get(address).headers["X-Statements"]) <= STATEMENTS, address
