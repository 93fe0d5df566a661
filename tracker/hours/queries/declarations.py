"""Declarations as each viewer may see them, their lines and versions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from tracker.accounts.models import Organisation
from tracker.accounts.queries import Viewer, within
from tracker.accounts.rules import Role
from tracker.contracts.models import Clause, Contract
from tracker.hours.models import Declaration, HoursLine, HoursLineVersion
from tracker.hours.queries.months import is_one_of
from tracker.hours.rules.states import DeclarationState, LineState
from tracker.participants.models import Participant
from tracker.placements.models import Placement
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Month, Period
from tracker.vocabulary.hours import ZERO

PAGE = 50


def visible_declarations(viewer: Viewer) -> Select[Declaration]:
    """The declarations this viewer may open, with employer, clause, contract, buyer and sender.

    An employer its own, drafts included; a facilitator those of its structure once they were sent; whoever a link let
    in, those of its clause.
    """
    clause = contains_eager(Declaration.clause)
    return (
        select(Declaration)
        .join(Declaration.clause)
        .join(Clause.contract)
        .join(Declaration.employer)
        .where(_may_see(viewer), within(viewer.subject, clause=Declaration.clause_id))
        .options(
            contains_eager(Declaration.employer),
            clause.contains_eager(Clause.contract).joinedload(Contract.buyer),
            joinedload(Declaration.submitted_by),
        )
    )


def _may_see(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.role is Role.EMPLOYER:
        return Declaration.employer_id == viewer.organisation_id
    was_sent = Declaration.submitted_at.is_not(None)
    if viewer.role is Role.ADMINISTRATOR:
        return was_sent
    if viewer.role is Role.FACILITATOR:
        return was_sent & (Clause.structure_id == viewer.organisation_id)
    return false()


def declaration_seen_by(viewer: Viewer, public_id: str) -> Declaration | None:
    """The declaration of this address when the viewer may open it."""
    return db.session.scalar(visible_declarations(viewer).where(Declaration.public_id == public_id))


def waiting_declarations(viewer: Viewer) -> Sequence[Declaration]:
    """What waits for the viewer, oldest first: to decide for those in charge, to correct for an employer."""
    awaited = DeclarationState.RETURNED if viewer.role is Role.EMPLOYER else DeclarationState.SUBMITTED
    moment = Declaration.decided_at if viewer.role is Role.EMPLOYER else Declaration.submitted_at
    return db.session.scalars(
        visible_declarations(viewer).where(Declaration.state == awaited).order_by(moment, Declaration.id)
    ).all()


@dataclass(frozen=True)
class DeclarationRow:
    """A declaration in a list, with its sums."""

    declaration: Declaration
    lines: int
    declared: Decimal
    accepted: Decimal


def declarations_of(viewer: Viewer, page: int = 1) -> tuple[list[DeclarationRow], int]:
    """What the viewer may open, latest month first: one page of 50 with its sums, and how many there are in all."""
    wanted = visible_declarations(viewer)
    number = db.session.scalar(select(func.count()).select_from(wanted.with_only_columns(Declaration.id).subquery()))
    found = db.session.scalars(
        wanted.order_by(Declaration.month.desc(), Contract.sort_key, Organisation.sort_key, Declaration.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    sums = _sums_of([declaration.id for declaration in found])
    return [DeclarationRow(one, *sums.get(one.id, (0, ZERO, ZERO))) for one in found], number or 0


def _sums_of(declaration_ids: Collection[int]) -> dict[int, tuple[int, Decimal, Decimal]]:
    """Lines, hours declared and hours accepted of each of these declarations; one without lines is absent."""
    declared, accepted = func.sum(HoursLine.declared_hours), func.sum(HoursLine.accepted_hours)
    rows = db.session.execute(
        select(HoursLine.declaration_id, func.count(), declared, accepted)
        .where(is_one_of(HoursLine.declaration_id, declaration_ids))
        .group_by(HoursLine.declaration_id)
    )
    return {one: (lines, said or ZERO, taken or ZERO) for one, lines, said, taken in rows}


def lines_of(declaration_id: int) -> list[tuple[HoursLine, HoursLineVersion | None]]:
    """The lines of a declaration with their latest version (None: never sent), by name; participants loaded."""
    placement = contains_eager(HoursLine.placement)
    rows = db.session.execute(
        select(HoursLine, HoursLineVersion)
        .join(HoursLine.placement)
        .join(Placement.participant)
        .outerjoin(
            HoursLineVersion,
            (HoursLineVersion.line_id == HoursLine.id) & (HoursLineVersion.number == HoursLine.version),
        )
        .where(HoursLine.declaration_id == declaration_id)
        .options(
            placement.contains_eager(Placement.participant),
            placement.joinedload(Placement.decision),
            joinedload(HoursLineVersion.decided_by),
        )
        .order_by(Participant.sort_key, Placement.id, HoursLine.from_on)
        .execution_options(populate_existing=True)
    )
    return [(line, version) for line, version in rows]


def versions_of(line_ids: Collection[int]) -> dict[int, list[HoursLineVersion]]:
    """Each line's versions, newest first, who sent and who decided loaded."""
    found: dict[int, list[HoursLineVersion]] = {line_id: [] for line_id in line_ids}
    versions = db.session.scalars(
        select(HoursLineVersion)
        .options(joinedload(HoursLineVersion.submitted_by), joinedload(HoursLineVersion.decided_by))
        .where(is_one_of(HoursLineVersion.line_id, found))
        .order_by(HoursLineVersion.number.desc())
    )
    for version in versions:
        found[version.line_id].append(version)
    return found


@dataclass(frozen=True)
class OtherWork:
    """Another placement of somebody: its days, its employer, and the hours sent for a month (None: nothing sent)."""

    placement_id: int
    participant_id: int
    employer: str
    days: Period
    month: Month | None
    line_id: int | None
    hours: Decimal | None


def work_of(participant_ids: Collection[int], month: Month) -> dict[int, list[OtherWork]]:
    """Every placement of these people, with the lines sent for the month and for the one before; in one statement."""
    found: dict[int, list[OtherWork]] = {one: [] for one in participant_ids}
    line = aliased(HoursLine)
    rows = db.session.execute(
        select(Placement.id, Placement.participant_id, Organisation.name, Placement.starts_on, Placement.ends_on)
        .add_columns(line.month, line.id, line.declared_hours)
        .join(Placement.employer)
        .outerjoin(
            line,
            (line.placement_id == Placement.id) & line.month.in_([month - 1, month]) & (line.state != LineState.DRAFT),
        )
        .where(is_one_of(Placement.participant_id, found), Placement.refused_at.is_(None))
        .order_by(Organisation.sort_key, Placement.id)
    )
    for placement_id, person_id, employer, first, last, worked_in, line_id, hours in rows:
        work = OtherWork(placement_id, person_id, employer, Period(first, last), worked_in, line_id, hours)
        found[person_id].append(work)
    return found
