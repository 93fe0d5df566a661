"""What a published record says, as plain values: a draft with its remarks, or a reject with its reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from tracker.contracts.rules.levers import Ccag
from tracker.vocabulary.words import search_key

EXCERPT = 200


class ContractKind(StrEnum):
    """Which of the two families of the open data a record belongs to."""

    MARKET = "marché"
    CONCESSION = "concession"


class Edition(StrEnum):
    """The family of the format: 1.x says nothing of social considerations, 2.x does."""

    ONE = "1.x"
    TWO = "2.x"


class RemarkKind(StrEnum):
    """Repaired: the value was put right. Wrong: it was not taken, its text stays visible. Missing: « à compléter »."""

    REPAIRED = "repaired"
    WRONG = "wrong"
    MISSING = "missing"


class RejectKind(StrEnum):
    """One record could not be taken, or the file could not be read further."""

    RECORD = "record"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing seen on one field.

    `field` is the draft's own name (« notified_on », « holders[0].identifier », « modifications[1].amount »; « file »
    for the whole file); `text` is what the page shows, in French; `raw` what was published, at most 200 characters.
    """

    field: str
    kind: RemarkKind
    text: str
    raw: str = ""


@dataclass(frozen=True, slots=True)
class HolderDraft:
    """A holder: its identifier without spaces (may be ""), its kind (« SIRET », « TVA », « HORS-UE »…, may be "").

    `siret_valid` is true only for a SIRET with a right sum; a foreign number is neither valid nor wrong.
    """

    identifier: str
    kind: str
    name: str | None
    siret_valid: bool

    @property
    def key(self) -> str:
        """What tells one holder from another: its identifier, else its name without accents or case."""
        return self.identifier or f"nom {search_key(self.name)}"


@dataclass(frozen=True, slots=True)
class ModificationDraft:
    """What a published modification changes; a field it does not change is None, holders an empty tuple."""

    on: date | None
    published_on: date | None
    amount: Decimal | None
    duration_months: int | None
    object: str | None
    holders: tuple[HolderDraft, ...]


@dataclass(frozen=True, slots=True)
class ContractDraft:
    """One record of the open data: one lot with its holders.

    `rank` counts every record of the file from 1, rejects included; `path` is its place, counted from 0
    (« marches.marche[12] », "" when the file is one record). Buyer, number and object are never empty; anything else
    may be None, and a remark says so. `amount` is in euros with two decimals, at most 10^10; what was published
    instead of a credible amount is `amount_text`. `lot` is read in the object (« 2 »), "" when it
    names none or several. A `place_code` that cannot be of its kind has no `place_kind`.
    `social_considerations` are the official labels without « Pas de considération sociale »; `has_social_clause` is
    about « Clause sociale » alone, None when the record does not say. `digest` is the SHA-256 of the canonical JSON of
    `raw`, the published record as JSON-able values (decimal numbers as text, no NUL), kept for history.
    """

    rank: int
    path: str
    format: Edition
    kind: ContractKind
    buyer_identifier: str
    buyer_siret_valid: bool
    buyer_name: str | None
    number: str
    lot: str
    object: str
    nature: str | None
    procedure: str | None
    cpv: str | None
    ccag: Ccag | None
    notified_on: date | None
    published_on: date | None
    starts_on: date | None
    duration_months: int | None
    amount: Decimal | None
    amount_text: str | None
    place_code: str | None
    place_kind: str | None
    holders: tuple[HolderDraft, ...]
    social_considerations: tuple[str, ...]
    has_social_clause: bool | None
    modifications: tuple[ModificationDraft, ...]
    subcontract_count: int
    remarks: tuple[Remark, ...]
    digest: str
    raw: dict[str, Any] = field(repr=False)

    @property
    def object_key(self) -> str:
        """The object without accents, case or punctuation: what `rules.identity` compares."""
        return search_key(self.object)

    @property
    def holder_keys(self) -> frozenset[str]:
        return frozenset(holder.key for holder in self.holders)

    @property
    def is_repaired(self) -> bool:
        return any(remark.kind is RemarkKind.REPAIRED for remark in self.remarks)


@dataclass(frozen=True, slots=True)
class Reject:
    """What cannot be taken.

    `path` is the record's place in the file, `path_in_record` the published names at fault, joined by « , »
    (« acheteur.id », « id, objet »; "" for a file); `reason` is in French; `raw` at most 200 characters of what was
    published.
    """

    rank: int
    path: str
    path_in_record: str
    reason: str
    raw: str = ""
    kind: RejectKind = RejectKind.RECORD
