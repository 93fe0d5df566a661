"""The pages of certificates, through real requests."""

from __future__ import annotations

import re

import pytest

from tests import builders as a
from tests.cast import Cast
from tests.certificates.world import as_drawn
from tracker.certificates.models import Certificate
from tracker.plumbing import clock
from tracker.plumbing.database import db

N = "\u00a0"


@pytest.fixture(autouse=True)
def _on_the_day_of_the_picture(app):
    clock.stand_on(a.TODAY)


def text_of(response) -> str:
    """What a reader reads."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).replace(N, " ").split())


def issued(client, clause, **fields_):
    data = {"kind": "final", "reason": "", "reservations": "", "seen_version": "0", **fields_}
    return client.send(f"/clauses/{clause.id}/attestation", data, key=f"issue-{len(fields_)}-{data['seen_version']}")


def test_a_facilitator_issues_a_final_certificate_and_anybody_verifies_it(client, cast: Cast) -> None:
    clause = as_drawn(cast)
    client.acting_for(cast.claire)
    before = text_of(client.get(f"/clauses/{clause.id}/attestation"))
    assert "1 607,50 h" in before
    assert "Objectif atteint : 1 607,50 h validées pour 1 500,00 h dues." in before
    response = issued(client, clause)
    assert (response.status_code, response.location) == (302, "/attestations/AR-2026-0001")
    shown = client.get("/attestations/AR-2026-0001")
    assert "Valide" in text_of(shown)
    certificate = db.session.query(Certificate).one()
    stranger = client.application.test_client()
    verified = stranger.get(f"/verifier/{certificate.code}")
    assert verified.status_code == 200
    assert "Attestation valide" in text_of(verified)
    assert "1 607,50 h validées" in text_of(verified)
    assert "objectif atteint à 107,2 %" in text_of(verified)
    assert certificate.file_digest in re.sub(r"\s", "", verified.text)
