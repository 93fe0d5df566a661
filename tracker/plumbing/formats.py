"""How the pages and papers write days, moments and figures: the filters of the templates."""

from datetime import date, datetime
from decimal import Decimal

from flask import Flask

from tracker.plumbing.clock import PARIS
from tracker.vocabulary.dates import FRENCH_MONTHS, Month
from tracker.vocabulary.hours import NBSP, format_euros, format_hours, format_number, format_percent
from tracker.vocabulary.identifiers import format_siret
from tracker.vocabulary.words import plural

FRENCH_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MISSING = "à compléter"


def french_date(day: date | None) -> str:
    """12/03/2026; « à compléter » when there is none."""
    return day.strftime("%d/%m/%Y") if day else MISSING


def french_moment(moment: datetime) -> str:
    """« 12/03/2026 à 09:42 », in Paris."""
    return moment.astimezone(PARIS).strftime(f"%d/%m/%Y à{NBSP}%H:%M")


def long_date(day: date) -> str:
    """« mercredi 8 avril 2026 »; the first of a month is « 1er »."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{FRENCH_DAYS[day.weekday()]} {number} {FRENCH_MONTHS[day.month - 1]} {day.year}"


def month_in_french(month: Month) -> str:
    """« mars 2026 »."""
    return month.in_french


def days_between(since: date, today: date) -> str:
    """« aujourd’hui », « depuis 1 jour », « depuis 6 jours »."""
    days = (today - since).days
    return "aujourd’hui" if days <= 0 else f"depuis {plural(days, 'jour')}"


def day_of(moment: datetime) -> date:
    """The civil day of a moment, in Paris."""
    return moment.astimezone(PARIS).date()


def short_hours(value: Decimal) -> str:
    """Whole hours without decimals (« 2 600 h »), others with two."""
    return f"{format_number(value, 0 if value == value.to_integral_value() else 2)}{NBSP}h"


FILTERS = {
    "hours": format_hours,
    "short_hours": short_hours,
    "number": format_number,
    "euros": format_euros,
    "percent": format_percent,
    "date": french_date,
    "datetime": french_moment,
    "long_date": long_date,
    "month": month_in_french,
    "siret": format_siret,
    "days_since": days_between,
    "day_of": day_of,
    "plural": plural,
}


def register(app: Flask) -> None:
    """Gives the filters to the templates."""
    app.jinja_env.filters.update(FILTERS)
