"""What the public page answers to whoever verifies a certificate: no person stands on it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from tracker.certificates.documents.words import contract_of, day, grouped, hours, identity_of, percent
from tracker.certificates.models import Certificate, CertificateEnd
from tracker.certificates.queries.certificates import standing
from tracker.certificates.rules import Kind, Standing
from tracker.plumbing.formats import french_date, french_moment
from tracker.vocabulary.hours import format_hours

GROUP = 4
TITLES = {
    Standing.VALID: "Attestation valide",
    Standing.REPLACED: "Attestation remplacée",
    Standing.REVOKED: "Attestation révoquée",
}


@dataclass(frozen=True)
class Verdict:
    """The answer, every text ready to show; `hours` is None once the certificate is revoked."""

    state: Standing
    title: str
    sentence: str
    hours: str | None
    beside: str | None
    reason: str | None
    facts: list[tuple[str, str, str]]
    fingerprint: str


def verdict_on(certificate: Certificate, end: CertificateEnd | None, now: datetime) -> Verdict:
    """What became of the certificate, and what to compare with the paper in hand."""
    state = standing(end)
    return Verdict(
        state=state,
        title=TITLES[state],
        sentence=_sentence(certificate, end, now),
        hours=None if state is Standing.REVOKED else f"{hours(certificate.facts['counted'])} validées",
        beside=None if state is Standing.REVOKED else _beside(certificate.facts, state),
        reason=_reason(end),
        facts=facts_of(certificate),
        fingerprint=grouped(certificate.file_digest, GROUP),
    )


def _sentence(certificate: Certificate, end: CertificateEnd | None, now: datetime) -> str:
    if end is None:
        return f"Ce document est une attestation en vigueur. Vérifié le {french_moment(now)}."
    since = french_date(end.ended_on)
    if end.replaced_by_id is None:
        return f"Ce document n’a plus aucune valeur depuis le {since}. Ne vous appuyez pas dessus."
    version = f"la version {certificate.version + 1} de l’attestation {certificate.number}"
    return f"Ce document n’est plus à jour : {version} l’a remplacé le {since}."


def _beside(facts: dict[str, Any], state: Standing) -> str:
    due = f"pour {hours(facts['due'])} dues"
    if state is Standing.REPLACED:
        return f"{due} (chiffres remplacés)"
    rate = percent(facts["percent"])
    if facts["is_met"]:
        return f"{due} : objectif atteint à {rate}"
    return f"{due} : objectif non atteint, il manque {format_hours(Decimal(facts['balance']))} ({rate})"


def _reason(end: CertificateEnd | None) -> str | None:
    if end is None:
        return None
    return f"{'Motif' if end.replaced_by_id else 'Motif publié'} : {end.reason}"


def facts_of(certificate: Certificate) -> list[tuple[str, str, str]]:
    """What must be the same on the paper: number, day, kind, holder, buyer, contract."""
    facts = certificate.facts
    return [
        ("Numéro", certificate.number, f"version {certificate.version}"),
        ("Délivrée le", day(facts["issued_on"]), f"par {facts['structure']}"),
        ("Nature", f"Attestation {Kind(facts['kind']).label}", ""),
        ("Titulaire", facts["holder"]["name"], identity_of(facts["holder"])),
        ("Acheteur", facts["buyer"]["name"], identity_of(facts["buyer"])),
        ("Marché", contract_of(facts), facts["contract"]["object"]),
    ]
