"""What the month's page says beside a placement; never why a person counts, only until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from tracker.hours.rules.checks import Check
from tracker.hours.rules.months import Cell, ClauseMonth, Row
from tracker.hours.rules.sentences import of_month
from tracker.vocabulary.dates import Month, Period, format_day
from tracker.vocabulary.hours import format_hours
from tracker.vocabulary.objections import Objection


def days_in_french(days: Period) -> str:
    """« du 01/03 au 20/03 », « le 31/03 »."""
    if days.last is None:
        return days.in_french
    if days.first == days.last:
        return f"le {days.first:%d/%m}"
    return f"du {days.first:%d/%m} au {days.last:%d/%m}"


def label_of(month: Month, row: Row, cell: Cell) -> str:
    """« Heures en mars », or « Heures du 01/03 au 20/03 » when the month is cut."""
    is_cut = len(row.cells) > 1
    return f"Heures {days_in_french(cell.days)}" if is_cut else f"Heures en {month.name}"


def none_label_of(row: Row) -> str:
    """« Aucune heure ce mois-ci », or « Aucune heure ces jours-là » when the month is cut."""
    return "Aucune heure ces jours-là" if len(row.cells) > 1 else "Aucune heure ce\u00a0mois-ci"


def detail_of(row: Row) -> str:
    """« CDD, coffreur, heures prises en compte jusqu’au 20/03/2026 »."""
    if row.approved_on is None:
        return f"{row.job}, accord en attente"
    return f"{row.job}, {until_when(row.counts_until)}" if row.counts_until else row.job


def remark_of(clause: ClauseMonth, row: Row, cell: Cell) -> str:
    """What becomes of the hours of one part of a cut month."""
    first, last = cell.days.first, cell.days.last or cell.days.first
    if clause.performance and not clause.performance.covers(cell.days):
        return "Jours hors de l’exécution du marché"
    if row.approved_on is None or last < row.approved_on:
        return "Jours avant l’accord : heures enregistrées, sans compter pour la clause"
    if row.window and row.window.last and first > row.window.last:
        return "Jours d’après : heures enregistrées, sans compter pour la clause"
    return "Jours pris en compte"


def rule_of(objection: Objection) -> str:
    """The name of the check that found it."""
    return Check(objection.code).label


def until_when(counts_until: date | None) -> str:
    """« heures prises en compte jusqu’au 20/03/2026 »."""
    return f"heures prises en compte jusqu’au {format_day(counts_until)}" if counts_until else "accord en attente"


def last_month_of(month: Month, hours: Decimal | None) -> str:
    """« Février : 126,00 h », « Février : aucune heure », « Premier mois de déclaration »."""
    if hours is None:
        return "Premier mois de déclaration"
    return f"{(month - 1).name.capitalize()} : {format_hours(hours) if hours else 'aucune heure'}"


def month_title(month: Month) -> str:
    """« Déclaration de mars 2026 »."""
    return f"Déclaration {of_month(month)} {month.year}"


def elsewhere_of(work: Sequence[tuple[str, Decimal]]) -> str:
    """« Ailleurs ce mois : Intérim Passerelle 40,00 h »; for those in charge alone."""
    said = ", ".join(f"{employer} {format_hours(hours)}" for employer, hours in work)
    return f"Ailleurs ce mois : {said}" if said else ""


def notes_of(month: Month, clause: ClauseMonth, row: Row) -> list[str]:
    """What to know before typing: why a line came back, and what cuts the month."""
    returned = [f"À corriger : {cell.reason}" for cell in row.open_cells if cell.is_returned and cell.reason]
    worked = month.period.meets(row.period)
    if worked is None or worked.last is None:
        return returned
    bounds = (_about_approval(row, worked), _about_window(row, worked), _about_performance(clause, worked))
    return [*returned, *(said for said in bounds if said)]


def _about_approval(row: Row, worked: Period) -> str:
    if row.approved_on is None:
        return "L’accord est attendu. Les heures faites avant sont enregistrées et ne comptent pas pour la clause."
    if row.approved_on <= worked.first:
        return ""
    day = format_day(row.approved_on)
    if row.approved_on not in worked:
        return f"L’accord date du {day}. Les heures faites avant sont enregistrées et ne comptent pas pour la clause."
    return f"L’accord date du {day}. Indiquez à part les heures d’avant, qui ne comptent pas, et celles d’après."


def _about_window(row: Row, worked: Period) -> str:
    last = row.window.last if row.window else None
    if last is None or worked.last is None or last >= worked.last:
        return ""
    if last < worked.first:
        return f"Les heures étaient prises en compte jusqu’au {format_day(last)}. Celles-ci sont enregistrées à part."
    until = f"Les heures sont prises en compte jusqu’au {format_day(last)}."
    return f"{until} Indiquez à part celles d’avant et celles d’après."


def _about_performance(clause: ClauseMonth, worked: Period) -> str:
    if clause.performance is None or clause.performance.covers(worked):
        return ""
    return f"Le marché s’exécute {clause.performance.in_french}. En dehors, cochez « Aucune heure »."
