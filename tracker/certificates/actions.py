"""A certificate is issued, replaces the one before it, or is revoked; what it stated is frozen for good."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text

from tracker.accounts.actions import write_journal
from tracker.accounts.models import Organisation, Person
from tracker.certificates.models import Certificate, CertificateEnd
from tracker.certificates.queries.certificates import ends_of, numbers_of_year
from tracker.certificates.queries.statements import Statement, statement_on
from tracker.certificates.rules import (
    CODE_BYTES,
    Kind,
    certificate_number,
    check_code,
    new_code,
    objections_to_end,
    objections_to_issue,
    percent_of,
    shares_of,
)
from tracker.contracts.models import Clause
from tracker.contracts.rules.clauses import Figures
from tracker.contracts.rules.levers import Ccag
from tracker.contracts.rules.obligations import Event, EventKind
from tracker.plumbing import files
from tracker.plumbing.database import db
from tracker.plumbing.formats import french_date
from tracker.vocabulary.frozen import fingerprint, frozen
from tracker.vocabulary.law import Source
from tracker.vocabulary.objections import Refused, Stale, refuse_if_any

Facts = dict[str, Any]
# The number of the lock under which numbers are given, one after the other: « AR ».
NUMBERS_LOCK = 0x4152
PDF = "application/pdf"
SCHEMA = 1


@dataclass(frozen=True)
class Office:
    """Under which name this installation issues, and the key of its check codes."""

    department: str
    key: bytes


@dataclass(frozen=True)
class Order:
    """What somebody asks: a kind, reservations to print, the reason when another certificate is replaced.

    `seen_version` is the latest version that the page showed, 0 when there was none.
    """

    kind: Kind
    reason: str = ""
    reservations: str = ""
    seen_version: int = 0


def issue(
    clause: Clause,
    order: Order,
    office: Office,
    person_id: int,
    now: datetime,
    today: date,
    draw: Callable[[Mapping[str, Any]], bytes],
) -> Certificate:
    """Freezes what the clause states that day, draws its paper and keeps both; the former certificate is replaced.

    Refused with every objection at once; Stale when another version was issued, or hours were counted, meanwhile.
    """
    _take_the_lock()
    statement = statement_on(clause, today)
    _look_for_changes(statement, order)
    found = objections_to_issue(order.kind, statement.issue_facts(today))
    refuse_if_any([*found, *(objections_to_end(order.reason) if statement.replaced else [])])
    certificate = _new_certificate(statement, order, office, person_id, now, today)
    certificate.facts = frozen(_facts(statement, order, office, certificate, now))
    certificate.facts_digest = fingerprint(certificate.facts)
    certificate.file_digest = files.keep(draw(certificate.facts), PDF)
    db.session.add(certificate)
    db.session.flush()
    if statement.replaced:
        _end(statement.replaced, order.reason, person_id, now, today, replaced_by_id=certificate.id)
    _journal("certificate_issued", certificate, due=statement.progress.due, counted=statement.progress.counted)
    return certificate


def revoke(certificate: Certificate, reason: str, person_id: int, now: datetime, today: date) -> None:
    """Takes all value from a certificate, for a reason that is published; Stale when it has ended already."""
    _take_the_lock()
    if ends_of([certificate]):
        raise Stale(f"L’attestation {certificate.number}, version {certificate.version}, n’est déjà plus en vigueur.")
    refuse_if_any(objections_to_end(reason))
    _end(certificate, reason, person_id, now, today)
    _journal("certificate_revoked", certificate)


def _take_the_lock() -> None:
    """Held to the end of the transaction: a number is given once, a certificate ends once."""
    db.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": NUMBERS_LOCK})


def _look_for_changes(statement: Statement, order: Order) -> None:
    former = statement.former
    if former and statement.former_version != order.seen_version:
        raise Stale(
            f"L’attestation {former.number}, version {former.version}, a été délivrée le"
            f" {french_date(former.issued_on)}. Relisez-la avant d’en délivrer une autre."
        )
    if statement.counted_by_means != statement.progress.counted:
        raise Stale("Des heures viennent d’être validées. Relisez les chiffres avant de délivrer l’attestation.")


def _new_certificate(
    statement: Statement, order: Order, office: Office, person_id: int, now: datetime, today: date
) -> Certificate:
    former = statement.former
    number = former.number if former else certificate_number(today.year, numbers_of_year(today.year) + 1)
    version = statement.former_version + 1
    return Certificate(
        number=number,
        version=version,
        kind=order.kind,
        clause=statement.clause,
        holder=_known(statement.holder),
        structure_id=statement.clause.structure_id,
        code=new_code(secrets.token_bytes(CODE_BYTES)),
        check_code=check_code(f"{number}/{version}", office.key),
        issued_on=today,
        issued_at=now,
        issued_by=db.session.get_one(Person, person_id),
    )


def _known(holder: Organisation | None) -> Organisation:
    if holder is None:
        raise Refused([])
    return holder


def _facts(statement: Statement, order: Order, office: Office, certificate: Certificate, now: datetime) -> Facts:
    clause, performance = statement.clause, statement.performance
    contract = clause.contract
    return {
        "schema": SCHEMA,
        "number": certificate.number,
        "version": certificate.version,
        "kind": certificate.kind.value,
        "code": certificate.code,
        "check_code": certificate.check_code,
        "issued_on": certificate.issued_on,
        "issued_at": now.isoformat(timespec="seconds"),
        "issued_by": certificate.issued_by.name,
        "department": office.department,
        "structure": clause.structure.name,
        "facilitator": clause.facilitator.name if clause.facilitator else None,
        "buyer": _party(contract.buyer),
        "holder": _party(certificate.holder),
        "members": [_party(member) for member in statement.members[1:]],
        "contract": {"number": contract.number, "lot": contract.lot, "object": contract.title},
        "starts_on": performance.first if performance else None,
        "ends_on": performance.last if performance else None,
        "basis": {"lever": clause.lever.label, "texts": _texts(clause), "article": clause.article},
        "events": [_event(event, clause.article) for event in statement.events if event.hours],
        **_figures(statement),
        "by_means": _by_means(statement),
        "participants": statement.participants,
        "open_months": [left.open_month.text for left in statement.months_left],
        "reservations": order.reservations,
    }


def _figures(statement: Statement) -> Facts:
    progress, result = statement.progress, statement.result
    return {
        "due": result.due,
        "declared": progress.declared,
        "declarations": statement.declarations,
        "pending": progress.pending,
        "refused": progress.refused,
        "accepted": progress.accepted,
        "not_counted": statement.not_counted,
        "counted": result.counted,
        "is_met": result.is_met,
        "percent": result.percent,
        "balance": result.balance,
        "surplus": result.surplus,
    }


def _party(organisation: Organisation) -> Facts:
    return {"name": organisation.name, "siret": organisation.siret, "identifier": organisation.identifier}


def _texts(clause: Clause) -> list[str]:
    """The texts of law that make the clause; an article nobody read yet is not printed."""
    ccag = clause.contract.ccag
    found = [_cited(clause.lever.source, "Code de la commande publique")]
    return found + ([_cited(ccag.source, f"CCAG-{ccag.label}")] if ccag and ccag is not Ccag.NONE else [])


def _cited(source: Source | None, without_article: str) -> str:
    return source.text if source and source.is_confirmed else without_article


def _event(event: Event, article: str) -> Facts:
    if event.kind is not EventKind.NOTIFIED:
        return {"label": event.kind.label, "source": french_date(event.occurs_on), "hours": event.hours}
    figures = Figures.from_inputs(event.inputs)
    label = "Offertes au marché" if figures and figures.offered == event.hours else "Prévues au marché"
    return {"label": label, "source": article or french_date(event.occurs_on), "hours": event.hours}


def _by_means(statement: Statement) -> list[Facts]:
    shares = shares_of(statement.by_means)
    return [
        {"means": means.value, "label": means.label, "hours": hours, "percent": percent_of(shares[means])}
        for means, hours in statement.by_means.items()
    ]


def _end(
    certificate: Certificate,
    reason: str,
    person_id: int,
    now: datetime,
    today: date,
    replaced_by_id: int | None = None,
) -> None:
    end = CertificateEnd(
        certificate_id=certificate.id,
        replaced_by_id=replaced_by_id,
        reason=reason.strip(),
        ended_on=today,
        ended_at=now,
        ended_by_id=person_id,
    )
    db.session.add(end)
    db.session.flush()


def _journal(verb: str, certificate: Certificate, **figures: Any) -> None:
    facts = {"number": certificate.number, "version": certificate.version, "kind": certificate.kind.value}
    facts |= {name: str(value) for name, value in figures.items()}
    write_journal(verb, "certificate", certificate.id, **facts)
    write_journal(verb, "clause", certificate.clause_id, certificate=certificate.id, **facts)
