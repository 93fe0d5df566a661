"""The months of a plan, counted from the first: their days as dates and as text, looked up millions of times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.vocabulary.dates import MONTHS_A_YEAR, Month


@dataclass(frozen=True)
class MonthDays:
    """One month: bounds, number of days, first and last day as text."""

    first: date
    last: date
    days: int
    first_text: str
    last_text: str

    def day(self, number: int) -> date:
        return self.first.replace(day=number)


class Almanac:
    """`months[i]` is the i-th month of the plan; one year more than the plan, for what comes after its end."""

    def __init__(self, first_year: int, years: int) -> None:
        self.first_year = first_year
        self.years = years
        self.months = [_days_of(Month(first_year, 1) + rank) for rank in range((years + 1) * MONTHS_A_YEAR)]

    def year_of(self, month: int) -> int:
        """The rank of the year, from 0."""
        return month // MONTHS_A_YEAR

    @property
    def end(self) -> int:
        """The month after the last."""
        return self.years * MONTHS_A_YEAR


def _days_of(month: Month) -> MonthDays:
    first, last = month.first_day, month.last_day
    return MonthDays(first, last, last.day, first.isoformat(), last.isoformat())
