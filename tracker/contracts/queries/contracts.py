"""Contracts as each viewer may see them, their holders and their publications."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true
from sqlalchemy.orm import aliased, joinedload

from tracker.accounts.models import Organisation
from tracker.accounts.queries import Viewer, within
from tracker.accounts.rules import Role
from tracker.contracts.models import Clause, ClauseParty, Contract, ContractParty, ContractPublication
from tracker.contracts.rules.levers import Capacity
from tracker.plumbing.database import db
from tracker.vocabulary.identifiers import SIREN_DIGITS

HOLDING = tuple(capacity for capacity in Capacity if capacity.holds)
_ANSWERING_FIRST = (ContractParty.capacity != Capacity.LEAD, ContractParty.rank, ContractParty.id)


def visible_contracts(viewer: Viewer) -> Select[Contract]:
    """The contracts this viewer may see, unordered, to narrow further.

    An officer sees those of its buyer (one SIREN, whatever the SIRET), an employer those it holds or works on, a
    facilitator those in charge of its structure and those nobody has taken in charge yet; whoever a link let in, the
    contract of its clause.
    """
    found = select(Contract).where(_may_see(viewer))
    if viewer.subject is None:
        return found
    return found.where(Contract.id.in_(select(Clause.contract_id).where(within(viewer.subject, clause=Clause.id))))


def _may_see(viewer: Viewer) -> ColumnElement[bool]:
    organisation_id = viewer.organisation_id
    if viewer.sees_everything:
        return true()
    if viewer.role is Role.OFFICER:
        return Contract.buyer_id.in_(same_entity(organisation_id))
    # Two ways to be theirs are one set of ids, found by two indexes; an OR would read every contract.
    if viewer.role is Role.EMPLOYER:
        return Contract.id.in_(held_by(organisation_id).union(_worked_on_by(organisation_id)))
    if viewer.role is Role.FACILITATOR:
        taken = select(Clause.contract_id).where(Clause.structure_id == organisation_id)
        unclaimed = aliased(Contract)
        return Contract.id.in_(taken.union(select(unclaimed.id).where(~unclaimed.bears_clause)))
    return false()


def same_entity(organisation_id: int) -> Select[int]:
    """The ids of an organisation, of those found to double it, and of its other establishments (same SIREN)."""
    mine = aliased(Organisation)
    return (
        select(Organisation.id)
        .join(
            mine,
            or_(
                Organisation.id == mine.id,
                Organisation.same_as_id == mine.id,
                func.left(Organisation.siret, SIREN_DIGITS) == func.left(mine.siret, SIREN_DIGITS),
            ),
        )
        .where(mine.id == organisation_id)
    )


def held_by(organisation_id: int) -> Select[int]:
    """The ids of the contracts an organisation holds, alone or in a grouping."""
    return select(ContractParty.contract_id).where(
        ContractParty.organisation_id == organisation_id, ContractParty.capacity.in_(HOLDING)
    )


def is_answered_for_by(organisation_id: int) -> ColumnElement[bool]:
    """Whether the organisation answers for the contract: its only holder, or the first of `holders_of`."""
    first = (
        select(ContractParty.organisation_id)
        .where(ContractParty.contract_id == Contract.id, ContractParty.capacity.in_(HOLDING))
        .order_by(*_ANSWERING_FIRST)
        .limit(1)
    )
    # The first condition is an index's; the second is then asked of the organisation's own contracts alone.
    return Contract.id.in_(held_by(organisation_id)) & (first.scalar_subquery() == organisation_id)


def _worked_on_by(organisation_id: int) -> Select[int]:
    return (
        select(Clause.contract_id)
        .join(ClauseParty, ClauseParty.clause_id == Clause.id)
        .where(ClauseParty.organisation_id == organisation_id)
    )


def contract_seen_by(viewer: Viewer, contract_id: int) -> Contract | None:
    """The contract with its buyer and its parties, or None when it does not exist or is not theirs to see."""
    loaded = (joinedload(Contract.buyer), joinedload(Contract.parties).joinedload(ContractParty.organisation))
    found = visible_contracts(viewer).options(*loaded).where(Contract.id == contract_id)
    return db.session.execute(found).unique().scalar_one_or_none()


def holders_of(contract_ids: Iterable[int]) -> dict[int, list[ContractParty]]:
    """Who holds each of these contracts, its organisation loaded: the lead, then as published; [] for one without."""
    found: dict[int, list[ContractParty]] = {contract_id: [] for contract_id in contract_ids}
    if not found:
        return found
    parties = db.session.scalars(
        select(ContractParty)
        .options(joinedload(ContractParty.organisation))
        .where(ContractParty.contract_id.in_(list(found)), ContractParty.capacity.in_(HOLDING))
        .order_by(*_ANSWERING_FIRST)
    )
    for party in parties:
        found[party.contract_id].append(party)
    return found


def publications_of(contract_id: int) -> Sequence[ContractPublication]:
    """Every publication received of a contract, newest first."""
    return db.session.scalars(
        select(ContractPublication)
        .where(ContractPublication.contract_id == contract_id)
        .order_by(ContractPublication.published_on.desc().nulls_last(), ContractPublication.id.desc())
    ).all()
