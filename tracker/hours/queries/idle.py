"""The months of a contract in which its holder had nobody in post: they are declared too, as « aucune heure »."""

from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Date, Select, case, cast, func, literal, select, text
from sqlalchemy.orm import aliased, joinedload

from tracker.accounts.queries import within
from tracker.accounts.rules import Subject
from tracker.contracts.models import Clause, Contract, ObligationEvent
from tracker.contracts.queries.contracts import is_answered_for_by
from tracker.contracts.rules.obligations import EventKind
from tracker.hours.models import Declaration, HoursLine
from tracker.hours.rules.owed import IdleMonths, last_day_owed
from tracker.hours.rules.states import DeclarationState
from tracker.placements.models import Placement
from tracker.pledges.models import Pledge
from tracker.plumbing.database import db

A_MONTH = text("interval '1 month'")


def idle_months_of(employer_id: int, today: date, subject: Subject | None = None) -> list[IdleMonths]:
    """What this holder still owes without anybody in post, by clause; in one statement.

    On a link's `subject` alone, when there is one.

    As `months_owed` for the whole performance, less the months in which a placement of its own stands or stood, those
    declared, and those an opening balance covers.
    """
    held, month = _months_held(employer_id, today)
    last_day = cast(held.c.month + A_MONTH, Date) - literal(1)
    rows = db.session.execute(
        select(month, Clause)
        .join_from(held, Clause, Clause.id == held.c.clause_id)
        .join(Clause.contract)
        .options(joinedload(Clause.contract).joinedload(Contract.buyer))
        .where(
            ~_in_post(employer_id, held, last_day).exists(),
            ~_declared(employer_id, held, month).exists(),
            last_day >= func.coalesce(_taken_over_on(), last_day),
            within(subject, clause=Clause.id),
        )
        .order_by(Contract.sort_key, Clause.id, month)
    )
    return [_idle(clause, [found for found, _ in group]) for clause, group in groupby(rows, lambda row: row[1])]


def _in_post(employer_id: int, held: Any, last_day: Any) -> Select[int]:
    """Its own placements that share a day with the month, and were not refused."""
    return (
        select(Placement.id)
        .join(Placement.pledge)
        .where(
            Pledge.clause_id == held.c.clause_id,
            Placement.employer_id == employer_id,
            Placement.refused_at.is_(None),
            Placement.starts_on <= last_day,
            func.coalesce(Placement.ends_on, last_day) >= held.c.month,
        )
    )


def _declared(employer_id: int, held: Any, month: Any) -> Select[int]:
    """What it sent for the month, whatever became of it."""
    return select(Declaration.id).where(
        Declaration.employer_id == employer_id,
        Declaration.clause_id == held.c.clause_id,
        Declaration.month == month,
        Declaration.state != DeclarationState.DRAFT,
    )


def _months_held(employer_id: int, today: date) -> tuple[Any, Any]:
    """One row per clause answered for and month of its performance that is over, or the last of it."""
    first = func.least(Contract.notified_on, Clause.starts_on)
    until = case((Clause.ends_on < today, today), else_=last_day_owed(None, today))
    owed = func.least(Clause.ends_on, until)
    series = func.generate_series(func.date_trunc("month", first), owed, A_MONTH)
    held = (
        select(Clause.id.label("clause_id"), cast(series, Date).label("month"))
        .join(Clause.contract)
        .where(is_answered_for_by(employer_id), Clause.ends_on >= first, first <= owed)
        .subquery()
    )
    return held, func.date(held.c.month, type_=HoursLine.month.type)


def _taken_over_on() -> Any:
    """The day of the clause's opening balance, one that was not cancelled."""
    cancels = aliased(ObligationEvent)
    return (
        select(func.max(ObligationEvent.occurs_on))
        .where(
            ObligationEvent.clause_id == Clause.id,
            ObligationEvent.kind == EventKind.OPENING_BALANCE,
            ObligationEvent.cancels_id.is_(None),
            ~select(cancels.id).where(cancels.cancels_id == ObligationEvent.id).exists(),
        )
        .scalar_subquery()
    )


def _idle(clause: Clause, months: list[Any]) -> IdleMonths:
    contract = clause.contract
    return IdleMonths(clause.id, contract.title, f"Marché {contract.number}, {contract.buyer.name}", tuple(months))
