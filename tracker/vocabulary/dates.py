"""Civil months and periods of days, both ends included."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

FRENCH_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
MONTHS_A_YEAR = len(FRENCH_MONTHS)
DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Month:
    """A civil month, which is how hours are declared.

    `Month(2026, 3)`; `str()` gives « 2026-03 », as in addresses and in the database's text; ValueError beyond 1–12.
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= MONTHS_A_YEAR:
            raise ValueError(f"no such month: {self.number}")

    @classmethod
    def of(cls, day: date) -> Month:
        """The month that holds this day."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Month:
        """« 2026-03 » as a month; ValueError when it is anything else."""
        if not re.fullmatch(r"[12]\d{3}-\d{2}", text):
            raise ValueError(f"not a month: {text!r}")
        return cls(int(text[:4]), int(text[5:]))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    def __add__(self, months: int) -> Month:
        years, index = divmod(self.year * MONTHS_A_YEAR + self.number - 1 + months, MONTHS_A_YEAR)
        return Month(years, index + 1)

    def __sub__(self, months: int) -> Month:
        return self + -months

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        return (self + 1).first_day - DAY

    @property
    def period(self) -> Period:
        return Period(self.first_day, self.last_day)

    @property
    def in_french(self) -> str:
        """« mars 2026 »."""
        return f"{self.name} {self.year}"

    @property
    def name(self) -> str:
        """« mars »."""
        return FRENCH_MONTHS[self.number - 1]


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included; `last` is None when the end is open.

    ValueError when it would end before it begins.
    """

    first: date
    last: date | None = None

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise ValueError(f"a period cannot end before it begins: {self.first} > {self.last}")

    def __contains__(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    def meets(self, other: Period) -> Period | None:
        """The days shared with another period, or None when there is none."""
        first = max(self.first, other.first)
        last = min((day for day in (self.last, other.last) if day), default=None)
        return None if last is not None and last < first else Period(first, last)

    def covers(self, other: Period) -> bool:
        """Whether every day of the other period is in this one."""
        return self.meets(other) == other

    @property
    def days(self) -> int:
        """How many days; ValueError when the end is open."""
        if self.last is None:
            raise ValueError("an open period has no number of days")
        return (self.last - self.first).days + 1

    def cut_at(self, bounds: Iterable[date]) -> list[Period]:
        """The period in consecutive pieces, a new one beginning on each bound that falls inside."""
        starts = sorted({bound for bound in bounds if bound in self and bound > self.first})
        pieces, first = [], self.first
        for start in starts:
            pieces.append(Period(first, start - DAY))
            first = start
        return [*pieces, Period(first, self.last)]

    @property
    def in_french(self) -> str:
        """« du 01/03/2026 au 11/03/2026 », or « à partir du 01/03/2026 »."""
        since = format_day(self.first)
        return f"du {since} au {format_day(self.last)}" if self.last else f"à partir du {since}"

    def months(self) -> Iterator[Month]:
        """Each civil month the period touches, in order; ValueError when the end is open."""
        if self.last is None:
            raise ValueError("an open period has no last month")
        month, end = Month.of(self.first), Month.of(self.last)
        while month <= end:
            yield month
            month += 1


def format_day(day: date) -> str:
    """« 12/03/2026 »."""
    return f"{day:%d/%m/%Y}"


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month when it is shorter (31/01 + 1 → 28/02)."""
    month = Month.of(day) + months
    return min(date(month.year, month.number, 1) + timedelta(days=day.day - 1), month.last_day)


def age_on(born_on: date, day: date) -> int:
    """Whole years lived on that day; somebody born on a 29 February turns on 1 March of common years."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
