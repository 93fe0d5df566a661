"""Clauses as each viewer may see them, and the events that make their hours due."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Select, false, select, true
from sqlalchemy.orm import aliased, joinedload

from tracker.accounts.queries import Viewer, within
from tracker.accounts.rules import Role
from tracker.contracts.models import Clause, ClauseParty, Contract, ObligationEvent
from tracker.contracts.queries.contracts import held_by, same_entity
from tracker.contracts.rules.obligations import Event
from tracker.plumbing.database import db

WITH_ITS_CONTRACT = (
    joinedload(Clause.contract).joinedload(Contract.buyer),
    joinedload(Clause.facilitator),
    joinedload(Clause.structure),
)


def visible_clauses(viewer: Viewer) -> Select[Clause]:
    """The clauses this viewer may see, unordered, to narrow further; `Contract` is joined.

    An officer sees those of its buyer's contracts, an employer those it holds or works on, a facilitator those of its
    structure; whoever a link let in, its clause alone.
    """
    is_theirs = _may_see(viewer) & within(viewer.subject, clause=Clause.id)
    return select(Clause).join(Contract, Contract.id == Clause.contract_id).where(is_theirs)


def _may_see(viewer: Viewer) -> ColumnElement[bool]:
    organisation_id = viewer.organisation_id
    if viewer.sees_everything:
        return true()
    if viewer.role is Role.OFFICER:
        return Contract.buyer_id.in_(same_entity(organisation_id))
    if viewer.role is Role.EMPLOYER:
        worked_on = select(ClauseParty.clause_id).where(ClauseParty.organisation_id == organisation_id)
        held = aliased(Clause)
        return Clause.id.in_(worked_on.union(select(held.id).where(held.contract_id.in_(held_by(organisation_id)))))
    if viewer.role is Role.FACILITATOR:
        return Clause.structure_id == organisation_id
    return false()


def clause_seen_by(viewer: Viewer, clause_id: int) -> Clause | None:
    """The clause with its contract, buyer, facilitator and structure; None when it is not theirs to see."""
    return db.session.scalar(visible_clauses(viewer).options(*WITH_ITS_CONTRACT).where(Clause.id == clause_id))


def clauses_of(contract_id: int, viewer: Viewer | None = None) -> Sequence[Clause]:
    """The clauses of a contract, oldest first; those alone that the viewer may see, when one is named."""
    found = visible_clauses(viewer) if viewer else select(Clause)
    return db.session.scalars(
        found.options(*WITH_ITS_CONTRACT).where(Clause.contract_id == contract_id).order_by(Clause.id)
    ).all()


def events_of(clause_ids: Iterable[int]) -> dict[int, list[Event]]:
    """What makes the hours due of each of these clauses, in the order of days; [] for a clause without event.

    A cancelled event and the one that cancels it are both marked as cancelled.
    """
    found: dict[int, list[Event]] = {clause_id: [] for clause_id in clause_ids}
    if not found:
        return found
    rows = db.session.scalars(
        select(ObligationEvent)
        .where(ObligationEvent.clause_id.in_(list(found)))
        .order_by(ObligationEvent.occurs_on, ObligationEvent.id)
    ).all()
    cancelled = {row.cancels_id for row in rows}
    for row in rows:
        is_cancelled = row.id in cancelled or row.cancels_id is not None
        found[row.clause_id].append(Event(row.kind, row.occurs_on, row.hours, row.inputs, is_cancelled))
    return found
