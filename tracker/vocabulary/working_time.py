"""How long the law lets somebody work: dated figures that several rooms ask."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tracker.vocabulary.law import InForce, Source

LABOUR_CODE = "https://www.legifrance.gouv.fr/codes/id/LEGITEXT000006072050/"
_READ_ON = date(2026, 11, 1)
# The code was recast on this day; the same figures stood under other numbers until the reform of 2016.
_RECAST = date(2008, 5, 1)
_REFORM = date(2016, 8, 10)


def _article(number: str, read_on: date | None = _READ_ON) -> Source:
    return Source(f"C. trav., art. {number}", LABOUR_CODE, read_on)


LONGEST_WEEK = InForce(
    "Durée maximale d’une semaine, sur dérogation",
    "h par semaine",
    {
        _RECAST: (Decimal(60), _article("L3121-35 (ancien)", read_on=None)),
        _REFORM: (Decimal(60), _article("L3121-21")),
    },
)
USUAL_LONGEST_WEEK = InForce(
    "Durée maximale d’une semaine",
    "h par semaine",
    {
        _RECAST: (Decimal(48), _article("L3121-35 (ancien)", read_on=None)),
        _REFORM: (Decimal(48), _article("L3121-20")),
    },
)
LONGEST_WEEK_OF_MINORS = InForce(
    "Durée maximale d’une semaine avant 18 ans, sur dérogation",
    "h par semaine",
    {_RECAST: (Decimal(40), _article("L3162-1"))},
)
USUAL_WEEK_OF_MINORS = InForce(
    "Durée maximale d’une semaine avant 18 ans",
    "h par semaine",
    {_RECAST: (Decimal(35), _article("L3162-1"))},
)
