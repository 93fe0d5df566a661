"""One published value at a time: dates, durations, amounts, codes and identifiers, read through their dirt."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from tracker.contracts.exchange.texts import Notes, excerpt, tidy
from tracker.vocabulary.identifiers import SIRET_DIGITS, is_siret, tidy_identifier
from tracker.vocabulary.words import search_key

GREATEST_AMOUNT = Decimal(10) ** 10
"""Ten thousand million euros: above every contract published in France, far under the 1.0e17 found in the wild."""
LEAST_AMOUNT = Decimal(1)
"""The least that the official schema allows."""
GREATEST_DURATION = 1200
"""A hundred years: the longest concessions are of 99."""
YEARS = range(1900, 2101)
"""Outside, a year such as 0218 is a typing error, and nobody can say which."""

Choice = TypeVar("Choice")

_NOTHING = {"", "nc", "n c", "nr", "nd", "cdl", "inx", "none", "null", "nan", "neant", "inconnu", "non renseigne"}
LONGEST_NOTHING = 40
LONGEST_LABEL = 80
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)(.*)", re.DOTALL | re.ASCII)
_FRENCH_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_COMPACT_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
# Midnight in Paris written in universal time: the day is the next one.
_EVE_OF_THE_DAY = re.compile(r"[T ]2[23]:00(:00(\.0+)?)?Z")
_WHOLE = re.compile(r"[+-]?\d{1,9}(?:[.,]0+)?", re.ASCII)
_AMOUNT = re.compile(r"[+-]?\d{1,40}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_ONLY_NINES = re.compile(r"9{7,}(\.9+|\.0+)?")
_CPV = re.compile(r"(\d{8})(?:-?\d)?", re.ASCII)
_CPV_WITHOUT_ZERO = re.compile(r"([39]\d{6})(?:-\d)?", re.ASCII)
_CPV_DIVISIONS = frozenset(
    f"{division:02}"
    for division in (
        *(3, 9, 14, 15, 16, 18, 19, 22, 24, 30, 31, 32, 33, 34, 35, 37, 38, 39, 41, 42, 43, 44, 45, 48),
        *(50, 51, 55, 60, 63, 64, 65, 66, 70, 71, 72, 73, 75, 76, 77, 79, 80, 85, 90, 92, 98),
    )
)
"""The 45 divisions of the CPV of 2008 (EC regulation 213/2008)."""


class Spot(NamedTuple):
    """Where a value stands: the draft's field, its French label, and whether its absence is worth a remark."""

    field: str
    label: str
    demanded: bool = True


def is_nothing(raw: Any) -> bool:
    """Whether this stands for no value: null, an empty list, « NC », « CDL », « néant »…"""
    if isinstance(raw, bool | int | Decimal):
        return False
    return not raw or (isinstance(raw, str) and len(raw) <= LONGEST_NOTHING and _key(raw) in _NOTHING)


def read_day(raw: Any, spot: Spot, notes: Notes) -> date | None:
    """A day as written: a time zone or an hour is dropped and said; None for nothing, and for what is no day."""
    if _missing(raw, spot, notes):
        return None
    text = tidy(raw)
    year, month, day, rest = _day_parts(text)
    read = _day_of(year, month, day)
    if read is None:
        notes.wrong(spot.field, f"{spot.label} non valide : {excerpt(raw)}", raw)
        return None
    if _EVE_OF_THE_DAY.fullmatch(rest):
        read += timedelta(days=1)
    if text != read.isoformat():
        notes.repaired(spot.field, f"{spot.label} : {_day_repair(text, rest)}", raw)
    return read


def read_months(raw: Any, spot: Spot, notes: Notes) -> int | None:
    """A whole number of months from 1 to 1 200; None otherwise, and said."""
    if _missing(raw, spot, notes):
        return None
    text = tidy(raw)
    months = int(re.split("[.,]", text)[0]) if _WHOLE.fullmatch(text) else 0
    if not 1 <= months <= GREATEST_DURATION:
        notes.wrong(spot.field, f"{spot.label} non valide : {excerpt(raw)}", raw)
        return None
    if isinstance(raw, str):
        notes.repaired(spot.field, f"{spot.label} : texte lu comme un nombre", raw)
    return months


def read_amount(raw: Any, spot: Spot, notes: Notes) -> tuple[Decimal | None, str | None]:
    """Euros with two decimals and None; or None and the text published, when no such sum can be believed."""
    if _missing(raw, spot, notes):
        return None, None
    amount = _number(raw)
    objection = _incredible(amount, excerpt(raw))
    if amount is None or objection:
        notes.wrong(spot.field, f"{spot.label} {objection}", raw)
        return None, excerpt(raw)
    rounded = amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
    if isinstance(raw, str):
        notes.repaired(spot.field, f"{spot.label} : texte lu comme un nombre", raw)
    if rounded != amount:
        notes.repaired(spot.field, f"{spot.label} arrondi au centime", raw)
    return rounded, None


def read_cpv(raw: Any, spot: Spot, notes: Notes) -> str | None:
    """Eight digits of a division that exists; the check digit is dropped, a lost leading zero is given back."""
    if _missing(raw, spot, notes):
        return None
    text = tidy_cpv(raw)
    whole, short = _CPV.fullmatch(text), _CPV_WITHOUT_ZERO.fullmatch(text)
    code = whole[1] if whole else f"0{short[1]}" if short else ""
    if code[:2] not in _CPV_DIVISIONS:
        notes.wrong(spot.field, f"{spot.label} inconnu : {excerpt(raw)}", raw)
        return None
    if short and not whole:
        notes.repaired(spot.field, f"{spot.label} : zéro de tête rétabli", raw)
    if len(text) > len(code) or "-" in text:
        notes.repaired(spot.field, f"{spot.label} : clé de contrôle retirée", raw)
    return code


def tidy_cpv(raw: Any) -> str:
    return re.sub(r"[\s.]", "", tidy(raw)).replace("–", "-")


def read_identifier(raw: Any, kind: str, spot: Spot, notes: Notes) -> tuple[str, bool]:
    """The identifier without spaces, and whether it is a SIRET with a right sum; what is no SIRET is kept and said.

    A number lost the zeros at its head for certain, a text did not: zeros are given back to numbers alone.
    """
    if _missing(raw, spot, notes):
        return "", False
    identifier = tidy_identifier(tidy(raw))
    if isinstance(raw, str) and identifier != raw:
        notes.repaired(spot.field, f"{spot.label} : espaces ou ponctuation retirés", raw)
    if not isinstance(raw, str):
        identifier = _with_zeros(identifier, kind)
        notes.repaired(spot.field, f"{spot.label} : nombre lu comme un texte", raw)
    if kind not in ("SIRET", ""):
        return identifier, False
    if is_siret(identifier):
        return identifier, True
    if kind:
        notes.wrong(spot.field, f"SIRET non valide : {identifier} ({spot.label.lower()})", raw)
    return identifier, False


def read_choice(raw: Any, choices: Mapping[str, Choice], spot: Spot, notes: Notes) -> Choice | None:
    """The choice whose key, without accents or case, is the text published; None for another, and said."""
    if _missing(raw, spot, notes):
        return None
    choice = choices.get(_key(str(raw)[:LONGEST_LABEL]))
    if choice is None:
        notes.wrong(spot.field, f"{spot.label} non reconnu : {excerpt(raw)}", raw)
    return choice


@lru_cache(maxsize=4096)
def _key(text: str) -> str:
    """A short text without accents, case or dirt; a file says « Procédure adaptée » a thousand times."""
    return search_key(tidy(text))


def _missing(raw: Any, spot: Spot, notes: Notes) -> bool:
    if not is_nothing(raw):
        return False
    if spot.demanded:
        notes.missing(spot.field, f"{spot.label} à compléter", raw)
    return True


def _day_parts(text: str) -> tuple[str, str, str, str]:
    """Year, month, day and what follows, as texts; empty when no form of date is recognised."""
    if found := _DAY.fullmatch(text):
        return found[1], found[2], found[3], found[4]
    if found := _FRENCH_DAY.fullmatch(text):
        return found[3], found[2], found[1], ""
    if found := _COMPACT_DAY.fullmatch(text):
        return found[1], found[2], found[3], ""
    return "", "", "", ""


def _day_of(year: str, month: str, day: str) -> date | None:
    if not year or int(year) not in YEARS:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _day_repair(text: str, rest: str) -> str:
    if not rest:
        return "remise au format AAAA-MM-JJ"
    return "heure retirée" if ":" in rest and rest[0] in "T " else "fuseau horaire retiré"


def _number(raw: Any) -> Decimal | None:
    if isinstance(raw, bool):
        return None
    text = re.sub(r"\s|€|EUR(OS?)?$", "", tidy(raw), flags=re.IGNORECASE)
    text = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
    if not _AMOUNT.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _incredible(amount: Decimal | None, published: str) -> str:
    """Why no contract costs this, in French, as it follows « Montant »; "" when one may."""
    if amount is None:
        return f"non valide : {published}"
    if amount == 0:
        return "nul : à vérifier"
    if amount < 0 or amount > GREATEST_AMOUNT or _ONLY_NINES.fullmatch(format(amount, "f")):
        return f"aberrant : {published}"
    return f"inférieur à 1 € : à vérifier ({published})" if amount < LEAST_AMOUNT else ""


def _with_zeros(identifier: str, kind: str) -> str:
    padded = identifier.zfill(SIRET_DIGITS)
    return padded if kind in ("SIRET", "") and is_siret(padded) else identifier
