"""When a certificate may be issued, what it concludes, and what makes it verifiable."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TypeVar

from tracker.vocabulary.dates import Month, format_day
from tracker.vocabulary.hours import ZERO, format_hours, total
from tracker.vocabulary.identifiers import tidy_identifier
from tracker.vocabulary.objections import Level, Objection

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECK_LENGTH = 10
CODE_BYTES = 16
TENTH = Decimal("0.1")
ALMOST = Decimal("99.9")
_BITS_A_SIGN = 5
Key = TypeVar("Key", bound=Hashable)
_MISREAD = str.maketrans("OIL", "011")


class Kind(StrEnum):
    """Whether the clause goes on after the certificate."""

    INTERIM = "interim"
    FINAL = "final"

    @property
    def label(self) -> str:
        return {Kind.INTERIM: "intermédiaire", Kind.FINAL: "définitive"}[self]


class Standing(StrEnum):
    """What became of a certificate."""

    VALID = "valid"
    REPLACED = "replaced"
    REVOKED = "revoked"

    @property
    def label(self) -> str:
        return {Standing.VALID: "valide", Standing.REPLACED: "remplacée", Standing.REVOKED: "révoquée"}[self]


def percent_of(share: Decimal) -> Decimal:
    """A fraction in per cents, to the tenth, halves up."""
    return (share * 100).quantize(TENTH, ROUND_HALF_UP)


@dataclass(frozen=True)
class Result:
    """What a certificate concludes from hours due and counted."""

    due: Decimal
    counted: Decimal

    @property
    def is_met(self) -> bool:
        return self.counted >= self.due

    @property
    def balance(self) -> Decimal:
        """What is missing."""
        return max(ZERO, self.due - self.counted)

    @property
    def surplus(self) -> Decimal:
        return max(ZERO, self.counted - self.due)

    @property
    def rate(self) -> Decimal | None:
        """Counted ÷ due as a fraction; None when nothing is due."""
        return self.counted / self.due if self.due > 0 else None

    @property
    def percent(self) -> Decimal | None:
        """The rate in per cents to the tenth, as printed: never 100,0 while hours are missing."""
        if self.rate is None:
            return None
        rounded = percent_of(self.rate)
        return rounded if self.is_met else min(rounded, ALMOST)

    @property
    def heading(self) -> str:
        """« Objectif atteint » or « Objectif non atteint »."""
        return "Objectif atteint" if self.is_met else "Objectif non atteint"

    @property
    def sentence(self) -> str:
        """The heading with its hours."""
        if self.is_met:
            return f"{self.heading} : {format_hours(self.counted)} validées pour {format_hours(self.due)} dues."
        return f"{self.heading} : il manque {format_hours(self.balance)} sur {format_hours(self.due)} dues."


def outcome(due: Decimal, counted: Decimal) -> Result:
    """The conclusion on these hours; an interim certificate says where things stand in the same words."""
    return Result(due, counted)


def shares_of(parts: Mapping[Key, Decimal]) -> dict[Key, Decimal]:
    """Each part ÷ their sum, as fractions; none at all when the sum is zero."""
    whole = total(parts.values())
    return {key: part / whole for key, part in parts.items()} if whole else {}


@dataclass(frozen=True)
class OpenMonth:
    """A month that an employer has still to declare, or a facilitator to decide."""

    employer: str
    month: Month
    is_declared: bool = False

    @property
    def text(self) -> str:
        """« Batival, mars 2026 : à déclarer »."""
        return f"{self.employer}, {self.month.in_french} : {'à valider' if self.is_declared else 'à déclarer'}"


@dataclass(frozen=True)
class IssueFacts:
    """What issuing looks at: the performance, its months not settled yet, the hours.

    `open_months`: the holder's from notification to end, and every other employer's with an open placement, less those
    an opening balance covers.
    """

    today: date
    starts_on: date | None
    ends_on: date | None
    due: Decimal
    counted: Decimal
    open_months: tuple[OpenMonth, ...] = ()
    has_signatory: bool = True
    has_holder: bool = True


def objections_to_issue(kind: Kind, facts: IssueFacts) -> list[Objection]:
    """What forbids a certificate of that kind; an interim one warns of months that are still open."""
    found = list(_common(facts))
    return found + list(_against_final(facts) if kind is Kind.FINAL else _warnings(facts))


def _common(facts: IssueFacts) -> Iterator[Objection]:
    if facts.starts_on is None or facts.ends_on is None:
        yield Objection("dates_missing", "Indiquez la notification et la fin du marché avant d’attester.")
    if facts.due <= 0:
        yield Objection("due_missing", "Indiquez les heures dues avant d’attester.")
    if not facts.has_holder:
        yield Objection("holder_missing", "Indiquez le titulaire du marché avant d’attester.")
    if not facts.has_signatory:
        yield Objection("signatory_missing", "Désignez qui signe l’attestation.")


def _against_final(facts: IssueFacts) -> Iterator[Objection]:
    if facts.ends_on is not None and facts.ends_on >= facts.today:
        text = f"Le marché finit le {format_day(facts.ends_on)} : jusque-là, délivrez une attestation intermédiaire."
        yield Objection("not_ended", text, "kind")
    for month in facts.open_months:
        yield Objection("month_open", f"{month.text}.", "kind", settled_by="Déclarer et valider ce mois.")


def _warnings(facts: IssueFacts) -> Iterator[Objection]:
    if facts.open_months:
        text = "Des mois restent à déclarer ou à valider : leurs heures n’y figurent pas."
        yield Objection("months_open", text, "kind", Level.WARNS)


def objections_to_end(reason: str) -> list[Objection]:
    """A certificate is replaced or revoked for a written reason."""
    if reason.strip():
        return []
    return [Objection("reason_missing", "Écrivez le motif : il figure sur la page de vérification.", "reason")]


def certificate_number(year: int, rank: int) -> str:
    """« AR-2026-0042 »: the year of issue and the rank in it."""
    return f"AR-{year}-{rank:04d}"


def check_code(number: str, key: bytes) -> str:
    """Ten signs for typing beside the number: 50 bits of its HMAC-SHA-256, Crockford's alphabet (no I, L, O, U)."""
    digest = hmac.new(key, number.encode(), hashlib.sha256).digest()
    value = int.from_bytes(digest, "big") >> (len(digest) * 8 - CHECK_LENGTH * _BITS_A_SIGN)
    shifts = range((CHECK_LENGTH - 1) * _BITS_A_SIGN, -1, -_BITS_A_SIGN)
    return "".join(CROCKFORD[value >> shift & len(CROCKFORD) - 1] for shift in shifts)


def tidy_check_code(typed: str) -> str:
    """The code as printed, from one typed with spaces, dashes, small letters, or O for 0 and I or L for 1."""
    return tidy_identifier(typed).translate(_MISREAD)


def is_check_code(typed: str, number: str, key: bytes) -> bool:
    """Whether what was typed is the number's check code; takes the same time whatever is wrong."""
    return hmac.compare_digest(tidy_check_code(typed).encode(), check_code(number, key).encode())


def new_code(random_bytes: bytes) -> str:
    """The code of the public address, from at least 16 random bytes: small letters and digits 2 to 7.

    ValueError when there are fewer than 128 bits.
    """
    if len(random_bytes) < CODE_BYTES:
        raise ValueError("a public code holds 128 bits at least")
    return base64.b32encode(random_bytes).decode().rstrip("=").lower()
