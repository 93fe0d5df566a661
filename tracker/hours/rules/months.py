"""An employer's month as its page shows it: clauses, placements, cells, and what is typed in them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tracker.hours.rules.states import DeclarationState, LineState
from tracker.vocabulary.dates import DAY, Month, Period
from tracker.vocabulary.objections import Level

OPEN = {LineState.DRAFT, LineState.RETURNED}


@dataclass(frozen=True)
class Cell:
    """Days of a placement that are declared apart.

    `key` is « <public id of the placement>-<part> ». `line_id` is None and `version` 0 as long as nothing was kept or
    sent; `hours` is what was kept or sent; `reason` why it was sent back, refused or accepted nevertheless.
    """

    key: str
    part: int
    days: Period
    line_id: int | None = None
    version: int = 0
    state: LineState = LineState.DRAFT
    hours: Decimal | None = None
    reason: str = ""

    @property
    def hours_field(self) -> str:
        return f"hours-{self.key}"

    @property
    def none_field(self) -> str:
        return f"none-{self.key}"

    @property
    def is_open(self) -> bool:
        """Whether the employer may write in it."""
        return self.state in OPEN

    @property
    def is_returned(self) -> bool:
        """Whether it was sent once and must be sent again."""
        return self.is_open and self.version > 0


@dataclass(frozen=True)
class Row:
    """One placement of the month. `dropped`: kept drafts whose days no longer stand, to be forgotten."""

    placement_id: int
    public_id: str
    person: str
    job: str
    period: Period
    born_on: date
    approved_on: date | None = None
    window: Period | None = None
    counts_until: date | None = None
    weekly_hours: Decimal | None = None
    tutor: str = ""
    tutor_is_wanted: bool = True
    site: str = ""
    last_month_hours: Decimal | None = None
    cells: tuple[Cell, ...] = ()
    dropped: tuple[int, ...] = ()

    @property
    def open_cells(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.is_open)


@dataclass(frozen=True)
class ClauseMonth:
    """One clause of an employer's month, with the declaration that stands when there is one (`version` 0: none)."""

    clause_id: int
    title: str
    subtitle: str
    performance: Period | None
    due_on: date
    rows: tuple[Row, ...]
    declaration_id: int | None = None
    public_id: str = ""
    state: DeclarationState | None = None
    version: int = 0

    @property
    def honour_field(self) -> str:
        return f"honour-{self.clause_id}"

    @property
    def seen_field(self) -> str:
        return f"seen-{self.clause_id}"

    @property
    def open_rows(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.open_cells)

    @property
    def open_cells(self) -> tuple[Cell, ...]:
        return tuple(cell for row in self.rows for cell in row.open_cells)

    @property
    def sent(self) -> tuple[tuple[Row, Cell], ...]:
        """What the employer can only read."""
        return tuple((row, cell) for row in self.rows for cell in row.cells if not cell.is_open)

    @property
    def token(self) -> str:
        """What a page saw of it: another version, or other cells, and the page is stale."""
        cells = ";".join(f"{cell.key} {cell.days.first} {cell.days.last}" for cell in self.open_cells)
        return f"{self.version}.{hashlib.sha256(cells.encode()).hexdigest()[:12]}"


@dataclass(frozen=True)
class OpenMonth:
    """All that an employer declares for a month; `levels` are those of the checks, by code."""

    employer_id: int
    month: Month
    clauses: tuple[ClauseMonth, ...]
    levels: Mapping[str, Level] = field(default_factory=dict)

    @property
    def open_clauses(self) -> tuple[ClauseMonth, ...]:
        return tuple(clause for clause in self.clauses if clause.open_cells)

    @property
    def open_rows(self) -> tuple[Row, ...]:
        return tuple(row for clause in self.clauses for row in clause.open_rows)

    def clause(self, clause_id: int) -> ClauseMonth:
        """The clause of that id; LookupError when the month has none."""
        for clause in self.clauses:
            if clause.clause_id == clause_id:
                return clause
        raise LookupError(f"no clause {clause_id} in {self.month}")


@dataclass(frozen=True)
class Answer:
    """What is typed in a cell: hours, « aucune heure », both or nothing."""

    hours: Decimal | None = None
    no_hours: bool = False

    @property
    def is_blank(self) -> bool:
        return self.hours is None and not self.no_hours


@dataclass(frozen=True)
class SentMonth:
    """A month as its page comes back.

    `answers` by key of cell; `attested`: the clauses whose statement on honour is ticked; `seen`: the token of each
    clause as the page showed it, absent when the sender saw none; `unreadable`: cells whose text is no number.
    """

    answers: Mapping[str, Answer] = field(default_factory=dict)
    attested: Collection[int] = frozenset()
    seen: Mapping[int, str] = field(default_factory=dict)
    unreadable: Collection[str] = frozenset()

    def answer(self, cell: Cell) -> Answer:
        """What is typed in that cell, nothing when the page did not have it."""
        return self.answers.get(cell.key, Answer())

    def has_typed(self, clause: ClauseMonth) -> bool:
        """Whether the clause got any answer at all, readable or not."""
        return any(cell.key in self.unreadable or not self.answer(cell).is_blank for cell in clause.open_cells)


def cells_to_declare(public_id: str, wanted: Sequence[Period], known: Sequence[Cell]) -> tuple[Cell, ...]:
    """The cells of a placement's month: what was sent and stands, then the days still to declare.

    Days sent are not asked again. A kept cell stays with its hours as long as its days do; a returned one is asked
    again over the days that replaced its own, since each must get a new version.
    """
    closed = [cell for cell in known if not cell.is_open]
    free = [piece for period in wanted for piece in _without(period, [cell.days for cell in closed])]
    same = {cell.days: cell for cell in known if cell.is_open and cell.days in free}
    returned = [cell for cell in known if cell.is_returned and cell.days not in free]
    parts = _free_parts([*closed, *same.values(), *returned], len(free))
    cells = [same.get(days) or _cell(public_id, days, returned, parts) for days in free]
    return tuple(sorted([*closed, *cells, *returned], key=lambda cell: (cell.days.first, cell.part)))


def _cell(public_id: str, days: Period, returned: list[Cell], parts: Iterator[int]) -> Cell:
    if returned:
        old = returned.pop(0)
        return Cell(old.key, old.part, days, old.line_id, old.version, old.state, reason=old.reason)
    part = next(parts)
    return Cell(f"{public_id}-{part}", part, days)


def _free_parts(standing: Sequence[Cell], wanted: int) -> Iterator[int]:
    """Part numbers nobody bears: 0 when a cell is alone, else from 1."""
    taken = {cell.part for cell in standing}
    return iter([0] if not taken and wanted == 1 else [part for part in range(1, 10) if part not in taken])


def _without(period: Period, taken: Sequence[Period]) -> list[Period]:
    bounds = [day for one in taken for day in (one.first, one.last and one.last + DAY) if day]
    return [piece for piece in period.cut_at(bounds) if not any(one.meets(piece) for one in taken)]


def dropped_from(known: Sequence[Cell], cells: Sequence[Cell]) -> tuple[int, ...]:
    """The kept drafts that no cell bears any longer."""
    standing = {cell.line_id for cell in cells}
    return tuple(cell.line_id for cell in known if cell.line_id and cell.line_id not in standing)
