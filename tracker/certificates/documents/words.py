"""Frozen facts in French words, for the paper and for the pages."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.certificates.models import Certificate
from tracker.plumbing.formats import french_date
from tracker.vocabulary.hours import NBSP, format_hours, format_number
from tracker.vocabulary.identifiers import format_siret

Facts = Mapping[str, Any]


def day(text: str | None) -> str:
    """« 12/03/2026 » from a frozen day; « à compléter » when there was none."""
    return french_date(date.fromisoformat(text) if text else None)


def hours(text: str) -> str:
    """« 1 607,50 h » from frozen hours."""
    return format_hours(Decimal(text))


def percent(text: str) -> str:
    """« 107,2 % » from a frozen rate."""
    return f"{format_number(Decimal(text), 1)}{NBSP}%"


def grouped(digest: str, signs: int) -> str:
    """A fingerprint in groups of so many signs, for comparing by eye."""
    return " ".join(digest[at : at + signs] for at in range(0, len(digest), signs))


def identity_of(party: Facts) -> str:
    """« SIRET 812 456 789 00021 »; what the source gave when it is no SIRET."""
    return f"SIRET {format_siret(party['siret'])}" if party["siret"] else f"Identifiant {party['identifier']}"


def contract_of(facts: Facts) -> str:
    """« 2024-EV-006, lot 2 »."""
    contract = facts["contract"]
    return f"{contract['number']}, lot {contract['lot']}" if contract["lot"] else contract["number"]


def signed(text: str) -> str:
    """« + 100,00 h », « − 44,50 h »."""
    value = Decimal(text)
    return f"+{NBSP}{format_hours(value)}" if value >= 0 else format_hours(value)


def taken_away(text: str) -> str:
    """« − 44,50 h » from frozen hours that are taken away."""
    return signed(text.removeprefix("-") if text.startswith("-") else f"-{text}")


def file_name(certificate: Certificate) -> str:
    """« attestation-AR-2026-0042-v1.pdf »."""
    return f"attestation-{certificate.number}-v{certificate.version}.pdf"
