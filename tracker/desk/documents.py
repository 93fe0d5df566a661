"""What the desk lays beside its queues: the year's figures, each against the year before."""

from dataclasses import dataclass

from tracker.hours.queries.ledger import YearTotals
from tracker.vocabulary.hours import format_hours, format_number, format_percent
from tracker.vocabulary.words import plural


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
