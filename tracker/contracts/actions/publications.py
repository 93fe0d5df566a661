"""A batch of published records becomes contracts, parties and history, in a handful of statements.

The rules of `rules.identity` are applied to each record in turn; what they decide is gathered and written at the end,
so that a batch of 500 records costs the same number of statements as a batch of one.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update

from tracker.accounts.models import JournalEntry
from tracker.contracts.actions.organisations import Organisations, buyer_key, holder_key, organisations_of
from tracker.contracts.exchange.drafts import ContractDraft, ContractKind
from tracker.contracts.models import Contract, ContractParty, ContractPublication
from tracker.contracts.queries.imports import Key, known_contracts
from tracker.contracts.rules.identity import Created, Incoming, Known, Match, Unchanged, Updated, after
from tracker.contracts.rules.levers import Capacity
from tracker.plumbing.bulk import insert_many, next_ids
from tracker.plumbing.database import db
from tracker.vocabulary.words import search_key, sort_key

# Two imports of one file at the same moment must not both find a contract absent.
IMPORT_LOCK = 2_009_168


@dataclass(slots=True, eq=False)
class _Line:
    """A contract of the batch: the record it now follows, if that changes, and those to keep in its history."""

    id: int | None = None
    current: ContractDraft | None = None
    received: list[ContractDraft] = field(default_factory=list)
    lacks_holders: bool = True
    doubt: str = ""


@dataclass(slots=True)
class _Group:
    """The contracts under one buyer and number, beside what the rules compare."""

    known: list[Known]
    lines: list[_Line]


def take_batch(drafts: Sequence[ContractDraft], now: datetime) -> list[Match]:
    """Writes what these records bring, in their order, and says what each was; the caller commits."""
    db.session.execute(select(func.pg_advisory_xact_lock(IMPORT_LOCK)))
    organisations = organisations_of(drafts, now)
    keys = [(organisations[buyer_key(draft)].id, draft.number) for draft in drafts]
    groups = _groups(keys)
    verdicts = [_settle(groups[key], draft) for key, draft in zip(keys, drafts, strict=True)]
    lines = [line for group in groups.values() for line in group.lines]
    known = [line for line in lines if line.id is not None]
    _add_contracts([line for line in lines if line.id is None], organisations, now)
    _replace_contracts([line for line in known if line.current], organisations)
    _add_parties([line for line in lines if line.current and line.lacks_holders], organisations)
    _keep_publications(lines, now)
    _write_doubts([line for line in known if line.doubt])
    return verdicts


def _groups(keys: Sequence[Key]) -> dict[Key, _Group]:
    found = known_contracts(set(keys))
    groups = {}
    for key in keys:
        contracts = found.get(key, [])
        lines = [_Line(contract.id, lacks_holders=not contract.known.holders) for contract in contracts]
        groups[key] = _Group([contract.known for contract in contracts], lines)
    return groups


def _settle(group: _Group, draft: ContractDraft) -> Match:
    """What the record is; its group remembers it for the records that follow."""
    record = Incoming(draft.holder_keys, draft.object_key, draft.published_on, draft.digest)
    group.known, verdict = after(group.known, record)
    if isinstance(verdict, Unchanged):
        return verdict
    if isinstance(verdict, Created):
        for line in group.lines:
            line.doubt = line.doubt or verdict.flag or ""
        group.lines.append(_Line(None, draft, [draft], doubt=verdict.flag or ""))
        return verdict
    line = group.lines[verdict.index]
    line.received.append(draft)
    if isinstance(verdict, Updated):
        line.current, line.doubt = draft, verdict.flag or line.doubt
    return verdict


def _add_contracts(lines: Sequence[_Line], organisations: Organisations, now: datetime) -> None:
    if not lines:
        return
    for line, id_ in zip(lines, next_ids(Contract, len(lines)), strict=True):
        line.id = id_
    insert_many(
        Contract,
        [
            _values(line.current, organisations) | {"id": line.id, "doubt": line.doubt, "created_at": now}
            for line in lines
        ],
    )
    _write_journal("contract_imported", lines)


def _replace_contracts(lines: Sequence[_Line], organisations: Organisations) -> None:
    """A later publication takes the place of the former; what people added (dates, clauses) stays."""
    if not lines:
        return
    columns = [(line.id, _values(line.current, organisations)) for line in lines]
    # The database's driver binds by these names; a column's own name is SQLAlchemy's.
    rows = [{"at": id_} | {f"new_{name}": value for name, value in values.items()} for id_, values in columns]
    new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in columns[0][1]}
    statement = update(Contract).where(Contract.id == bindparam("at"))
    db.session.connection().execute(statement.values(**new, version_id=Contract.version_id + 1), rows)
    _write_journal("contract_republished", lines)


def _write_journal(verb: str, lines: Sequence[_Line]) -> None:
    insert_many(JournalEntry, [{"verb": verb, "about_kind": "contract", "about_id": line.id} for line in lines])


def _values(draft: ContractDraft | None, organisations: Organisations) -> dict[str, Any]:
    """The record as columns of `contract`."""
    assert draft is not None
    buyer = organisations[buyer_key(draft)]
    holders = [organisations[holder_key(holder)] for holder in draft.holders]
    known_by = [word for one in (buyer, *holders) for word in (one.known_name, one.identifier)]
    return {
        "buyer_id": buyer.id,
        "number": draft.number,
        "lot": draft.lot,
        "object": draft.object,
        "is_concession": draft.kind is ContractKind.CONCESSION,
        "nature": draft.nature or "",
        "procedure": draft.procedure or "",
        "cpv": draft.cpv,
        "ccag": draft.ccag,
        "notified_on": draft.notified_on,
        "published_on": draft.published_on,
        "starts_on": draft.starts_on,
        "duration_months": draft.duration_months,
        "amount": draft.amount,
        "amount_text": draft.amount_text or "",
        "place_code": draft.place_code or "",
        "has_social_clause": draft.has_social_clause,
        "social_considerations": list(draft.social_considerations),
        "remarks": [asdict(remark) for remark in draft.remarks],
        "source": f"DECP {draft.format.value}",
        "digest": draft.digest,
        "search_text": search_key(draft.number, draft.lot, draft.object, *known_by),
        "sort_key": sort_key(draft.object),
    }


def _add_parties(lines: Sequence[_Line], organisations: Organisations) -> None:
    """The holders of contracts that had none. Who leads a grouping, the open data do not say."""
    rows = [
        {
            "contract_id": line.id,
            "organisation_id": organisations[holder_key(holder)].id,
            "capacity": Capacity.HOLDER if len(line.current.holders) == 1 else Capacity.CO_HOLDER,
            "rank": rank,
        }
        for line in lines
        if line.current
        for rank, holder in enumerate(line.current.holders, start=1)
    ]
    insert_many(ContractParty, rows)


def _keep_publications(lines: Sequence[_Line], now: datetime) -> None:
    rows = [
        {
            "contract_id": line.id,
            "digest": draft.digest,
            "published_on": draft.published_on,
            "record": draft.raw,
            "received_at": now,
        }
        for line in lines
        for draft in line.received
    ]
    insert_many(ContractPublication, rows)


def _write_doubts(lines: Sequence[_Line]) -> None:
    """Says on the contracts already there why a person should look, unless they say it already."""
    for doubt in sorted({line.doubt for line in lines}):
        ids = [line.id for line in lines if line.doubt == doubt]
        statement = update(Contract).where(Contract.id.in_(ids), Contract.doubt == "").values(doubt=doubt)
        db.session.execute(statement, execution_options={"synchronize_session": False})
