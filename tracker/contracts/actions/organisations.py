"""The buyers and holders that a batch of records names, found or added in a handful of statements."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from tracker.accounts.actions import UNNAMED
from tracker.accounts.models import Organisation
from tracker.accounts.rules import OrganisationKind
from tracker.contracts.exchange.drafts import ContractDraft, HolderDraft
from tracker.contracts.models import Contract, ContractParty
from tracker.contracts.queries.imports import BY_NAME, OrganisationKey, organisations_named
from tracker.plumbing.bulk import insert_many
from tracker.plumbing.database import db
from tracker.vocabulary.identifiers import is_siret
from tracker.vocabulary.words import search_key, sort_key

# The kind of an identifier that its publisher did not name.
OTHER_KIND = "AUTRE"


@dataclass(frozen=True, slots=True)
class Named:
    """An organisation as a batch needs it; `known_name` is empty while nobody has named it."""

    id: int
    identifier: str
    known_name: str


Organisations = dict[OrganisationKey, Named]


def buyer_key(draft: ContractDraft) -> OrganisationKey:
    return "SIRET", draft.buyer_identifier


def holder_key(holder: HolderDraft) -> OrganisationKey:
    """A holder without identifier is kept under its name; one with neither is never in a draft."""
    if not holder.identifier:
        return BY_NAME, search_key(holder.name)
    return holder.kind or OTHER_KIND, holder.identifier


def organisations_of(drafts: Sequence[ContractDraft], now: datetime) -> Organisations:
    """Every buyer and holder of these records by its key, added when it is new, named when it had no name."""
    wanted = _wanted(drafts)
    found = organisations_named(wanted)
    missing = [key for key in wanted if key not in found]
    if missing:
        _add(missing, wanted, now)
        found |= organisations_named(missing)
    _name(((found[key][0], name) for key, (_, name) in wanted.items() if name and found[key][1] == UNNAMED))
    return {key: Named(found[key][0], key[1], _known_name(found[key][1], name)) for key, (_, name) in wanted.items()}


def _wanted(drafts: Sequence[ContractDraft]) -> dict[OrganisationKey, tuple[OrganisationKind, str]]:
    """What each organisation is and the first name it is given; a buyer that is also a holder stays a buyer."""
    wanted: dict[OrganisationKey, tuple[OrganisationKind, str]] = {}
    for key, kind, name in _mentions(drafts):
        known_kind, known_name = wanted.get(key, (kind, ""))
        wanted[key] = known_kind, known_name or name
    return wanted


def _mentions(drafts: Sequence[ContractDraft]) -> Iterator[tuple[OrganisationKey, OrganisationKind, str]]:
    for draft in drafts:
        yield buyer_key(draft), OrganisationKind.BUYER, draft.buyer_name or ""
    for draft in drafts:
        for holder in draft.holders:
            yield holder_key(holder), OrganisationKind.COMPANY, holder.name or ""


def _known_name(kept: str, given: str) -> str:
    return given if kept == UNNAMED else kept


def _add(
    keys: Iterable[OrganisationKey], wanted: dict[OrganisationKey, tuple[OrganisationKind, str]], now: datetime
) -> None:
    rows = [
        {
            "kind": wanted[key][0],
            "identifier_kind": key[0],
            "identifier": key[1],
            "siret": key[1] if key[0] == "SIRET" and is_siret(key[1]) else None,
            "name": wanted[key][1] or UNNAMED,
            "sort_key": sort_key(wanted[key][1] or UNNAMED),
            "created_at": now,
        }
        for key in keys
    ]
    # A page may be adding the same firm at this very moment.
    insert_many(Organisation, rows, or_nothing=True)


def _name(learnt: Iterable[tuple[int, str]]) -> None:
    """Names the organisations that had none, and lets their contracts be found by that name; rare after a while."""
    for id_, name in learnt:
        named = update(Organisation).where(Organisation.id == id_).values(name=name, sort_key=sort_key(name))
        theirs = select(ContractParty.contract_id).where(ContractParty.organisation_id == id_)
        found = update(Contract).where((Contract.buyer_id == id_) | Contract.id.in_(theirs))
        for statement in (named, found.values(search_text=func.concat(Contract.search_text, " ", search_key(name)))):
            db.session.execute(statement, execution_options={"synchronize_session": False})
