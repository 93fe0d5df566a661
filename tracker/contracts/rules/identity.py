"""Which contract a published record is: a new one, a later publication of one we know, or one already seen.

Buyer and number tell no contract from another: 1 618 real records share 1 581 such keys, and some are lots with other
holders. The rules below compare a record with the contracts known **under the same buyer and number**; finding those is
the caller's. They are our own [F]: no text says how a publisher repeats itself.

| Holders | Object | Publication | The record is |
|---|---|---|---|
| any | any | its digest was seen | unchanged |
| same | same | later, or the same day | the same contract: the record replaces it |
| same | same | earlier, or undated when ours is dated | the same contract: kept in its history |
| same | other | later | the same contract, when there is but one |
| same | other | earlier | the same contract's past, when there is but one |
| same | other | the same day | another lot |
| same | other | unknown, or several contracts | another contract, for a person to look at |
| other | any | any | another contract, for a person to look at |

Holders « à compléter » (none at all) are the same as any others when the object is the same, and one contract alone
has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

OTHER_HOLDERS = "Même acheteur et même numéro qu’un autre marché, mais d’autres titulaires : à vérifier"
UNDATED = "Même numéro et mêmes titulaires qu’un autre marché, autre objet, publication sans date : à vérifier"
SEVERAL = "Même numéro et mêmes titulaires que plusieurs marchés, autre objet : à vérifier"
TWICE_A_DAY = "Publié deux fois le même jour avec des contenus différents : à vérifier"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A record read: its holders' keys, its object by `search_key`, its publication, the digest of what was read."""

    holders: frozenset[str]
    object_key: str
    published_on: date | None
    digest: str


@dataclass(frozen=True, slots=True)
class Known:
    """A contract under the same buyer and number, as its current publication says it.

    `digests` are those of every record ever received for it, the current one's and those kept in its history alike.
    """

    holders: frozenset[str]
    object_key: str
    published_on: date | None
    digests: frozenset[str]


@dataclass(frozen=True, slots=True)
class Created:
    """A contract of its own; `flag` says in French why a person should look, None when nothing is doubtful."""

    flag: str | None = None


@dataclass(frozen=True, slots=True)
class Updated:
    """A publication that replaces the contract at `index`; its digest joins those seen, the old one becomes history."""

    index: int
    flag: str | None = None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A record already received for the contract at `index`: nothing is written."""

    index: int


@dataclass(frozen=True, slots=True)
class Older:
    """An earlier publication of the contract at `index`: it joins its history, and counts as unchanged.

    Its digest must join those seen, or the next import would meet it again.
    """

    index: int


Match = Created | Updated | Unchanged | Older


def match(known: Sequence[Known], record: Incoming) -> Match:
    """What this record is among the contracts known under its buyer and number.

    Once every record of a file went through (`after` says what each leaves), the same file again gives nothing but
    Unchanged, in whatever order: every digest was seen.
    """
    seen = _first(index for index, contract in enumerate(known) if record.digest in contract.digests)
    if seen is not None:
        return Unchanged(seen)
    same_contract = _same_contract(known, record)
    if same_contract is not None:
        return _publication_of(same_contract, known, record)
    same_holders = [index for index, contract in enumerate(known) if contract.holders == record.holders]
    if same_holders:
        return _other_object(same_holders, known, record)
    return Created(OTHER_HOLDERS if known else None)


def after(known: Sequence[Known], record: Incoming) -> tuple[list[Known], Match]:
    """The contracts known once this record went through, and what it was; `known` is left as it is."""
    verdict = match(known, record)
    contracts = list(known)
    current = Known(record.holders, record.object_key, record.published_on, frozenset({record.digest}))
    if isinstance(verdict, Created):
        return [*contracts, current], verdict
    seen = contracts[verdict.index].digests | {record.digest}
    kept = current if isinstance(verdict, Updated) else contracts[verdict.index]
    contracts[verdict.index] = Known(kept.holders, kept.object_key, kept.published_on, seen)
    return contracts, verdict


def _same_contract(known: Sequence[Known], record: Incoming) -> int | None:
    """The contract with this object and these holders, else the only one with this object that lacks them, or has them
    when the record does not."""
    same_object = [index for index, contract in enumerate(known) if contract.object_key == record.object_key]
    same_holders = [index for index in same_object if known[index].holders == record.holders]
    completing = [index for index in same_object if not known[index].holders or not record.holders]
    if not same_holders:
        return completing[0] if len(completing) == 1 else None
    return _latest(known, same_holders)


def _publication_of(index: int, known: Sequence[Known], record: Incoming) -> Match:
    """Same holders, same object: latest wins; the last read wins between two of one day, or between two undated."""
    ours, theirs = known[index].published_on, record.published_on
    if ours is not None and (theirs is None or theirs < ours):
        return Older(index)
    return Updated(index, TWICE_A_DAY if ours is not None and ours == theirs else None)


def _other_object(candidates: Sequence[int], known: Sequence[Known], record: Incoming) -> Match:
    """Same holders, other object: only the dates can tell a corrected wording from another lot."""
    days = {known[index].published_on for index in candidates}
    if record.published_on in days:
        return Created()
    if len(candidates) > 1:
        return Created(SEVERAL)
    ours = known[candidates[0]].published_on
    if ours is None or record.published_on is None:
        return Created(UNDATED)
    return Updated(candidates[0]) if record.published_on > ours else Older(candidates[0])


def _latest(known: Sequence[Known], candidates: Iterable[int]) -> int:
    """Of several contracts, the one published last, then the first known."""
    return max(candidates, key=lambda index: (known[index].published_on or date.min, -index))


def _first(indexes: Iterable[int]) -> int | None:
    return next(iter(indexes), None)
