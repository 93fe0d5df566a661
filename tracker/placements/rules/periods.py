"""A placement's end moves: brought forward for a reason, or put off by a renewal; each bound of both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.vocabulary.dates import DAY, Month, Period, format_day
from tracker.vocabulary.objections import Objection

# A departure is announced this long ahead at most.
NOTICE = timedelta(days=60)
# A new end further away than this is a mistyped year.
LONGEST_RENEWAL = timedelta(days=10 * 366)
REFUSED = "Cette mise à l’emploi est refusée : ses dates ne changent plus."


class ChangeKind(StrEnum):
    """How an end moved."""

    ENDED_EARLY = "ended_early"
    RENEWED = "renewed"


class EndReason(StrEnum):
    """Why somebody's work ended early; each is neutral: none speaks of health or of private life."""

    DEPARTURE = "departure"
    EMPLOYER_DECISION = "employer_decision"
    LASTING_HIRE = "lasting_hire"
    TRAINING = "training"
    END_OF_WORKS = "end_of_works"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _REASONS[self]


_REASONS = {
    EndReason.DEPARTURE: "Départ de la personne",
    EndReason.EMPLOYER_DECISION: "Fin décidée par l’employeur",
    EndReason.LASTING_HIRE: "Embauche durable, chez l’employeur ou ailleurs",
    EndReason.TRAINING: "Entrée en formation",
    EndReason.END_OF_WORKS: "Fin de chantier ou de mission",
    EndReason.OTHER: "Autre",
}


@dataclass(frozen=True)
class Standing:
    """A placement as it stands: its days, an open end being None, and whether it was refused."""

    days: Period
    is_refused: bool = False


@dataclass(frozen=True)
class Ending:
    """An end as typed."""

    ends_on: date | None = None
    reason: EndReason | None = None
    note: str = ""


def objections_to_end(
    ending: Ending, standing: Standing, today: date, last_sent: Period | None = None
) -> list[Objection]:
    """What forbids that a placement end on that day; fields are the ending's own names.

    `last_sent`: the days of the last line that bears hours, sent or accepted; None when there is none.
    """
    found = [Objection("placement_refused", REFUSED)] if standing.is_refused else []
    if ending.reason is None:
        found.append(Objection("reason_missing", "Choisissez le motif de la fin.", "reason"))
    if ending.ends_on is None:
        return [*found, Objection("end_missing", "Indiquez le dernier jour de travail.", "ends_on")]
    return [*found, *_against_day(ending.ends_on, standing.days, today, last_sent)]


def _against_day(day: date, days: Period, today: date, last_sent: Period | None) -> Iterator[Objection]:
    if day < days.first:
        text = f"La fin vient avant le premier jour de travail ({format_day(days.first)}). Vérifiez la date."
        yield Objection("ends_before_start", text, "ends_on")
        return
    if days.last is not None and day >= days.last:
        text = f"La fin prévue est le {format_day(days.last)} : une fin anticipée vient avant. Sinon, renouvelez."
        yield Objection("not_earlier", text, "ends_on")
    if day > today + NOTICE:
        text = f"Un départ s’annonce {NOTICE.days} jours à l’avance au plus. Vérifiez la date."
        yield Objection("announced_too_early", text, "ends_on")
    if last_sent is not None and day < last_sent.first:
        yield Objection("hours_after_end", _hours_after(last_sent.first), "ends_on")


def _hours_after(first: date) -> str:
    said = f"Des heures sont déjà déclarées pour {Month.of(first).in_french}, après cette fin."
    return f"{said} Indiquez une fin à partir du {format_day(first)}, ou faites d’abord corriger ces heures."


def objections_to_renewal(ends_on: date | None, standing: Standing, today: date) -> list[Objection]:
    """What forbids that a placement last until that day; the field is `ends_on`."""
    found = [Objection("placement_refused", REFUSED)] if standing.is_refused else []
    if standing.days.last is None:
        text = "Aucune fin n’est enregistrée : il n’y a rien à renouveler."
        return [*found, Objection("nothing_to_renew", text)]
    if ends_on is None:
        return [*found, Objection("end_missing", "Indiquez le nouveau dernier jour de travail.", "ends_on")]
    return [*found, *_against_renewal(ends_on, standing.days.last, today)]


def _against_renewal(day: date, last: date, today: date) -> Iterator[Objection]:
    if day <= last:
        text = f"Le contrat court déjà jusqu’au {format_day(last)} : un renouvellement finit après."
        yield Objection("not_later", text, "ends_on")
    if day > today + LONGEST_RENEWAL:
        text = "Cette date est à plus de dix ans d’aujourd’hui. Vérifiez l’année."
        yield Objection("year_mistyped", text, "ends_on")


def days_after(last: date, until: date) -> Period:
    """The days that a renewal adds: from the day after the end it puts off."""
    return Period(last + DAY, until)


def days_at_first(days: Period, moved_from: Sequence[date | None]) -> Period:
    """The days first agreed, given those of today and the ends moved since, in order: None for an open one."""
    return Period(days.first, moved_from[0]) if moved_from else days
