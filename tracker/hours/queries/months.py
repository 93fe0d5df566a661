"""An employer's months: the one that is open on the page, and those that wait to be declared."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Date, Integer, SQLColumnExpression, any_, cast, func, literal, select, text
from sqlalchemy.orm import aliased, contains_eager

from tracker.accounts.queries import within
from tracker.accounts.rules import Subject
from tracker.contracts.models import Clause, Contract
from tracker.contracts.rules.performance import performance_of
from tracker.hours.models import Declaration, HoursLine, HoursLineVersion
from tracker.hours.rules.cells import cells_of
from tracker.hours.rules.deposits import deposit_due_on
from tracker.hours.rules.months import OPEN, Cell, ClauseMonth, OpenMonth, Row, cells_to_declare, dropped_from
from tracker.hours.rules.states import LineState
from tracker.placements.models import Placement
from tracker.placements.queries import placements_to_declare, windows_of
from tracker.placements.rules import Means, counts_until
from tracker.pledges.models import Pledge
from tracker.plumbing.database import db
from tracker.settings.queries import settings_on
from tracker.vocabulary.dates import Month, Period
from tracker.vocabulary.hours import total


def is_one_of(column: SQLColumnExpression[Any], ids: Collection[int]) -> ColumnElement[bool]:
    """Whether the column holds one of these ids: one array, whatever their number."""
    return column == any_(literal(list(ids), ARRAY(Integer)))


@dataclass(frozen=True)
class _KnownLine:
    """A line of this month or of the one before, with the reason of its latest decision."""

    placement_id: int
    month: Month
    cell: Cell


def open_month(employer_id: int, month: Month, today: date, subject: Subject | None = None) -> OpenMonth:
    """What an employer declares for a month: clauses, placements, cells; in six statements, and nothing written.

    Of a link's `subject` alone, when there is one: nothing else can then be kept or sent.
    """
    placements = [one for one in placements_to_declare(employer_id, month, subject) if one.pledge.clause]
    windows = windows_of(placements)
    lines = _lines_of(placements, month)
    declarations = _declarations_of(employer_id, month)
    by_clause: dict[int, list[Placement]] = defaultdict(list)
    for placement in placements:
        if _is_declared_on(placement, month, lines[placement.id]):
            by_clause[placement.pledge.clause_id or 0].append(placement)
    return OpenMonth(
        employer_id,
        month,
        tuple(_clause_month(month, group, windows, lines, declarations) for group in by_clause.values()),
        settings_on(today).levels,
    )


def performance_on(clause: Clause) -> Period | None:
    """The days of performance of the clause's contract, None while they are not set."""
    return performance_of(clause.contract.notified_on, clause.starts_on, clause.ends_on)


def due_on(clause: Clause, month: Month) -> date:
    """By when that month is to be declared on the clause."""
    return deposit_due_on(month, clause.rhythm.months, clause.deposit_day)


def _is_declared_on(placement: Placement, month: Month, lines: Sequence[_KnownLine]) -> bool:
    clause = placement.pledge.clause
    performance = performance_on(clause) if clause else None
    is_during = performance is None or performance.meets(month.period) is not None
    return is_during or any(line.month == month for line in lines)


def _lines_of(placements: Iterable[Placement], month: Month) -> dict[int, list[_KnownLine]]:
    found: dict[int, list[_KnownLine]] = {placement.id: [] for placement in placements}
    public_ids = {placement.id: placement.public_id for placement in placements}
    rows = db.session.execute(
        select(HoursLine, HoursLineVersion.reason)
        .outerjoin(
            HoursLineVersion,
            (HoursLineVersion.line_id == HoursLine.id) & (HoursLineVersion.number == HoursLine.version),
        )
        .where(is_one_of(HoursLine.placement_id, found), HoursLine.month.in_([month - 1, month]))
        .order_by(HoursLine.from_on, HoursLine.part)
        .execution_options(populate_existing=True)
    )
    for line, reason in rows:
        cell = cell_of(line, public_ids[line.placement_id], reason or "")
        found[line.placement_id].append(_KnownLine(line.placement_id, line.month, cell))
    return found


def cell_of(line: HoursLine, public_id: str, reason: str = "") -> Cell:
    """A kept or sent line as a cell of the page."""
    key = f"{public_id}-{line.part}"
    days = Period(line.from_on, line.to_on)
    return Cell(key, line.part, days, line.id, line.version, line.state, line.declared_hours, reason)


def _declarations_of(employer_id: int, month: Month) -> dict[int, Declaration]:
    found = db.session.scalars(
        select(Declaration).where(Declaration.employer_id == employer_id, Declaration.month == month)
    )
    return {declaration.clause_id: declaration for declaration in found}


def _clause_month(
    month: Month,
    placements: Sequence[Placement],
    windows: dict[int, Period | None],
    lines: dict[int, list[_KnownLine]],
    declarations: dict[int, Declaration],
) -> ClauseMonth:
    clause = placements[0].pledge.clause
    if clause is None:
        raise LookupError("hours are declared on a clause")
    performance = performance_on(clause)
    declaration = declarations.get(clause.id)
    return ClauseMonth(
        clause.id,
        title=clause.contract.title,
        subtitle=f"Marché {clause.contract.number}, {clause.contract.buyer.name}",
        performance=performance,
        due_on=due_on(clause, month),
        rows=tuple(_row(month, one, performance, windows[one.id], lines[one.id]) for one in placements),
        declaration_id=declaration.id if declaration else None,
        public_id=declaration.public_id if declaration else "",
        state=declaration.state if declaration else None,
        version=declaration.version_id if declaration else 0,
    )


def _row(
    month: Month, placement: Placement, performance: Period | None, window: Period | None, lines: list[_KnownLine]
) -> Row:
    period = Period(placement.starts_on, placement.ends_on)
    known = [line.cell for line in lines if line.month == month]
    cells = cells_to_declare(
        placement.public_id, cells_of(month, period, performance, placement.approved_on, window), known
    )
    return Row(
        placement.id,
        placement.public_id,
        person=placement.participant.name,
        job=job_of(placement),
        period=period,
        born_on=placement.participant.born_on,
        approved_on=placement.approved_on,
        window=window,
        counts_until=counts_until(window, performance, placement.ends_on),
        weekly_hours=placement.weekly_hours,
        tutor=placement.tutor,
        tutor_is_wanted=placement.means is Means.DIRECT_HIRE,
        site=placement.site,
        last_month_hours=_sent_hours(line.cell for line in lines if line.month != month),
        cells=cells,
        dropped=dropped_from(known, cells),
    )


def job_of(placement: Placement) -> str:
    """« CDD, coffreur »."""
    contract = placement.contract_type.label
    return ", ".join(part for part in (contract[0].upper() + contract[1:], placement.job) if part)


def _sent_hours(cells: Iterable[Cell]) -> Decimal | None:
    sent = [cell.hours for cell in cells if cell.state is not LineState.DRAFT and cell.hours is not None]
    return total(sent) if sent else None


@dataclass(frozen=True)
class WaitingMonth:
    """A month that an employer still owes on a clause, and by when."""

    month: Month
    clause_id: int
    title: str
    placements: int
    due_on: date


@dataclass(frozen=True)
class WaitingPage:
    """A month's page that waits: every clause on which it is owed."""

    month: Month
    clauses: tuple[WaitingMonth, ...]

    @property
    def due_on(self) -> date:
        """The first day by which a part of it is due."""
        return min(clause.due_on for clause in self.clauses)

    @property
    def placements(self) -> int:
        return sum(clause.placements for clause in self.clauses)


def pages_to_declare(employer_id: int, today: date, subject: Subject | None = None) -> list[WaitingPage]:
    """The months' pages that wait, oldest first; for a link's `subject` alone, when there is one."""
    by_month: dict[Month, list[WaitingMonth]] = defaultdict(list)
    for waiting in months_to_declare(employer_id, today, subject):
        by_month[waiting.month].append(waiting)
    return [WaitingPage(month, tuple(clauses)) for month, clauses in by_month.items()]


def months_to_declare(employer_id: int, today: date, subject: Subject | None = None) -> list[WaitingMonth]:
    """Each month begun, by clause, in which a placement has no hours sent, oldest first; in two statements.

    For a link's `subject` alone, when there is one.
    """
    placed, month, month_end = _months_placed(employer_id, today)
    line = aliased(HoursLine)
    # One lookup by index for each month of a placement: two questions would have every open line of the base read.
    # Days that a renewal added to a month already sent are asked too.
    is_short = func.max(line.to_on) < func.least(placed.c.last, month_end)
    is_open = func.coalesce(func.bool_or(line.state.in_(tuple(OPEN))) | is_short, True)
    waits = select(is_open).where(line.placement_id == placed.c.id, line.month == month).scalar_subquery()
    counted = db.session.execute(
        select(month, placed.c.clause_id, func.count())
        .where(waits, within(subject, clause=placed.c.clause_id))
        .group_by(month, placed.c.clause_id)
    ).all()
    clauses = _clauses({clause_id for _, clause_id, _ in counted})
    found = [
        WaitingMonth(one, clause_id, clauses[clause_id].contract.title, number, due_on(clauses[clause_id], one))
        for one, clause_id, number in counted
    ]
    return sorted(found, key=lambda one: (one.month, clauses[one.clause_id].contract.sort_key, one.clause_id))


def _clauses(clause_ids: Collection[int]) -> dict[int, Clause]:
    wanted = select(Clause).join(Clause.contract).options(contains_eager(Clause.contract))
    return {clause.id: clause for clause in db.session.scalars(wanted.where(is_one_of(Clause.id, clause_ids)))}


def _months_placed(employer_id: int, today: date) -> tuple[Any, Any, Any]:
    """The placements of an employer, one row per month of work within the contract's performance and begun today.

    With the month, and its last day.
    """
    first = func.greatest(Placement.starts_on, func.least(Contract.notified_on, Clause.starts_on))
    last = func.least(Placement.ends_on, Clause.ends_on, Month.of(today).last_day)
    series = func.generate_series(func.date_trunc("month", first), last, text("interval '1 month'"))
    placed = (
        select(Placement.id, Pledge.clause_id, cast(series, Date).label("month"), last.label("last"))
        .join(Placement.pledge)
        .join(Pledge.clause)
        .join(Clause.contract)
        .where(Placement.employer_id == employer_id, Placement.refused_at.is_(None))
        .subquery()
    )
    month_end = cast(placed.c.month + text("interval '1 month' - interval '1 day'"), Date)
    return placed, func.date(placed.c.month, type_=HoursLine.month.type), month_end
