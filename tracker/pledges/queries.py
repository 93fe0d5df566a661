"""Which pledges stand on a clause, which one an address names, and who was invited to keep it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, case, false, select, true
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import joinedload

from tracker.accounts.models import AccessLink, Membership
from tracker.accounts.queries import (
    SubjectName,
    Viewer,
    last_links_of,
    members_of,
    within,
)
from tracker.accounts.rules import Role, Subject
from tracker.contracts.models import Clause, Contract
from tracker.contracts.queries.contracts import same_entity
from tracker.pledges.models import Pledge
from tracker.plumbing.database import db
from tracker.plumbing.outbox import Message


def pledges_of(clause_ids: Sequence[int]) -> dict[int, list[Pledge]]:
    """Each clause's pledges, oldest first, their organisations loaded; a clause without any has an empty list."""
    found: dict[int, list[Pledge]] = {clause_id: [] for clause_id in clause_ids}
    pledges = db.session.scalars(
        select(Pledge)
        .options(joinedload(Pledge.organisation))
        .where(Pledge.clause_id.in_(clause_ids))
        .order_by(Pledge.id)
    )
    for pledge in pledges:
        if pledge.clause_id is not None:
            found[pledge.clause_id].append(pledge)
    return found


def pledge_seen_by(viewer: Viewer, public_id: str) -> Pledge | None:
    """The pledge of that address, its organisation, clause and contract loaded; None when it is not the viewer's."""
    return db.session.scalar(
        select(Pledge)
        .outerjoin(Pledge.clause)
        .outerjoin(Clause.contract)
        .options(joinedload(Pledge.organisation), joinedload(Pledge.clause).joinedload(Clause.contract))
        .where(
            Pledge.public_id == public_id,
            _is_seen_by(viewer),
            within(viewer.subject, clause=Pledge.clause_id, pledge=Pledge.id),
        )
    )


def _is_seen_by(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.sees_everything:
        return true()
    mine = viewer.organisation_id
    by_role: dict[Role, ColumnElement[bool]] = {
        Role.FACILITATOR: Pledge.structure_id == mine,
        Role.OFFICER: Contract.buyer_id.in_(same_entity(mine)),
        Role.EMPLOYER: Pledge.organisation_id == mine,
    }
    return by_role.get(viewer.role, false())


def subject_name() -> SubjectName:
    """What an access link was sent for, as a column beside the link: « marché 2025-BAT-014 »."""
    contract = (
        select("marché " + Contract.number)
        .join(Clause, Clause.contract_id == Contract.id)
        .where(Clause.id == AccessLink.about_id)
        .correlate(AccessLink)
        .scalar_subquery()
    )
    return case((AccessLink.about_kind == "clause", contract), else_="engagement hors marché")


@dataclass(frozen=True)
class Invitation:
    """Somebody who may act for an employer: the last link made for them there, the last message that carried one."""

    membership: Membership
    link: AccessLink | None
    message: Message | None

    @property
    def has_entered(self) -> bool:
        """Whether the last link was used: until then the page shows the address alone, for a name is theirs to give."""
        return self.link is not None and self.link.used_at is not None

    def is_open(self, now: datetime) -> bool:
        """Whether the last link still opens."""
        return self.link is not None and self.link.used_at is None and now < self.link.expires_at


def invitations_to(pledge: Pledge, today: date) -> list[Invitation]:
    """Everybody who may act as employer for the pledge's organisation, oldest first; invited to it or not."""
    members = members_of([pledge.organisation_id], Role.EMPLOYER, today)
    links = last_links_of([member.id for member in members], pledge.subject)
    messages = _last_messages(pledge.subject)
    return [Invitation(member, links.get(member.id), messages.get(member.person.email)) for member in members]


def _last_messages(subject: Subject) -> dict[str, Message]:
    found = db.session.scalars(
        select(Message)
        .where(Message.about_kind == subject[0], Message.about_id == subject[1])
        .ext(distinct_on(Message.recipient))
        .order_by(Message.recipient, Message.created_at.desc(), Message.id.desc())
    )
    return {message.recipient: message for message in found}


def invitation_to(organisation_id: int, membership_id: int, today: date) -> Membership | None:
    """One of those who may act as employer for the organisation, by its id."""
    members = members_of([organisation_id], Role.EMPLOYER, today)
    return next((member for member in members if member.id == membership_id), None)
