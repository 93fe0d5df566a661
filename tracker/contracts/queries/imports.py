"""What an import asks before it writes: which organisations and contracts are known; and the imports already made."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ARRAY, Integer, Text, bindparam, func, select

from tracker.accounts.models import Organisation
from tracker.accounts.queries import Viewer
from tracker.accounts.rules import Role
from tracker.contracts.models import Contract, ContractImport, ContractParty, ContractPublication
from tracker.contracts.queries.contracts import HOLDING
from tracker.contracts.rules.identity import Known
from tracker.plumbing.database import db
from tracker.vocabulary.words import search_key

# Under which kind a holder without any identifier is kept: its name without accents or case.
BY_NAME = "NOM"

Key = tuple[int, str]
OrganisationKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class KnownContract:
    """A contract already there, as the rules of identity compare it."""

    id: int
    known: Known


def known_contracts(keys: Collection[Key]) -> dict[Key, list[KnownContract]]:
    """The contracts under these (buyer, number), oldest first; absent where there is none. One statement."""
    wanted = (
        func.unnest(
            bindparam("buyers", [buyer for buyer, _ in keys], ARRAY(Integer)),
            bindparam("numbers", [number for _, number in keys], ARRAY(Text)),
        )
        .table_valued("buyer_id", "number")
        .render_derived()
    )
    holders = (
        select(func.array_agg(Organisation.identifier_kind + " " + Organisation.identifier))
        .join(ContractParty, ContractParty.organisation_id == Organisation.id)
        .where(ContractParty.contract_id == Contract.id, ContractParty.capacity.in_(HOLDING))
        .scalar_subquery()
    )
    digests = (
        select(func.array_agg(ContractPublication.digest))
        .where(ContractPublication.contract_id == Contract.id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Contract.id, Contract.buyer_id, Contract.number, Contract.object, Contract.published_on, holders, digests
        )
        .join(wanted, (Contract.buyer_id == wanted.c.buyer_id) & (Contract.number == wanted.c.number))
        .order_by(Contract.id)
    )
    found: dict[Key, list[KnownContract]] = defaultdict(list)
    for id_, buyer_id, number, object_, published_on, kept_by, seen in rows:
        held_by = frozenset(_holder_key(one) for one in kept_by or ())
        known = Known(held_by, search_key(object_), published_on, frozenset(seen or ()))
        found[buyer_id, number].append(KnownContract(id_, known))
    return found


def _holder_key(kept: str) -> str:
    """What the draft of this holder calls itself: its identifier, or its name behind « nom »."""
    kind, _, identifier = kept.partition(" ")
    return f"nom {identifier}" if kind == BY_NAME else identifier


def organisations_named(keys: Collection[OrganisationKey]) -> dict[OrganisationKey, tuple[int, str]]:
    """The id and name of each organisation known by (kind of identifier, identifier); absent when it is new."""
    wanted = (
        func.unnest(
            bindparam("kinds", [kind for kind, _ in keys], ARRAY(Text)),
            bindparam("identifiers", [identifier for _, identifier in keys], ARRAY(Text)),
        )
        .table_valued("kind", "identifier")
        .render_derived()
    )
    rows = db.session.execute(
        select(Organisation.identifier_kind, Organisation.identifier, Organisation.id, Organisation.name).join(
            wanted,
            (Organisation.identifier_kind == wanted.c.kind) & (Organisation.identifier == wanted.c.identifier),
        )
    )
    return {(kind, identifier): (id_, name) for kind, identifier, id_, name in rows}


def import_seen_by(viewer: Viewer, import_id: int) -> ContractImport | None:
    """A file taken in, for those of the organisation that brought it, and for the administrator."""
    found = select(ContractImport).where(ContractImport.id == import_id)
    if viewer.role is not Role.ADMINISTRATOR:
        found = found.where(ContractImport.organisation_id == viewer.organisation_id)
    return db.session.scalar(found)


def identifier_of(organisation_id: int) -> str | None:
    """What the organisation is known by: its SIRET, or what a source gave instead."""
    return db.session.scalar(select(Organisation.identifier).where(Organisation.id == organisation_id))
