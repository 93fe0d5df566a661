"""A clause is registered on a contract; events change its hours due, and nothing is overwritten."""

from datetime import date, datetime

from tracker.accounts.actions import write_journal
from tracker.contracts.models import Clause, Contract, ObligationEvent
from tracker.contracts.queries.clauses import events_of
from tracker.contracts.rules.clauses import ClauseDraft, objections_to_clause
from tracker.contracts.rules.obligations import Event, EventKind, objections_to_event
from tracker.plumbing.database import db
from tracker.plumbing.formats import day_of
from tracker.vocabulary.objections import refuse_if_any


def add_clause(contract: Contract, draft: ClauseDraft, structure_id: int, now: datetime) -> Clause:
    """Registers the clause with the event that makes its hours due, dated on the notification when it is known.

    Raises Refused with every objection at once. The pledges of the holders are the caller's.
    """
    refuse_if_any(objections_to_clause(draft, contract.ccag, contract.notified_on))
    clause = Clause(
        contract=contract,
        structure_id=structure_id,
        facilitator_id=draft.facilitator_id,
        facilitator_contact=draft.facilitator_contact,
        lever=draft.lever,
        article=draft.article,
        perimeter=draft.perimeter,
        edition_code=draft.edition_code,
        means=[means.value for means in draft.means],
        rhythm=draft.rhythm,
        deposit_day=draft.deposit_day,
        training_cap_hours=draft.training_cap_hours,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
        registered_at=now,
    )
    db.session.add(clause)
    db.session.flush()
    figures = draft.figures
    occurs_on = _day_of_the_first_event(contract.notified_on, now)
    _write_event(clause, Event(EventKind.NOTIFIED, occurs_on, figures.hours, figures.inputs), now)
    due = None if figures.hours is None else str(figures.hours)
    write_journal("clause_registered", "clause", clause.id, lever=draft.lever.value, due_hours=due)
    write_journal("clause_registered", "contract", contract.id, clause=clause.id, due_hours=due)
    return clause


def _day_of_the_first_event(notified_on: date | None, now: datetime) -> date:
    return notified_on or day_of(now)


def add_event(clause: Clause, event: Event, now: datetime, note: str = "") -> ObligationEvent:
    """Adds what changes the hours due from its day on; Refused when the rules object."""
    refuse_if_any(objections_to_event(event, events_of([clause.id])[clause.id]))
    written = _write_event(clause, event, now, note)
    hours = None if event.hours is None else str(event.hours)
    write_journal("obligation_changed", "clause", clause.id, kind=event.kind.value, hours=hours)
    return written


def _write_event(clause: Clause, event: Event, now: datetime, note: str = "") -> ObligationEvent:
    row = ObligationEvent(
        clause_id=clause.id,
        kind=event.kind,
        occurs_on=event.occurs_on,
        hours=event.hours,
        inputs=dict(event.inputs),
        note=note,
        recorded_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row
