"""An employer keeps a month as a draft, or sends it; a returned line is sent again as its next version."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_once
from sqlalchemy.orm.attributes import flag_modified

from tracker.accounts.actions import write_journal
from tracker.hours.models import Declaration, HoursLine, HoursLineVersion
from tracker.hours.queries.months import is_one_of
from tracker.hours.rules.decisions import StandingLine, standing_of
from tracker.hours.rules.months import (
    Answer,
    Cell,
    ClauseMonth,
    OpenMonth,
    SentMonth,
)
from tracker.hours.rules.states import DeclarationState, LineState
from tracker.hours.rules.submissions import objections_to_draft, objections_to_submission
from tracker.placements.models import Placement
from tracker.plumbing.bulk import update_many
from tracker.plumbing.database import db, new_public_id
from tracker.vocabulary.hours import ZERO, total
from tracker.vocabulary.objections import Stale, refuse_if_any


@dataclass(frozen=True)
class _Writing:
    """One cell to write: hours None for a cell of a draft left empty."""

    placement_id: int
    cell: Cell
    state: LineState
    version: int
    hours: Decimal | None

    def values(self) -> dict[str, Any]:
        return {
            "part": self.cell.part,
            "from_on": self.cell.days.first,
            "to_on": self.cell.days.last,
            "state": self.state,
            "version": self.version,
            "declared_hours": self.hours,
            "accepted_hours": ZERO,
        }


def save_draft(opened: OpenMonth, sent: SentMonth, now: datetime, today: date) -> None:
    """Keeps what is typed, complete or not; Refused when a figure cannot be, Stale when the page is no longer true."""
    _refuse_stale(opened, sent)
    refuse_if_any(objections_to_draft(opened, sent, today))
    clauses = [one for one in opened.open_clauses if one.declaration_id or sent.has_typed(one)]
    declarations = _lock(opened, clauses, now)
    for clause in clauses:
        declaration = declarations[clause.clause_id]
        writings = list(_kept(clause, sent))
        _write_lines(declaration, clause, writings)
        if declaration.submitted_at:
            declaration.state = _standing(clause, writings)
        # Lines alone have changed: the version moves all the same, so that another window notices.
        flag_modified(declaration, "state")
    db.session.flush()


def submit_month(
    opened: OpenMonth, sent: SentMonth, person_id: int | None, now: datetime, today: date
) -> list[Declaration]:
    """Sends the month on each clause whose statement is ticked: one version per line, sent, attested, in the journal.

    Refused with every objection at once, each at its cell; Stale when the page is no longer true.
    """
    _refuse_stale(opened, sent)
    refuse_if_any(objections_to_submission(opened, sent, today))
    clauses = [one for one in opened.open_clauses if one.clause_id in sent.attested]
    declarations = _lock(opened, clauses, now)
    for clause in clauses:
        declaration = declarations[clause.clause_id]
        writings = list(_submitted(clause, sent))
        line_ids = _write_lines(declaration, clause, writings)
        _write_versions(line_ids, writings, person_id, now)
        declaration.state = _standing(clause, writings)
        declaration.attested, declaration.decided_at = True, None
        declaration.submitted_at, declaration.submitted_by_id = now, person_id
        _tell_journal(declaration, writings)
    db.session.flush()
    return [declarations[clause.clause_id] for clause in clauses]


def _refuse_stale(opened: OpenMonth, sent: SentMonth) -> None:
    for clause in opened.clauses:
        if sent.seen.get(clause.clause_id, clause.token) != clause.token:
            raise Stale(_what_changed(clause))


def _what_changed(clause: ClauseMonth) -> str:
    said = f"Votre déclaration pour « {clause.title} » a changé depuis que cette page est ouverte"
    return f"{said} : elle est maintenant « {clause.state.label} »." if clause.state else f"{said}."


def _lock(opened: OpenMonth, clauses: Sequence[ClauseMonth], now: datetime) -> dict[int, Declaration]:
    """The declarations of these clauses, made when missing, locked in the order of their ids.

    Stale when one moved since `opened` was read: whoever waited here finds what the first one wrote.
    """
    made = _make_missing(opened, clauses, now)
    found = db.session.scalars(
        select(Declaration)
        .where(
            Declaration.employer_id == opened.employer_id,
            Declaration.month == opened.month,
            is_one_of(Declaration.clause_id, [clause.clause_id for clause in clauses]),
        )
        .order_by(Declaration.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    declarations = {declaration.clause_id: declaration for declaration in found}
    for clause in clauses:
        declaration = declarations[clause.clause_id]
        if clause.clause_id not in made and declaration.version_id != clause.version:
            raise Stale(_what_changed(clause))
    _hold_placements(clauses)
    return declarations


def _hold_placements(clauses: Sequence[ClauseMonth]) -> None:
    """Takes the placements whose years will be summed again, in the order of their ids; Stale when an end has moved.

    Lines are written clause by clause, new ones after known ones: two months of one employer sent at once would
    otherwise take the same placements in two orders, and wait for each other.
    """
    rows = {row.placement_id: row for clause in clauses for row in clause.rows}
    held = select(Placement.id, Placement.ends_on).where(is_one_of(Placement.id, rows)).order_by(Placement.id)
    for placement_id, ends_on in db.session.execute(held.with_for_update(key_share=True)):
        row = rows[placement_id]
        if ends_on != row.period.last:
            raise Stale(f"La mise à l’emploi de {row.person} a changé de fin depuis que cette page est ouverte.")


def _make_missing(opened: OpenMonth, clauses: Sequence[ClauseMonth], now: datetime) -> set[int]:
    wanted = sorted(clause.clause_id for clause in clauses if clause.declaration_id is None)
    if not wanted:
        return set()
    rows = [
        {
            "public_id": new_public_id(),
            "version_id": 1,
            "employer_id": opened.employer_id,
            "clause_id": clause_id,
            "month": opened.month,
            "state": DeclarationState.DRAFT,
            "attested": False,
            "created_at": now,
        }
        for clause_id in wanted
    ]
    made = insert_once(Declaration).values(rows).on_conflict_do_nothing().returning(Declaration.clause_id)
    return set(db.session.scalars(made))


def _submitted(clause: ClauseMonth, sent: SentMonth) -> Iterator[_Writing]:
    for row in clause.open_rows:
        for cell in row.open_cells:
            hours = _hours(sent.answer(cell))
            yield _Writing(row.placement_id, cell, LineState.SUBMITTED, cell.version + 1, hours)


def _kept(clause: ClauseMonth, sent: SentMonth) -> Iterator[_Writing]:
    for row in clause.open_rows:
        for cell in row.open_cells:
            hours = _hours(sent.answer(cell))
            if cell.line_id is None and hours is None:
                continue
            state = cell.state if hours == cell.hours else LineState.DRAFT
            yield _Writing(row.placement_id, cell, state, cell.version, hours)


def _hours(answer: Answer) -> Decimal | None:
    return ZERO if answer.no_hours else answer.hours


def _standing(clause: ClauseMonth, writings: Sequence[_Writing]) -> DeclarationState:
    lines = [StandingLine(cell.state, was_sent=True) for _, cell in clause.sent]
    lines += [StandingLine(writing.state, writing.version > 0) for writing in writings]
    return standing_of(lines)


def _write_lines(declaration: Declaration, clause: ClauseMonth, writings: Sequence[_Writing]) -> list[int]:
    """Writes each cell's line, and gives their ids in the same order."""
    dropped = [line_id for row in clause.rows for line_id in row.dropped]
    if dropped:
        db.session.execute(delete(HoursLine).where(is_one_of(HoursLine.id, dropped), HoursLine.version == 0))
    known = [{"id": one.cell.line_id, **one.values()} for one in writings if one.cell.line_id]
    update_many(HoursLine, known)
    new = [
        {
            "declaration_id": declaration.id,
            "placement_id": one.placement_id,
            "month": declaration.month,
            "imputed_hours": ZERO,
            **one.values(),
        }
        for one in writings
        if not one.cell.line_id
    ]
    added = insert(HoursLine).returning(HoursLine.id, sort_by_parameter_order=True)
    made = iter(db.session.scalars(added, new).all() if new else [])
    return [one.cell.line_id or next(made) for one in writings]


def _write_versions(
    line_ids: Sequence[int], writings: Sequence[_Writing], person_id: int | None, now: datetime
) -> None:
    rows = [
        {
            "line_id": line_id,
            "number": one.version,
            "hours": one.hours,
            "submitted_at": now,
            "submitted_by_id": person_id,
            "reason": "",
        }
        for line_id, one in zip(line_ids, writings, strict=True)
    ]
    db.session.execute(insert(HoursLineVersion), rows)


def _tell_journal(declaration: Declaration, writings: Sequence[_Writing]) -> None:
    write_journal(
        "declaration_submitted",
        "declaration",
        declaration.id,
        month=str(declaration.month),
        lines=len(writings),
        corrected=sum(one.version > 1 for one in writings),
        hours=str(total(one.hours or ZERO for one in writings)),
    )
