"""What the desk lays beside its queues; where every figure and rule of the house comes from."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.contracts.rules.clauses import PARTICULARS_DEMANDED
from tracker.contracts.rules.duty import DUTY_SINCE, DUTY_SOURCE, THRESHOLDS
from tracker.contracts.rules.levers import Ccag, Lever
from tracker.contracts.rules.obligations import LABOUR_SHARES, LabourShare
from tracker.hours.queries.years import YearTotals
from tracker.hours.rules.checks import Check
from tracker.hours.rules.counting import APPROVAL_SOURCE, CCAG_SOURCE, CLAUSE_SOURCE, PRACTICE, WINDOW_SOURCE
from tracker.hours.rules.law import SMIC
from tracker.participants.rules.identity import YOUTH_SOURCE
from tracker.publics.rules import EDITIONS, IAE_ORDER
from tracker.settings.rules import SETTINGS
from tracker.vocabulary.dates import format_day
from tracker.vocabulary.hours import NBSP, format_hours, format_number, format_percent
from tracker.vocabulary.law import InForce, Source
from tracker.vocabulary.words import plural
from tracker.vocabulary.working_time import (
    LONGEST_WEEK,
    LONGEST_WEEK_OF_MINORS,
    USUAL_LONGEST_WEEK,
    USUAL_WEEK_OF_MINORS,
)


@dataclass(frozen=True)
class Year:
    """A year's figures as the component « figures » shows them: (value, label, beside)."""

    year: int
    figures: list[tuple[str, str, str]]


def year_of(totals: YearTotals, before: YearTotals) -> Year:
    """The year so far, beside the whole year before."""
    figures = [
        (
            format_number(totals.counted),
            "heures validées",
            f"{format_hours(before.counted)} sur toute l’année {before.year}",
        )
    ]
    if totals.rsa_share is not None:
        last = f"{format_percent(before.rsa_share)} en {before.year}" if before.rsa_share is not None else ""
        figures.append((format_percent(totals.rsa_share), "par des allocataires du RSA", last))
    figures.append(
        (
            format_number(totals.participants, 0),
            "participants",
            f"{plural(before.participants, 'personne')} en {before.year}",
        )
    )
    return Year(totals.year, figures)


@dataclass(frozen=True)
class Figure:
    """A figure of law from a day on: its value with its unit, and the text that sets it."""

    name: str
    value: str
    since: str
    source: Source


@dataclass(frozen=True)
class SourcedRule:
    """A rule of the house in a few words, and the text it comes from; None when it is our own usage."""

    text: str
    source: Source | None
    value: str = ""


DUTY_TEXT = f"Depuis le {format_day(DUTY_SINCE)}, au-dessus des seuils européens : une clause, ou un motif consigné"
UNCONFIRMED = Source("Usage de la maison")
COUNTING = (
    ("La personne est acceptée avant de travailler : ses heures comptent à partir de l’accord", APPROVAL_SOURCE),
    ("L’heure est faite pendant l’exécution du marché, selon une modalité que la clause admet", CLAUSE_SOURCE),
    ("L’heure est faite pendant la durée de prise en compte de la personne", WINDOW_SOURCE),
    ("Les heures de formation comptent dans la limite que la clause fixe", CCAG_SOURCE),
    ("Une heure ne compte qu’une fois", PRACTICE),
)
# Every dated figure the rules ask; a test looks for any that would be missing here.
FIGURES: tuple[InForce[Any], ...] = (
    LONGEST_WEEK,
    USUAL_LONGEST_WEEK,
    LONGEST_WEEK_OF_MINORS,
    USUAL_WEEK_OF_MINORS,
    SMIC,
    *THRESHOLDS.values(),
    PARTICULARS_DEMANDED,
)


def law_figures() -> list[Figure]:
    """Every figure of law, each of its dated values, newest first."""
    return [
        Figure(figure.name, _figure_text(value, figure.unit), _since(day), source)
        for figure in FIGURES
        for day, (value, source) in sorted(figure.values.items(), reverse=True)
    ]


def _figure_text(value: Decimal | bool, unit: str) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    places = 0 if value == value.to_integral_value() else 2
    return f"{format_number(value, places)}{NBSP}{unit}"


def _since(day: date) -> str:
    return "avant" if day == date.min else f"depuis le {format_day(day)}"


def sourced_rules() -> dict[str, list[SourcedRule]]:
    """Every rule that says where it comes from, by subject."""
    return {
        "Nature des clauses": [SourcedRule(lever.label, lever.source) for lever in Lever],
        "Clauses des cahiers généraux": [SourcedRule(one.label, one.source) for one in Ccag if one.source],
        "Obligation de prévoir une clause": [SourcedRule(DUTY_TEXT, DUTY_SOURCE)],
        "Heures dues": [
            SourcedRule(f"Part de main-d’œuvre : {one.label.lower()}", one.source, _range(one)) for one in LABOUR_SHARES
        ],
        "Publics": [
            *(SourcedRule(edition.name, edition.source) for edition in EDITIONS.values()),
            *(
                SourcedRule("Durée de prise en compte d’une personne", edition.window_source)
                for edition in EDITIONS.values()
            ),
            SourcedRule("Âge des justificatifs au jour de la décision", IAE_ORDER),
            SourcedRule("Âge minimal pour travailler", YOUTH_SOURCE),
        ],
        "Contrôles d’une ligne d’heures": [SourcedRule(one.label, one.source, one.level.value) for one in Check],
        "Ce qui fait compter une heure": [SourcedRule(text, source) for text, source in COUNTING],
        "Réglages de la maison": [
            SourcedRule(one.label, one.source or UNCONFIRMED, one.shown(one.default)) for one in SETTINGS.values()
        ],
    }


def _range(share: LabourShare) -> str:
    if share.low == share.high:
        return format_percent(share.low, 0)
    return f"{format_percent(share.low, 0)} à {format_percent(share.high, 0)}"
