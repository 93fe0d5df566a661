"""Certificates as each viewer may see them, what became of each, and what a new one would state."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.certificates.models import Certificate, CertificateEnd
from tracker.certificates.rules import Standing
from tracker.plumbing.database import db


def certificates_of(clause_ids: Collection[int]) -> dict[int, list[Certificate]]:
    """Every version of each clause's certificates, newest first; a clause without any has an empty list."""
    found: dict[int, list[Certificate]] = {clause_id: [] for clause_id in clause_ids}
    if not found:
        return found
    certificates = db.session.scalars(
        select(Certificate)
        .options(joinedload(Certificate.holder), joinedload(Certificate.issued_by))
        .where(Certificate.clause_id.in_(list(found)))
        .order_by(Certificate.id.desc())
    )
    for certificate in certificates:
        found[certificate.clause_id].append(certificate)
    return found


def ends_of(certificates: Iterable[Certificate]) -> dict[int, CertificateEnd]:
    """What ended each of these certificates, by its id; one that is valid has no entry."""
    ids = [certificate.id for certificate in certificates]
    ends: Sequence[CertificateEnd] = (
        db.session.scalars(select(CertificateEnd).where(CertificateEnd.certificate_id.in_(ids))).all() if ids else []
    )
    return {end.certificate_id: end for end in ends}


def standing_of(certificates: Sequence[Certificate]) -> dict[int, Standing]:
    """What became of each of these certificates, by its id."""
    ends = ends_of(certificates)
    return {certificate.id: standing(ends.get(certificate.id)) for certificate in certificates}


def standing(end: CertificateEnd | None) -> Standing:
    """What this end makes of its certificate; without any it is valid."""
    if end is None:
        return Standing.VALID
    return Standing.REPLACED if end.replaced_by_id else Standing.REVOKED
