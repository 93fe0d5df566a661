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


def _weekly(name: str, hours: int, article: str, former: str = "") -> InForce[Decimal]:
    now = Source(f"C. trav., art. {article}", LABOUR_CODE, _READ_ON)
    if not former:
        return InForce(name, "h par semaine", {_RECAST: (Decimal(hours), now)})
    before = Source(f"C. trav., art. {former} (ancien)", LABOUR_CODE)
    return InForce(name, "h par semaine", {_RECAST: (Decimal(hours), before), _REFORM: (Decimal(hours), now)})


LONGEST_WEEK = _weekly("Durée maximale d’une semaine, sur dérogation", 60, "L3121-21", "L3121-35")
USUAL_LONGEST_WEEK = _weekly("Durée maximale d’une semaine", 48, "L3121-20", "L3121-35")
LONGEST_WEEK_OF_MINORS = _weekly("Durée maximale d’une semaine avant 18 ans, sur dérogation", 40, "L3162-1")
USUAL_WEEK_OF_MINORS = _weekly("Durée maximale d’une semaine avant 18 ans", 35, "L3162-1")
