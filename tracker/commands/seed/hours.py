"""The months of a block: cells, declarations and their states, and hours that sum exactly to the quota."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from tracker.commands.seed.almanac import Almanac, MonthDays
from tracker.commands.seed.contracts import Contract
from tracker.commands.seed.parties import Parties, Party
from tracker.commands.seed.scales import HUNDRED, Quota
from tracker.commands.seed.work import Piece, Worker
from tracker.hours.rules.law import DAYS_A_WEEK, WEEKS_A_YEAR
from tracker.hours.rules.states import DeclarationState, LineState, state_of_declaration
from tracker.vocabulary.dates import DAY, MONTHS_A_YEAR

QUARTER = 25
# Beyond it a line could pass its contract of work: the scale's figures would not hold together.
_LARGEST_FACTOR = 1.7
_LAST_MONTHS = 3
# Where the long months of the crowd's employer stand: a page to fill in, and one to decide.
_CROWDED = {1: LineState.DRAFT, 2: LineState.SUBMITTED}
_LONG = 50
# Of a hundred declarations of the last months, by month before the end: how many are still waiting, and where.
_STATES = {
    1: {"draft": 4, "submitted": 14, "returned": 3, "refused": 2, "corrected": 2, "": 75},
    2: {"submitted": 3, "returned": 1, "refused": 2, "corrected": 2, "": 92},
    3: {"refused": 2, "corrected": 2, "": 96},
}


@dataclass(slots=True, eq=False)
class Line:
    """One cell of a month, its bounds as text.

    `counts`: its hours reach the ledger; `was_returned`: accepted as its second version.
    """

    piece: Piece
    part: int
    from_on: str
    to_on: str
    days: int
    cents: int = 0
    state: LineState = LineState.ACCEPTED
    counts: bool = True
    was_returned: bool = False


@dataclass(slots=True, eq=False)
class Sheet:
    """One declaration: an employer's month on a clause."""

    month: int
    contract: Contract
    employer: Party
    lines: list[Line]

    @property
    def state(self) -> DeclarationState:
        if all(line.state is LineState.ACCEPTED for line in self.lines):
            return DeclarationState.ACCEPTED
        return state_of_declaration(line.state for line in self.lines)


def sheets_of(quota: Quota, parties: Parties, workers: Sequence[Worker], almanac: Almanac, rng: Random) -> list[Sheet]:
    """Every declaration of the block, by month, its hours closed on the quota."""
    groups: dict[tuple[int, int, int], Sheet] = {}
    for worker in workers:
        for piece in worker.pieces:
            _declare(piece, almanac, groups)
    sheets = [groups[key] for key in sorted(groups)]
    crowd = parties.by_mode["ETTI"][0] if quota.crowd else None
    for sheet in sheets:
        if sheet.month >= almanac.end - _LAST_MONTHS:
            _settle(sheet, almanac, crowd, rng)
    _close(quota, sheets)
    for sheet in sheets:
        sheet.contract.cents += sum(line.cents for line in sheet.lines if line.counts)
    return sheets


def _declare(piece: Piece, almanac: Almanac, groups: dict[tuple[int, int, int], Sheet]) -> None:
    contract, employer = piece.contract, piece.employer
    for month in range(piece.first, piece.last + 1):
        key = (month, contract.id, employer.id)
        sheet = groups.get(key)
        if sheet is None:
            sheet = groups[key] = Sheet(month, contract, employer, [])
        sheet.lines += _cells(piece, month, almanac.months[month])


def _cells(piece: Piece, month: int, days: MonthDays) -> list[Line]:
    """The month's cell, or two when the approval came after the first day: what stands before counts for nothing."""
    if piece.first < month < piece.last:
        return [Line(piece, 0, days.first_text, days.last_text, days.days)]
    first = piece.starts_on if month == piece.first else days.first
    last = piece.ends_on if month == piece.last else days.last
    if month > piece.first or piece.approved_on <= first:
        return [Line(piece, 0, first.isoformat(), last.isoformat(), (last - first).days + 1)]
    bound = piece.approved_on
    before = Line(piece, 1, first.isoformat(), (bound - DAY).isoformat(), (bound - first).days, counts=False)
    return [before, Line(piece, 2, bound.isoformat(), last.isoformat(), (last - bound).days + 1)]


def _settle(sheet: Sheet, almanac: Almanac, crowd: Party | None, rng: Random) -> None:
    """Where a declaration of the last months stands; who has no earlier month keeps this one, which counts."""
    ago = almanac.end - sheet.month
    if sheet.employer is crowd and ago in _CROWDED and len(sheet.lines) >= _LONG:
        _leave(sheet.lines, _CROWDED[ago])
        return
    weights = _STATES[ago]
    (state,) = rng.choices(tuple(weights), tuple(weights.values()))
    if not state or any(line.piece.first >= almanac.end - _LAST_MONTHS for line in sheet.lines):
        return
    if state == "corrected":
        sheet.lines[0].was_returned = True
    elif state in {"draft", "submitted"}:
        _leave(sheet.lines, LineState(state))
    else:
        _leave(sheet.lines[:1], LineState(state))


def _leave(lines: Iterable[Line], state: LineState) -> None:
    for line in lines:
        line.state, line.counts = state, False


def _close(quota: Quota, sheets: Sequence[Sheet]) -> None:
    """Hours for every line; those that count sum, by year and by tie to the RSA, to the quota."""
    groups: dict[tuple[int, bool], list[Line]] = defaultdict(list)
    for sheet in sheets:
        for line in sheet.lines:
            if line.counts:
                groups[sheet.month // MONTHS_A_YEAR, line.piece.worker.is_rsa].append(line)
            else:
                line.cents = max(QUARTER, _quarters(_usual(line)))
    for (year, is_rsa), lines in groups.items():
        rsa = quota.rsa_hours[year]
        _fit(lines, rsa if is_rsa else quota.hours[year] - rsa)


def _usual(line: Line) -> float:
    """Hundredths of an hour that the line would usually bear."""
    days = min(line.days, 365 / MONTHS_A_YEAR)
    weeks = min(days / DAYS_A_WEEK, WEEKS_A_YEAR / MONTHS_A_YEAR)
    return line.piece.hiring.weekly * line.piece.activity * weeks * HUNDRED


def _quarters(cents: float) -> int:
    return round(cents / QUARTER) * QUARTER


def _fit(lines: Sequence[Line], wanted: int) -> None:
    """Quarters of an hour in proportion to the usual; the last lines take what is left, to the hundredth."""
    usual = [_usual(line) for line in lines]
    factor = wanted / sum(usual)
    if factor > _LARGEST_FACTOR:
        raise ValueError(f"hours {factor:.2f} times the usual: too few people for them")
    for line, cents in zip(lines, usual, strict=True):
        line.cents = max(QUARTER, _quarters(cents * factor))
    left = wanted - sum(line.cents for line in lines)
    while abs(left) >= QUARTER:
        for line in reversed(lines):
            step = QUARTER if left > 0 else -QUARTER
            if abs(left) < QUARTER:
                break
            if line.cents + step >= QUARTER:
                line.cents += step
                left -= step
    lines[-1].cents += left
