"""Where a clause stands: due, declared, accepted, counted, expected, projected; one sentence says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from tracker.vocabulary.dates import MONTHS_A_YEAR, Month
from tracker.vocabulary.hours import FULL_TIME_MONTH, ZERO, format_hours, format_number, round_hours, total
from tracker.vocabulary.words import plural

PACE_MONTHS = 3
# From which share of the expected hours a clause is ahead, or at least to be watched; house settings, to confirm.
AHEAD = Decimal("1.10")
WATCHED = Decimal("0.80")


class State(StrEnum):
    """How a clause stands against what was expected."""

    NOT_STARTED = "not_started"
    AHEAD = "ahead"
    ON_COURSE = "on_course"
    WATCH = "watch"
    BEHIND = "behind"
    MET = "met"

    @property
    def label(self) -> str:
        return {
            State.NOT_STARTED: "pas commencé",
            State.AHEAD: "en avance",
            State.ON_COURSE: "dans les temps",
            State.WATCH: "à surveiller",
            State.BEHIND: "en retard",
            State.MET: "objectif atteint",
        }[self]


@dataclass(frozen=True)
class Crew:
    """How many people, at full or half time, for how many months, would make up a shortfall."""

    people: int
    is_half_time: bool
    months: int

    @property
    def text(self) -> str:
        """« 3 personnes à mi-temps pendant 2 mois »."""
        time = "mi-temps" if self.is_half_time else "temps plein"
        return f"{plural(self.people, 'personne')} à {time} pendant {plural(self.months, 'mois', 'mois')}"


def crew_for(hours: Decimal, months_left: Decimal | int) -> Crew:
    """The smallest crew that works so many hours before the end, counted in half times of a full-time month ÷ 2.

    ValueError when no hour is missing. With less than a month left, the crew is for one month.
    """
    if hours <= 0:
        raise ValueError("no hours are missing")
    months = max(1, int(months_left))
    half_months = hours * 2 / FULL_TIME_MONTH
    halves = max(1, _up(half_months / months))
    months = min(months, _up(half_months / halves))
    is_half_time = bool(halves & 1)
    return Crew(halves if is_half_time else halves // 2, is_half_time, months)


def _up(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_CEILING))


@dataclass(frozen=True)
class Progress:
    """The figures of a clause on a day, the same wherever they stand; « validées » on screen is `counted`.

    `expected` and `projected` are None when dates or hours are too few to say. `months_left`: whole or broken months to
    the end, None when the end is unknown.
    """

    due: Decimal
    declared: Decimal
    accepted: Decimal
    counted: Decimal
    refused: Decimal
    expected: Decimal | None
    projected: Decimal | None
    months_left: Decimal | None

    @property
    def pending(self) -> Decimal:
        """Declared and not decided yet."""
        return max(ZERO, self.declared - self.accepted - self.refused)

    @property
    def remaining(self) -> Decimal:
        """Still to be counted; none when the objective is met."""
        return max(ZERO, self.due - self.counted)

    @property
    def surplus(self) -> Decimal:
        """Counted above what is due."""
        return max(ZERO, self.counted - self.due)

    @property
    def rate(self) -> Decimal | None:
        """Counted ÷ due as a fraction; None when nothing is due."""
        return self.counted / self.due if self.due > 0 else None

    @property
    def shortfall(self) -> Decimal:
        """What would be missing at the end at this pace, or remains when no pace is known."""
        return self.remaining if self.projected is None else max(ZERO, self.due - max(self.counted, self.projected))

    @property
    def state(self) -> State:
        if self.due > 0 and self.counted >= self.due:
            return State.MET
        if self.due <= 0 or (not self.declared and not self.counted and not self.expected):
            return State.NOT_STARTED
        return self._on_the_way()

    def _on_the_way(self) -> State:
        if self.expected:
            ratio = self.counted / self.expected
            if ratio < WATCHED:
                return State.BEHIND
            if ratio < 1:
                return State.WATCH
        else:
            ratio = Decimal(1)
        if self.projected is not None and self.shortfall:
            return State.WATCH
        return State.AHEAD if ratio >= AHEAD else State.ON_COURSE

    @property
    def sentence(self) -> str:
        """What is to be known first, in one French sentence."""
        if self.due <= 0:
            return "Heures dues : à compléter."
        if self.state is State.MET:
            return f"Objectif atteint : {format_hours(self.counted)} validées pour {format_hours(self.due)} dues."
        if self.months_left is not None and self.months_left <= 0:
            return f"Le marché est terminé : il manque {format_hours(self.remaining)}."
        if not self.declared and not self.counted:
            return f"Aucune heure n’est encore déclarée pour {format_hours(self.due)} dues."
        return self._forecast()

    def _forecast(self) -> str:
        if self.projected is None or self.months_left is None:
            return f"Il reste {format_hours(self.remaining)} à valider."
        if not self.shortfall:
            end = f"{_whole(self.projected)} projetées pour {format_hours(self.due)} dues"
            return f"À ce rythme, l’objectif est atteint : {end}."
        crew = crew_for(self.shortfall, self.months_left)
        return f"À ce rythme, il manque {_whole(self.shortfall)} à la fin : {crew.text}."


def _whole(hours: Decimal) -> str:
    """A projection is no measure: whole hours, rounded up."""
    return f"{format_number(_up(hours), 0)} h"


def progress(  # noqa: PLR0913 - the eight figures of a gauge, all named
    *,
    due: Decimal,
    declared: Decimal,
    accepted: Decimal,
    counted: Decimal,
    refused: Decimal = ZERO,
    expected: Decimal | None = None,
    projected: Decimal | None = None,
    months_left: Decimal | None = None,
) -> Progress:
    """The progress of a clause from its sums, hours to the hundredth."""
    return Progress(due, declared, accepted, counted, refused, expected, projected, months_left)


def projection(
    counted: Decimal, by_month: Mapping[Month, Decimal], today: date, ends_on: date | None
) -> Decimal | None:
    """Hours counted at the end if the pace of the last three whole months goes on (`domain.md` §7).

    `by_month`: hours counted by month of work. Last month is left out of the pace until something of it is counted, so
    that the delay of papers is no slowdown. None when the end is unknown or no whole month is counted yet; what is
    counted when the end has come.
    """
    if ends_on is None:
        return None
    if ends_on <= today:
        return counted
    last = _last_whole_month(by_month, today)
    begun = [month for month in by_month if month <= last]
    if not begun:
        return None
    months = [last - back for back in range(PACE_MONTHS) if last - back >= min(begun)]
    pace = total(by_month.get(month, ZERO) for month in months) / len(months)
    since = total(hours for month, hours in by_month.items() if month > last)
    return max(counted, round_hours(counted - since + pace * months_between(last.last_day, ends_on)))


def _last_whole_month(by_month: Mapping[Month, Decimal], today: date) -> Month:
    last = Month.of(today) - 1
    return last if last in by_month else last - 1


def months_between(day: date, ends_on: date) -> Decimal:
    """Months from the end of `day` to the end of `ends_on`, broken ones as shares of their own days; none when past."""
    if ends_on <= day:
        return Decimal(0)
    return _position(ends_on) - _position(day)


def _position(day: date) -> Decimal:
    """How many months of the calendar are over at the end of that day."""
    month = Month.of(day)
    return Decimal(month.year * MONTHS_A_YEAR + month.number - 1) + Decimal(day.day) / month.period.days
