"""Who is signed in, whom an address belongs to, which links are still good, what the journal says."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    SQLColumnExpression,
    and_,
    false,
    literal,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import contains_eager, joinedload

from tracker.accounts.models import AccessLink, JournalEntry, Membership, Organisation, Person
from tracker.accounts.rules import Act, LinkPurpose, OrganisationKind, Role, Subject, may
from tracker.plumbing.database import db

# How a later room calls what a link was sent for: a column beside the link.
SubjectName = ColumnElement[Any]


@dataclass(frozen=True)
class Viewer:
    """The person signed in, and the organisation and role acted for.

    Let in by a link, a person acts for its `purpose` on its `subject` alone; by a password, both are None.
    """

    person_id: int
    person_name: str
    membership_id: int
    organisation_id: int
    organisation_name: str
    organisation_kind: OrganisationKind
    role: Role
    sector: str = ""
    has_password: bool = False
    purpose: LinkPurpose | None = None
    subject: Subject | None = None
    subject_name: str = ""

    @property
    def role_label(self) -> str:
        """« facilitation, secteur Nord »."""
        return ", ".join(filter(None, (self.role.label, self.sector)))

    @property
    def sees_everything(self) -> bool:
        """An administrator's or observer's scope is the whole installation."""
        return self.role in (Role.ADMINISTRATOR, Role.OBSERVER)

    def may(self, act: Act) -> bool:
        """Whether this act is open: to the role, and by the link when one let the person in."""
        return may(self.role, act, self.purpose)


def within(subject: Subject | None, **columns: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Keeps a query to what a link was sent for: `within(viewer.subject, clause=Clause.id, pledge=Pledge.id)`.

    Every scoped query bears it. Everything without a link; nothing for a kind of subject that no column is given for.
    """
    if subject is None:
        return true()
    kind, id_ = subject
    return columns[kind] == id_ if kind in columns else false()


def _running(today: date) -> ColumnElement[bool]:
    return or_(Membership.ended_on.is_(None), Membership.ended_on >= today)


def viewer_of(
    session_key: str,
    membership_id: int | None,
    today: date,
    link_id: int | None = None,
    subject_name: SubjectName | None = None,
) -> Viewer | None:
    """The person whom this session's key names, acting for that membership; None when it is not hers or has ended.

    `link_id` is the link that opened the session, None for a password: unless it was spent for that very membership,
    nobody is here; nor by a password where links alone open. One statement, `subject_name` included.
    """
    found = db.session.execute(
        select(Membership, Person, Organisation, AccessLink, null() if subject_name is None else subject_name)
        .join(Membership.person)
        .join(Membership.organisation)
        .outerjoin(AccessLink, _opened_by(link_id))
        .where(Membership.id == membership_id, Person.fs_uniquifier == session_key, Person.active, _running(today))
        .where(Membership.by_link_only.is_(False) | literal(link_id is not None))
    ).first()
    if found is None or (link_id is not None and found[3] is None):
        return None
    return _viewer(found)


def _opened_by(link_id: int | None) -> ColumnElement[bool]:
    return and_(
        AccessLink.id == literal(link_id, Integer),
        AccessLink.membership_id == Membership.id,
        AccessLink.used_at.is_not(None),
        AccessLink.about_id.is_not(None),
    )


def _viewer(row: Row[Membership, Person, Organisation, AccessLink | None, str | None]) -> Viewer:
    membership, person, organisation, link, subject_name = row
    return Viewer(
        person_id=person.id,
        person_name=person.name,
        membership_id=membership.id,
        organisation_id=organisation.id,
        organisation_name=organisation.name,
        organisation_kind=organisation.kind,
        role=membership.role,
        sector=membership.sector,
        has_password=person.password is not None,
        purpose=link.purpose if link else None,
        subject=link.subject if link else None,
        subject_name=(link and subject_name) or "",
    )


def memberships_of(person_id: int, today: date) -> Sequence[Membership]:
    """Every organisation that the person's password opens today, by name."""
    return db.session.scalars(
        select(Membership)
        .join(Membership.organisation)
        .options(joinedload(Membership.organisation))
        .where(Membership.person_id == person_id, Membership.by_link_only.is_(False), _running(today))
        .order_by(Organisation.sort_key, Membership.id)
    ).all()


def acts_for(organisation_id: int, email: str, today: date) -> bool:
    """Whether the person of this address acts for the organisation, in whatever role and way."""
    found = (
        select(Membership.id)
        .join(Membership.person)
        .where(Membership.organisation_id == organisation_id, Person.email == email.strip().lower(), _running(today))
    )
    return bool(db.session.scalar(select(found.exists())))


def membership_of(person_id: int, organisation_id: int, role: Role) -> Membership | None:
    """The person's membership there in that role, ended or not."""
    return db.session.scalar(
        select(Membership).where(
            Membership.person_id == person_id, Membership.organisation_id == organisation_id, Membership.role == role
        )
    )


def last_links_of(membership_ids: Sequence[int], subject: Subject) -> dict[int, AccessLink]:
    """The newest access link of each of these memberships to that subject; nothing for one that never had any."""
    links = db.session.scalars(
        select(AccessLink)
        .where(
            AccessLink.membership_id.in_(membership_ids),
            AccessLink.about_kind == subject[0],
            AccessLink.about_id == subject[1],
        )
        .ext(distinct_on(AccessLink.membership_id))
        .order_by(AccessLink.membership_id, AccessLink.created_at.desc(), AccessLink.id.desc())
    )
    return {link.membership_id: link for link in links}


def person_of(email: str) -> Person | None:
    """The person with this address, whatever its case."""
    return db.session.scalar(select(Person).where(Person.email == email.strip().lower()))


def organisation_of(identifier: str, kind: str = "SIRET") -> Organisation | None:
    """The organisation a source names by this identifier, tidied."""
    return db.session.scalar(
        select(Organisation).where(Organisation.identifier_kind == kind, Organisation.identifier == identifier)
    )


def digest_of(secret: str) -> str:
    """What is kept of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def link_of(secret: str, today: date) -> AccessLink | None:
    """The access link with this secret, spent or not; None once its person or membership is no longer active."""
    return db.session.scalar(
        select(AccessLink)
        .join(AccessLink.membership)
        .join(Membership.person)
        .options(
            contains_eager(AccessLink.membership).options(
                contains_eager(Membership.person), joinedload(Membership.organisation)
            )
        )
        .where(AccessLink.digest == digest_of(secret), Person.active, _running(today))
    )


def is_good(link: AccessLink, now: datetime) -> bool:
    """Whether the link still opens: not spent, not expired."""
    return link.used_at is None and now < link.expires_at


def facilitators_of(structure_id: int | None, today: date) -> Sequence[Membership]:
    """Who may be put in charge: the facilitators of one structure, or of all of them (None), by name."""
    found: Select[Membership] = (
        select(Membership)
        .join(Membership.person)
        .options(joinedload(Membership.person), joinedload(Membership.organisation))
        .where(Membership.role == Role.FACILITATOR, _running(today))
        .order_by(Person.family_name, Person.given_name, Membership.id)
    )
    if structure_id is not None:
        found = found.where(Membership.organisation_id == structure_id)
    return db.session.scalars(found).all()


def members_of(organisation_ids: Sequence[int], role: Role, today: date) -> Sequence[Membership]:
    """Who acts in that role for one of these organisations, oldest first."""
    return db.session.scalars(
        select(Membership)
        .options(joinedload(Membership.person), joinedload(Membership.organisation))
        .where(Membership.organisation_id.in_(organisation_ids), Membership.role == role, _running(today))
        .order_by(Membership.organisation_id, Membership.id)
    ).all()


def journal_of(*about: tuple[str, int], limit: int = 50) -> Sequence[JournalEntry]:
    """What was done to these things, newest first; each is (kind, id)."""
    wanted = [(JournalEntry.about_kind == kind) & (JournalEntry.about_id == id_) for kind, id_ in about]
    return db.session.scalars(
        select(JournalEntry)
        .options(joinedload(JournalEntry.person), joinedload(JournalEntry.organisation))
        .where(or_(*wanted))
        .order_by(JournalEntry.at.desc(), JournalEntry.id.desc())
        .limit(limit)
    ).all()
