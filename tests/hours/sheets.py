"""A month of hours, as tests fill and decide it: each step by the same actions as the pages."""

from datetime import date, datetime, time
from decimal import Decimal

from sqlalchemy import select

from tests.builders import NOW
from tracker.hours.actions.decisions import decide_declaration
from tracker.hours.actions.declarations import submit_month
from tracker.hours.models import Declaration, HoursLine
from tracker.hours.queries.months import open_month
from tracker.hours.queries.reviews import review_of
from tracker.hours.rules.decisions import LineDecision, Ruling
from tracker.hours.rules.months import Answer, SentMonth
from tracker.placements.models import Placement
from tracker.plumbing.clock import PARIS
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Month

MARCH = Month(2026, 3)
ADDRESS = "http://clauses.test/suivi"


def morning(day: date) -> datetime:
    """Nine o’clock on that day."""
    return datetime.combine(day, time(9), PARIS)


def some(hours: str | None) -> Answer:
    """Hours typed; None is « aucune heure »."""
    return Answer(no_hours=True) if hours is None else Answer(Decimal(hours))


def declared(
    employer_id: int,
    hours: dict[Placement, str | list[str | None] | None],
    month: Month = MARCH,
    today: date | None = None,
    by: int | None = None,
) -> list[Declaration]:
    """Sends a month: the hours of each placement, in the order of its open cells when it has several."""
    today = today or (month + 1).first_day
    opened = open_month(employer_id, month, today)
    cells = {row.placement_id: row.open_cells for row in opened.open_rows}
    answers = {}
    for placement, typed in hours.items():
        for cell, one in zip(cells[placement.id], typed if isinstance(typed, list) else [typed], strict=True):
            answers[cell.key] = some(one)
    sent = SentMonth(answers, {clause.clause_id for clause in opened.open_clauses if _is_among(clause, answers)})
    return submit_month(opened, sent, by, morning(today), today)


def _is_among(clause, answers) -> bool:
    return any(cell.key in answers for cell in clause.open_cells)


ACCEPT = LineDecision(Ruling.ACCEPT)


def decided(declaration: Declaration, by: int | None = None, now: datetime = NOW, **rulings: LineDecision) -> None:
    """Decides a declaration: each person by family name, accepted when not named."""
    review = review_of(declaration)
    decisions = {line.key: rulings.get(line.person.rsplit(" ", 1)[-1], ACCEPT) for line in review.lines}
    decide_declaration(review, decisions, review.version, by, now, ADDRESS)


def line_of(placement: Placement, month: Month = MARCH, part: int = 0) -> HoursLine:
    """The line of a placement’s month, as the database has it now."""
    return db.session.scalars(
        select(HoursLine)
        .where(HoursLine.placement_id == placement.id, HoursLine.month == month, HoursLine.part == part)
        .execution_options(populate_existing=True)
    ).one()
