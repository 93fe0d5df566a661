"""Which pledges stand on a clause, which one an address names, and who was invited to keep it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import joinedload

from tracker.accounts.queries import Viewer
from tracker.accounts.rules import Role
from tracker.contracts.models import Clause, Contract
from tracker.pledges.models import Pledge
from tracker.plumbing.database import db


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
        .where(Pledge.public_id == public_id, _is_seen_by(viewer))
    )


def _is_seen_by(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.sees_everything:
        return true()
    mine = viewer.organisation_id
    by_role: dict[Role, ColumnElement[bool]] = {
        Role.FACILITATOR: Pledge.structure_id == mine,
        Role.OFFICER: Contract.buyer_id == mine,
        Role.EMPLOYER: Pledge.organisation_id == mine,
    }
    return by_role.get(viewer.role, false())
