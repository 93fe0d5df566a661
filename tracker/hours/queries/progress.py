"""Where clauses stand: the same figures for desk, pages, certificates and statements."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import case, func, select

from tracker.contracts.models import Clause
from tracker.contracts.queries.clauses import events_of
from tracker.contracts.rules.obligations import Event, due_on, expected_on, suspensions_of
from tracker.hours.models import Declaration, HoursLine
from tracker.hours.queries.ledger import counted_by_month
from tracker.hours.queries.months import is_one_of
from tracker.hours.rules.progress import Progress, months_between, progress, projection
from tracker.hours.rules.states import LineState
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Month
from tracker.vocabulary.hours import ZERO, total


@dataclass(frozen=True)
class LineSums:
    """What employers sent on a clause, and what became of it; drafts are not sent."""

    declared: Decimal = ZERO
    accepted: Decimal = ZERO
    refused: Decimal = ZERO


NOTHING_SENT = LineSums()


def progress_of(
    clauses: Iterable[Clause], today: date, events: Mapping[int, list[Event]] | None = None
) -> dict[int, Progress]:
    """Where each clause stands that day, in three statements whatever their number; two when their events are known."""
    known = list({clause.id: clause for clause in clauses}.values())
    ids = [clause.id for clause in known]
    if not ids:
        return {}
    events, sums, counted = events or events_of(ids), line_sums_of(ids), counted_by_month(ids)
    return {
        one.id: _progress(one, events[one.id], sums.get(one.id, NOTHING_SENT), counted[one.id], today) for one in known
    }


def counted_and_due(clause: Clause, today: date) -> tuple[Decimal, Decimal]:
    """Hours counted on the clause, and due that day: the two figures of `progress_of`, in two statements."""
    return total(counted_by_month([clause.id])[clause.id].values()), due_on(events_of([clause.id])[clause.id], today)


def _progress(
    clause: Clause, events: list[Event], sums: LineSums, by_month: dict[Month, Decimal], today: date
) -> Progress:
    due, counted = due_on(events, today), total(by_month.values())
    return progress(
        due=due,
        declared=sums.declared,
        accepted=sums.accepted,
        refused=sums.refused,
        counted=counted,
        expected=expected_on(due, clause.starts_on, clause.ends_on, today, suspensions_of(events)),
        projected=projection(counted, by_month, today, clause.ends_on),
        months_left=months_between(today, clause.ends_on) if clause.ends_on else None,
    )


def line_sums_of(clause_ids: Collection[int]) -> dict[int, LineSums]:
    """Hours sent, accepted and refused on each clause; a clause without any is absent."""
    refused = case((HoursLine.state == LineState.REFUSED, HoursLine.declared_hours), else_=ZERO)
    rows = db.session.execute(
        select(Declaration.clause_id, func.sum(HoursLine.declared_hours), func.sum(HoursLine.accepted_hours))
        .add_columns(func.sum(refused))
        .join(HoursLine.declaration)
        .where(is_one_of(Declaration.clause_id, clause_ids), HoursLine.state != LineState.DRAFT)
        .group_by(Declaration.clause_id)
    )
    return {clause_id: LineSums(*sums) for clause_id, *sums in rows}
