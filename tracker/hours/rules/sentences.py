"""What each check says of a line: a French sentence, or None when there is nothing to say."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from tracker.hours.rules.law import DAYS_A_WEEK, WEEKS_A_YEAR, longest_week, over_days, usual_longest_week
from tracker.hours.rules.lines import LineFacts
from tracker.vocabulary.dates import MONTHS_A_YEAR, Month, Period, format_day
from tracker.vocabulary.hours import HUNDREDTH, format_hours, format_number, round_hours
from tracker.vocabulary.law import InForce
from tracker.vocabulary.words import of, plural

# Above the placement's own hours by more than a tenth; more or less than last month by more than a half.
CONTRACT_TOLERANCE = Decimal("1.10")
JUMP = Decimal("0.5")


def month_not_begun(facts: LineFacts) -> str | None:
    if facts.month.first_day <= facts.today:
        return None
    first = format_day(facts.month.first_day)
    return f"Le mois {of_month(facts.month)} n’a pas commencé : déclarez-le à partir du {first}."


def performance_unknown(facts: LineFacts) -> str | None:
    if facts.performance is not None:
        return None
    return "Les dates du marché ne sont pas encore complètes. La facilitatrice ou le facilitateur doit les indiquer."


def outside_performance(facts: LineFacts) -> str | None:
    if not facts.worked or facts.performance is None or facts.performance.covers(facts.cell):
        return None
    return f"Ces jours sont hors de l’exécution du marché ({facts.performance.in_french}). Cochez « Aucune heure »."


def outside_placement(facts: LineFacts) -> str | None:
    if not facts.worked or facts.placement.covers(facts.cell):
        return None
    return f"Ces jours sont hors du contrat de travail ({facts.placement.in_french}). Vérifiez ses dates."


def blank(facts: LineFacts) -> str | None:
    if facts.hours is not None or facts.no_hours:
        return None
    is_cut = facts.cell != facts.month.period.meets(facts.placement)
    when = facts.cell.in_french if is_cut else of_month(facts.month)
    box = "Aucune heure ces jours-là" if is_cut else "Aucune heure ce mois-ci"
    return f"Indiquez les heures {when}, ou cochez « {box} »."


def hours_and_none(facts: LineFacts) -> str | None:
    if not facts.no_hours or not facts.hours:
        return None
    return f"Vous indiquez {format_hours(facts.hours)} et cochez « Aucune heure ». Gardez l’une des deux réponses."


def not_positive(facts: LineFacts) -> str | None:
    if facts.no_hours or facts.hours is None or facts.hours > 0:
        return None
    if facts.hours == 0:
        return "Pour un mois sans travail, cochez « Aucune heure ce mois-ci »."
    return "Les heures ne sont jamais négatives. Pour corriger un mois déjà accepté, déposez sa nouvelle version."


def too_many_decimals(facts: LineFacts) -> str | None:
    if facts.worked == facts.worked.quantize(HUNDREDTH):
        return None
    return "Écrivez deux décimales au plus, par exemple 151,67."


def above_longest_week(facts: LineFacts) -> str | None:
    limit = _limit(facts, longest_week(facts.is_minor), facts.days)
    if facts.worked <= limit:
        return None
    said = f"{format_hours(facts.worked)} dépassent ce que la loi permet sur {_days(facts)} ({format_hours(limit)})."
    guess = likely_hours(facts.worked, _limit(facts, usual_longest_week(facts.is_minor), facts.days))
    return f"{said} Vouliez-vous écrire {format_number(guess)} ?" if guess else f"{said} Vérifiez la ligne."


def above_usual_week(facts: LineFacts) -> str | None:
    limit = _limit(facts, usual_longest_week(facts.is_minor), facts.days)
    if not limit < facts.worked <= _limit(facts, longest_week(facts.is_minor), facts.days):
        return None
    return f"{format_hours(facts.worked)} dépassent la durée habituelle sur {_days(facts)} ({format_hours(limit)})."


def above_contract(facts: LineFacts) -> str | None:
    if not facts.weekly_hours:
        return None
    limit = contract_limit(facts.weekly_hours, facts.cell)
    if facts.worked <= limit:
        return None
    said = f"{format_hours(facts.worked)} dépassent de plus de 10 % le contrat de {format_hours(facts.weekly_hours)}"
    return f"{said} par semaine."


def late(facts: LineFacts) -> str | None:
    if facts.deposit_due_on is None or facts.today <= facts.deposit_due_on:
        return None
    days = plural((facts.today - facts.deposit_due_on).days, "jour")
    return f"Cette déclaration était attendue au plus tard le {format_day(facts.deposit_due_on)} : {days} de retard."


def tutor_missing(facts: LineFacts) -> str | None:
    if not facts.worked or not facts.tutor_is_wanted or facts.tutor.strip():
        return None
    return "Le tuteur ou la tutrice manque. Ajoutez son nom à la mise à l’emploi."


def site_missing(facts: LineFacts) -> str | None:
    if not facts.worked or facts.site.strip():
        return None
    return "Le lieu de travail manque. Ajoutez-le à la mise à l’emploi."


def jump(facts: LineFacts) -> str | None:
    last = facts.last_month_hours
    if not last or not facts.worked or abs(facts.worked - last) <= last * JUMP:
        return None
    return f"{format_hours(facts.worked)} après {format_hours(last)} le mois dernier. Vérifiez la ligne."


def person_month(facts: LineFacts) -> str | None:
    """Every hour of the person's month, under whichever employer, against the longest lawful month."""
    limit = _limit(facts, longest_week(facts.is_minor), facts.month.period.days)
    whole = facts.worked + facts.other_employers_hours
    if not facts.worked or not facts.other_employers_hours or whole <= limit:
        return None
    here, there = format_hours(facts.worked), format_hours(facts.other_employers_hours)
    return f"{here} ici et {there} ailleurs : {format_hours(whole)} sur le mois dépassent {format_hours(limit)}."


def overlap(facts: LineFacts) -> str | None:
    if not facts.overlaps or not facts.worked:
        return None
    return "Cette personne a une autre mise à l’emploi sur ces jours. Vérifiez le partage des heures."


def before_approval(facts: LineFacts) -> str | None:
    if not facts.worked or (facts.approved_on and facts.approved_on <= facts.cell.first):
        return None
    since = f"avant l’accord du {format_day(facts.approved_on)}" if facts.approved_on else "sans accord d’éligibilité"
    return f"{format_hours(facts.worked)} {since} : enregistrées, elles comptent pour zéro."


def after_window(facts: LineFacts) -> str | None:
    if not facts.worked or facts.window is None or facts.window.last is None or facts.cell.last is None:
        return None
    if facts.cell.last <= facts.window.last:
        return None
    since = f"après la fin de la prise en compte ({format_day(facts.window.last)})"
    return f"{format_hours(facts.worked)} {since} : enregistrées, elles comptent pour zéro."


def _limit(facts: LineFacts, week: InForce[Decimal], days: int) -> Decimal:
    return over_days(week.on(facts.cell.first), days)


def contract_limit(weekly_hours: Decimal, cell: Period) -> Decimal:
    """A month at the contract's hours plus a tenth; fewer days allow the weeks they touch, at most the month."""
    month = weekly_hours * WEEKS_A_YEAR / MONTHS_A_YEAR
    weeks = (Decimal(cell.days) / DAYS_A_WEEK).to_integral_value(ROUND_CEILING)
    return round_hours(min(month, weekly_hours * weeks) * CONTRACT_TOLERANCE)


def likely_hours(typed: Decimal, limit: Decimal) -> Decimal | None:
    """What was probably meant: a hundred less (268 → 168) or a slipped comma (1516,70 → 151,67); None if none fits."""
    for guess in (typed - 100, typed / 10, typed / 100):
        if 0 < guess <= limit and guess == guess.quantize(HUNDREDTH):
            return guess.quantize(HUNDREDTH)
    return None


def _days(facts: LineFacts) -> str:
    return plural(facts.days, "jour")


def of_month(month: Month) -> str:
    """« de mars », « d’avril »."""
    return of(month.name)
