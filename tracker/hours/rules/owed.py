"""Which months are owed: by the holder all of its contract's, by another employer those with somebody in post."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tracker.vocabulary.dates import Month, Period
from tracker.vocabulary.objections import Objection

NOTHING_TICKED = "Cochez les mois où personne n’a travaillé au titre de la clause."
NOT_ATTESTED = "Cochez cette attestation pour transmettre ces mois."


@dataclass(frozen=True)
class Post:
    """Days for which an employer declares each month: somebody in post or, for the holder, the whole performance."""

    employer_id: int
    days: Period


def months_owed(posts: Iterable[Post], performance: Period, today: date) -> list[tuple[int, Month]]:
    """Which employers owe which months: those of their posts during the performance, and over, or the last of it."""
    owed = set()
    for post in posts:
        begun = post.days.meets(performance)
        days = begun and begun.meets(Period(date.min, last_day_owed(performance.last, today)))
        owed |= {(post.employer_id, month) for month in days.months()} if days else set()
    return sorted(owed)


def last_day_owed(ends_on: date | None, today: date) -> date:
    """Months that end after that day are not owed yet; once the contract is over, its last one is."""
    is_over = ends_on is not None and ends_on < today
    return today if is_over else (Month.of(today) - 1).last_day


@dataclass(frozen=True)
class IdleMonths:
    """The months of a clause that its holder still owes, and in which it had nobody in post, oldest first."""

    clause_id: int
    title: str
    subtitle: str
    months: tuple[Month, ...]

    @property
    def field(self) -> str:
        return f"months-{self.clause_id}"

    @property
    def said(self) -> str:
        """« mars 2026 », « entre janvier 2026 et mars 2026 »."""
        first, last = self.months[0], self.months[-1]
        return first.in_french if first == last else f"entre {first.in_french} et {last.in_french}"

    @property
    def since(self) -> date:
        """The end of the oldest month: it has waited since."""
        return self.months[0].last_day


def objections_to_idle_months(ticked: Mapping[int, Collection[Month]], is_attested: bool) -> list[Objection]:
    """What is missing to declare that nobody worked in these months, by clause; fields are « honour » or none."""
    found = [] if any(ticked.values()) else [Objection("no_month_ticked", NOTHING_TICKED)]
    return found if is_attested else [*found, Objection("not_attested", NOT_ATTESTED, "honour")]
