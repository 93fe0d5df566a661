"""Hours due: the dated events that make them, the formulas behind, and what was expected by a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum

from tracker.vocabulary.dates import DAY, Period
from tracker.vocabulary.hours import (
    HOURS_A_DAY,
    HUNDREDTH,
    NBSP,
    ZERO,
    format_hours,
    format_number,
    round_hours,
    total,
)
from tracker.vocabulary.law import Source
from tracker.vocabulary.objections import Objection


class EventKind(StrEnum):
    """What changes the hours due, or the course of time, of a clause."""

    NOTIFIED = "notified"
    TRANCHE_AFFIRMED = "tranche_affirmed"
    TRANCHE_LAPSED = "tranche_lapsed"
    ORDER_INVOICED = "order_invoiced"
    ORDER_CREDITED = "order_credited"
    RENEWAL = "renewal"
    HOURS_AMENDMENT = "hours_amendment"
    SUSPENSION = "suspension"
    RESUMPTION = "resumption"
    TRANSFER = "transfer"
    TERMINATION = "termination"
    OPENING_BALANCE = "opening_balance"

    @property
    def label(self) -> str:
        return _EVENTS[self]

    @property
    def changes_hours(self) -> bool:
        """Whether the event may bear hours; suspensions only stop time."""
        return self not in {EventKind.SUSPENSION, EventKind.RESUMPTION}


_EVENTS = {
    EventKind.NOTIFIED: "Notification",
    EventKind.TRANCHE_AFFIRMED: "Tranche affermie",
    EventKind.TRANCHE_LAPSED: "Tranche non affermie",
    EventKind.ORDER_INVOICED: "Commande facturée",
    EventKind.ORDER_CREDITED: "Avoir",
    EventKind.RENEWAL: "Reconduction",
    EventKind.HOURS_AMENDMENT: "Avenant sur les heures",
    EventKind.SUSPENSION: "Suspension",
    EventKind.RESUMPTION: "Reprise",
    EventKind.TRANSFER: "Cession à un autre titulaire",
    EventKind.TERMINATION: "Résiliation",
    EventKind.OPENING_BALANCE: "Reprise d’un solde",
}


@dataclass(frozen=True)
class Event:
    """One change of a clause, dated; `hours` is what it adds (or takes away) and None when it changes none.

    `inputs` keeps what its sum was made of, so that a page shows it again; a cancelled event counts for nothing.
    """

    kind: EventKind
    occurs_on: date
    hours: Decimal | None = None
    inputs: Mapping[str, object] = field(default_factory=dict)
    is_cancelled: bool = False


def due_on(events: Iterable[Event], day: date) -> Decimal:
    """Hours due on that day: what the events up to it add and take away, that day included."""
    return total(
        event.hours for event in events if event.hours is not None and event.occurs_on <= day and not event.is_cancelled
    )


def change_to_reach(events: Iterable[Event], day: date, hours_due: Decimal) -> Decimal:
    """The ± hours an event of that day must bear for `hours_due` to be due (a termination, where the buyer says it)."""
    return hours_due - due_on(events, day)


def objections_to_event(event: Event, events: Iterable[Event]) -> list[Objection]:
    """What is wrong with adding the event to the others: hours missing, out of place, or taking dues below zero."""
    if event.hours is None:
        return _hours_wanted(event)
    if not event.kind.changes_hours:
        text = f"{event.kind.label} : cet événement arrête ou reprend le temps, il ne change pas les heures dues."
        return [Objection("event_bears_no_hours", text, "hours")]
    after = due_on([*events, event], event.occurs_on)
    if after < 0:
        text = f"Cet événement laisserait {format_hours(after)} dues. Reprenez les heures qu’il retire."
        return [Objection("event_below_zero", text, "hours")]
    return []


def _hours_wanted(event: Event) -> list[Objection]:
    if event.kind is EventKind.HOURS_AMENDMENT:
        text = "Indiquez les heures que l’avenant ajoute ou retire : un avenant de montant n’en change aucune."
        return [Objection("event_hours_missing", text, "hours")]
    return []


class Basis(StrEnum):
    """By which formula the hours due were made."""

    FIXED = "fixed"
    AMOUNT = "amount"
    EUROS_PER_HOUR = "euros_per_hour"
    SHARE_OF_WORK = "share_of_work"
    SCHEDULE = "schedule"

    @property
    def label(self) -> str:
        return _BASES[self]


_BASES = {
    Basis.FIXED: "Volume fixé",
    Basis.AMOUNT: "Montant × part de main-d’œuvre × effort ÷ coût horaire",
    Basis.EUROS_PER_HOUR: "Une heure par tranche facturée",
    Basis.SHARE_OF_WORK: "Part des heures travaillées",
    Basis.SCHEDULE: "Barème par tranche de montant",
}


def fixed_hours(tender_minimum: Decimal, offered: Decimal | None = None) -> Decimal:
    """The tender's minimum, or the offer when it is higher: the offer binds (TA Rennes, 2026)."""
    return round_hours(max(tender_minimum, offered if offered is not None else tender_minimum))


def hours_from_amount(amount: Decimal, labour_share: Decimal, effort: Decimal, hourly_cost: Decimal) -> Decimal:
    """⌊amount × labour share × effort ÷ hourly cost⌋ in whole hours; shares are fractions (0.05 for 5 %).

    ValueError when the hourly cost is not positive.
    """
    if hourly_cost <= 0:
        raise ValueError("an hour costs something")
    return _whole(amount * labour_share * effort / hourly_cost)


def hours_from_invoices(invoiced: Iterable[Decimal], slice_euros: Decimal, threshold: Decimal = ZERO) -> Decimal:
    """One hour for every whole slice invoiced above the threshold, credit notes (negative) deducted, one holder."""
    return _whole(max(ZERO, total(invoiced) - threshold) / slice_euros)


def hours_from_share(hours_worked: Decimal, share: Decimal) -> Decimal:
    """A share of the hours worked on the contract, to the hundredth; 0.05 for 5 %."""
    return round_hours(hours_worked * share)


@dataclass(frozen=True)
class Bracket:
    """From this amount on, that many hours."""

    from_euros: Decimal
    hours: Decimal


def hours_from_schedule(amount: Decimal, brackets: Sequence[Bracket]) -> Decimal:
    """The hours of the highest bracket the amount reaches; none below the first."""
    reached = [bracket for bracket in brackets if bracket.from_euros <= amount]
    return max(reached, key=lambda bracket: bracket.from_euros).hours if reached else ZERO


def _whole(value: Decimal) -> Decimal:
    return value.to_integral_value(ROUND_FLOOR).quantize(HUNDREDTH)


@dataclass(frozen=True)
class Step:
    """One line of a sum being made: its French label, its value, its unit (« € », « % », « h », « € par heure »)."""

    label: str
    value: Decimal
    unit: str

    @property
    def text(self) -> str:
        """« 25 000,00 € »; percents and whole hours without useless decimals."""
        value = self.value * 100 if self.unit == "%" else self.value
        is_whole = value == value.to_integral_value()
        return f"{format_number(value, 0 if is_whole and self.unit in {'%', 'h'} else 2)}{NBSP}{self.unit}"


def steps_of_amount(amount: Decimal, labour_share: Decimal, effort: Decimal, hourly_cost: Decimal) -> list[Step]:
    """The sum of `hours_from_amount`, line by line, ending on the hours due."""
    labour = amount * labour_share
    return [
        Step("Montant du marché", amount, "€"),
        Step("Part de main-d’œuvre", labour_share, "%"),
        Step("Coût de la main-d’œuvre", labour, "€"),
        Step("Effort d’insertion", effort, "%"),
        Step("Part réservée à l’insertion", labour * effort, "€"),
        Step("Coût d’une heure", hourly_cost, "€ par heure"),
        Step(
            "Heures dues, arrondies à l’heure inférieure",
            hours_from_amount(amount, labour_share, effort, hourly_cost),
            "h",
        ),
    ]


def in_days(hours: Decimal) -> Decimal:
    """The hours as days of 7 hours, to the hundredth."""
    return round_hours(hours / HOURS_A_DAY)


def in_fte(hours: Decimal, divisor: Decimal | int) -> Decimal:
    """The hours as yearly full-time equivalents, to the hundredth; the divisor is a setting (1 607, or 1 600)."""
    return round_hours(hours / Decimal(divisor))


def suspensions_of(events: Iterable[Event]) -> list[Period]:
    """The periods during which performance was stopped, in order; the last is open when nothing resumed it."""
    periods: list[Period] = []
    stopped_on: date | None = None
    for event in sorted(events, key=lambda event: event.occurs_on):
        if event.is_cancelled:
            continue
        if event.kind is EventKind.SUSPENSION and stopped_on is None:
            stopped_on = event.occurs_on
        elif event.kind is EventKind.RESUMPTION and stopped_on is not None:
            if event.occurs_on > stopped_on:
                periods.append(Period(stopped_on, event.occurs_on - DAY))
            stopped_on = None
    return [*periods, Period(stopped_on)] if stopped_on is not None else periods


def expected_on(
    due: Decimal | None,
    starts_on: date | None,
    ends_on: date | None,
    day: date,
    suspensions: Sequence[Period] = (),
) -> Decimal | None:
    """Hours expected by the end of that day: linear from the declared start of performance to the end.

    None when a date or the dues are unknown. Days suspended do not run; the last day expects all.
    """
    if due is None or starts_on is None or ends_on is None or ends_on < starts_on:
        return None
    if day < starts_on:
        return ZERO
    if day >= ends_on:
        return round_hours(due)
    whole = _running_days(Period(starts_on, ends_on), suspensions)
    return round_hours(due * _running_days(Period(starts_on, day), suspensions) / whole) if whole else ZERO


def _running_days(period: Period, suspensions: Sequence[Period]) -> int:
    stopped = (period.meets(suspension) for suspension in suspensions)
    return period.days - sum(part.days for part in stopped if part)


@dataclass(frozen=True)
class LabourShare:
    """A usual share of labour in the cost of a kind of work, from `low` to `high` as fractions."""

    code: str
    label: str
    low: Decimal
    high: Decimal
    source: Source


_GUIDE = Source("Guides de facilitateurs : parts de main-d’œuvre usuelles", read_on=date(2026, 11, 1))
_PRACTICE = Source("Pratique, à confirmer")

LABOUR_SHARES = (
    LabourShare("painting", "Peinture intérieure", Decimal("0.70"), Decimal("0.70"), _GUIDE),
    LabourShare("masonry", "Maçonnerie", Decimal("0.50"), Decimal("0.50"), _GUIDE),
    LabourShare("steel_frame", "Charpente métallique", Decimal("0.20"), Decimal("0.20"), _GUIDE),
    LabourShare("building", "Bâtiment, moyenne", Decimal("0.50"), Decimal("0.50"), _GUIDE),
    LabourShare("cleaning", "Nettoyage", Decimal("0.70"), Decimal("0.85"), _PRACTICE),
    LabourShare("public_works", "Travaux publics", Decimal("0.25"), Decimal("0.35"), _PRACTICE),
    LabourShare("green_spaces", "Espaces verts", Decimal("0.50"), Decimal("0.60"), _PRACTICE),
)
