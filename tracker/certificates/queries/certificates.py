"""Certificates as each viewer may see them, as anybody verifies them, and what became of each."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, Row, Select, false, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload

from tracker.accounts.queries import Viewer, within
from tracker.accounts.rules import Role
from tracker.certificates.models import Certificate, CertificateEnd
from tracker.certificates.rules import Standing
from tracker.contracts.models import Clause, Contract
from tracker.contracts.queries.contracts import held_by, same_entity
from tracker.plumbing.database import db
from tracker.plumbing.lists import Asked, Listing, Order, Page, page_of
from tracker.vocabulary.identifiers import tidy_identifier


def visible_certificates(viewer: Viewer) -> Select[Certificate]:
    """The certificates this viewer may see, every version, unordered; `Clause` and `Contract` are joined."""
    return (
        select(Certificate)
        .join(Certificate.clause)
        .join(Clause.contract)
        .options(
            contains_eager(Certificate.clause).contains_eager(Clause.contract).joinedload(Contract.buyer),
            joinedload(Certificate.holder),
            joinedload(Certificate.issued_by),
        )
        .where(_may_see(viewer), within(viewer.subject, clause=Certificate.clause_id))
    )


def _may_see(viewer: Viewer) -> ColumnElement[bool]:
    mine = viewer.organisation_id
    if viewer.sees_everything:
        return true()
    if viewer.role is Role.OFFICER:
        return Contract.buyer_id.in_(same_entity(mine))
    if viewer.role is Role.EMPLOYER:
        return or_(Certificate.holder_id == mine, Clause.contract_id.in_(held_by(mine)))
    if viewer.role is Role.FACILITATOR:
        return Certificate.structure_id == mine
    return false()


LISTING = Listing((), (Order("recentes", "Les plus récentes d’abord", (Certificate.id.desc(),)),))


def list_page(viewer: Viewer, asked: Asked) -> Page[Row[Certificate]]:
    """The latest version of each certificate the viewer may see, newest first; rows of one certificate."""
    was_replaced = select(CertificateEnd.certificate_id).where(CertificateEnd.replaced_by_id.is_not(None))
    wanted = visible_certificates(viewer).where(Certificate.id.not_in(was_replaced))
    return page_of(wanted, LISTING, asked)


def versions_seen_by(viewer: Viewer, number: str) -> Sequence[Certificate]:
    """Every version of that number the viewer may see, newest first; none when it is not theirs."""
    return db.session.scalars(
        visible_certificates(viewer).where(Certificate.number == number).order_by(Certificate.version.desc())
    ).all()


def certificates_of(clause_ids: Collection[int], viewer: Viewer | None = None) -> dict[int, list[Certificate]]:
    """Every version of each clause's certificates, newest first; a clause without any has an empty list.

    Those alone that the viewer may see, when one is named.
    """
    found: dict[int, list[Certificate]] = {clause_id: [] for clause_id in clause_ids}
    if not found:
        return found
    wanted = visible_certificates(viewer) if viewer else select(Certificate)
    certificates = db.session.scalars(
        wanted.options(joinedload(Certificate.holder), joinedload(Certificate.issued_by))
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


def last_of_clause(clause_id: int, holder_id: int) -> tuple[Certificate, CertificateEnd | None] | None:
    """The latest version of the clause's certificate for that holder, with what ended it; None before the first."""
    found = db.session.execute(
        select(Certificate, CertificateEnd)
        .outerjoin(CertificateEnd, CertificateEnd.certificate_id == Certificate.id)
        .where(Certificate.clause_id == clause_id, Certificate.holder_id == holder_id)
        .order_by(Certificate.version.desc())
        .limit(1)
    ).first()
    return (found[0], found[1]) if found else None


def numbers_of_year(year: int) -> int:
    """How many numbers were given that year; read it under the lock of numbers."""
    numbers = select(func.count(Certificate.number.distinct())).where(Certificate.number.like(f"AR-{year}-%"))
    return db.session.scalar(numbers) or 0


def by_code(code: str) -> Certificate | None:
    """The certificate of a public address, whoever asks."""
    return db.session.scalar(select(Certificate).where(Certificate.code == code.strip().lower()))


def by_id(certificate_id: int) -> Certificate:
    """The certificate of an id that another row names."""
    return db.session.get_one(Certificate, certificate_id)


def by_number_and_check(number: str, tidy_check: str) -> Certificate | None:
    """The version that bears that number, however typed, and that check code; one statement whatever is wrong."""
    is_numbered = func.replace(Certificate.number, "-", "") == _tidy_number(number)
    return db.session.scalar(select(Certificate).where(is_numbered, Certificate.check_code == tidy_check))


def by_code_or_number(text: str) -> Certificate | None:
    """The certificate of a code, or the latest version of a number."""
    is_numbered = func.replace(Certificate.number, "-", "") == _tidy_number(text)
    latest = select(Certificate).where(is_numbered).order_by(Certificate.version.desc()).limit(1)
    return by_code(text) or db.session.scalar(latest)


def _tidy_number(text: str) -> str:
    tidy = tidy_identifier(text)
    return tidy if tidy.startswith("AR") else f"AR{tidy}"
