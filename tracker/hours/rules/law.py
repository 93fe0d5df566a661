"""Figures of law that hours are measured against, and what they allow over some days."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tracker.vocabulary.hours import round_hours
from tracker.vocabulary.law import InForce, Source
from tracker.vocabulary.working_time import (
    LABOUR_CODE,
    LONGEST_WEEK,
    LONGEST_WEEK_OF_MINORS,
    USUAL_LONGEST_WEEK,
    USUAL_WEEK_OF_MINORS,
)

DAYS_A_WEEK = 7
WEEKS_A_YEAR = 52

SMIC = InForce(
    "SMIC horaire brut",
    "€ par heure",
    {
        date(2026, 1, 1): (
            Decimal("12.02"),
            Source("C. trav., art. L3231-2 et suivants, et décret de relèvement", LABOUR_CODE, date(2026, 11, 1)),
        ),
    },
)


def longest_week(is_minor: bool) -> InForce[Decimal]:
    """The week nobody may pass, whatever the exemption: 60 h, 40 h under 18."""
    return LONGEST_WEEK_OF_MINORS if is_minor else LONGEST_WEEK


def usual_longest_week(is_minor: bool) -> InForce[Decimal]:
    """The week nobody may pass without exemption: 48 h, 35 h under 18."""
    return USUAL_WEEK_OF_MINORS if is_minor else USUAL_LONGEST_WEEK


def over_days(weekly_hours: Decimal, days: int) -> Decimal:
    """What a weekly maximum allows over so many days in post: 60 h over 31 days → 265.71."""
    return round_hours(weekly_hours * days / DAYS_A_WEEK)
