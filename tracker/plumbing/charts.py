"""Geometry of the drawings: where the lines of a réglet and the bars of a chart stand, in per cents of their frame.

Pure: decimals in, frozen values out. Percentages are texts with a point (« 52.00% »), ready for SVG attributes; the
macros draw them without a style attribute, so that a strict Content-Security-Policy holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
WHOLE = Decimal(100)
# A label centred nearer to an end than this would leave the frame on a phone.
LABEL_MARGIN = Decimal(20)
# A réglet is cut in twentieths of what is due; the tenth stands out.
TWENTIETHS = 20
# Two numbers nearer than this under a printed rule would touch.
MARK_CLEARANCE = Decimal(14)
# Left of the first bar: room for the numbers of the scale.
SCALE_GUTTER = Decimal(12)
BAR_SHARE = Decimal("0.66")
HEADROOM = Decimal("1.06")
MANY_COLUMNS = 6


@dataclass(frozen=True)
class Tick:
    """A stroke under the réglet; `half` marks the middle of what is due."""

    x: str
    half: bool


@dataclass(frozen=True)
class Mark:
    """A stroke of a printed rule: `hours` is None between two numbers; `is_clear` when no other label is near."""

    x: str
    hours: Decimal | None
    is_clear: bool


@dataclass(frozen=True)
class GaugeGeometry:
    """One réglet. Parts that are not drawn are None; `surplus` is what is counted past the due line, never cut off."""

    due_x: str
    counted_width: str
    surplus_x: str | None
    surplus_width: str | None
    pending_x: str | None
    pending_width: str | None
    expected_x: str | None
    expected_anchor: str
    projected_x: str | None
    shortfall_width: str | None
    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]


def percent(value: Decimal) -> str:
    """52.004 → « 52.00% »."""
    return f"{value.quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


def gauge_geometry(
    due: Decimal,
    counted: Decimal,
    pending: Decimal = ZERO,
    expected: Decimal | None = None,
    projected: Decimal | None = None,
) -> GaugeGeometry:
    """The réglet of a clause: hours in, places out.

    `pending` is what is declared and not yet decided, drawn after `counted`. The frame is as long as the longest of
    them, so that whatever passes the due hours is drawn past the due line. Nothing due gives a due line at zero.
    """
    longest = max(due, counted + pending, expected or ZERO, projected or ZERO) or Decimal(1)

    def part(hours: Decimal) -> Decimal:
        return hours * WHOLE / longest

    surplus = max(counted - due, ZERO)
    shortfall = due - projected if projected is not None and projected < due else ZERO
    return GaugeGeometry(
        due_x=percent(part(due)),
        counted_width=percent(part(min(counted, due))),
        surplus_x=percent(part(due)) if surplus else None,
        surplus_width=percent(part(surplus)) if surplus else None,
        pending_x=percent(part(counted)) if pending else None,
        pending_width=percent(part(pending)) if pending else None,
        expected_x=None if expected is None else percent(part(expected)),
        expected_anchor=_anchor(part(expected or ZERO)),
        projected_x=None if projected is None else percent(part(projected)),
        shortfall_width=percent(part(shortfall)) if shortfall else None,
        ticks=_ticks(part(due)) if due else (),
        marks=_marks(longest, due),
    )


def _anchor(place: Decimal) -> str:
    if place < LABEL_MARGIN:
        return "start"
    return "end" if place > WHOLE - LABEL_MARGIN else "middle"


def _ticks(due_place: Decimal) -> tuple[Tick, ...]:
    return tuple(Tick(percent(due_place * n / TWENTIETHS), 2 * n == TWENTIETHS) for n in range(1, TWENTIETHS))


def _marks(longest: Decimal, due: Decimal) -> tuple[Mark, ...]:
    """A number at each round step, ten strokes between two; a number too near the due line gives way to its label."""
    step = round_step(longest)

    def mark(rank: int) -> Mark:
        hours = step * rank / 10
        is_numbered = rank % 10 == 0
        is_clear = is_numbered and abs(hours - due) * WHOLE / longest > MARK_CLEARANCE
        return Mark(percent(hours * WHOLE / longest), hours if is_numbered else None, is_clear)

    return tuple(mark(rank) for rank in range(int(longest * 10 / step) + 1))


def round_step(largest: Decimal, about: int = 3) -> Decimal:
    """The largest of 1, 2, 5 × 10ⁿ that cuts `largest` in at least `about` parts; 1 when there is nothing to cut."""
    if largest <= 0:
        return Decimal(1)
    rough = largest / about
    power = Decimal(1).scaleb(rough.adjusted())
    return max(power * n for n in (1, 2, 5) if power * n <= rough)


@dataclass(frozen=True)
class Column:
    """What one bar of a chart tells: hours of a month, those still to decide, those expected."""

    label: str
    counted: Decimal
    pending: Decimal = ZERO
    expected: Decimal | None = None


@dataclass(frozen=True)
class BarGeometry:
    """Where one bar stands; `label` is empty when its neighbour's is enough."""

    label: str
    column: Column
    x: str
    width: str
    centre: str
    counted_y: str
    counted_height: str
    pending_y: str | None
    pending_height: str | None
    expected_x: str
    expected_width: str
    expected_y: str | None


@dataclass(frozen=True)
class GridLine:
    """A line of the scale and its number."""

    y: str
    value: Decimal


@dataclass(frozen=True)
class BarChart:
    """A chart of bars, its scale, and whether marks or pending parts are anywhere drawn (for the legend)."""

    bars: tuple[BarGeometry, ...]
    lines: tuple[GridLine, ...]
    has_pending: bool
    has_expected: bool


def bar_chart(columns: Sequence[Column]) -> BarChart:
    """Bars side by side, in the order given; an empty list gives an empty chart."""
    largest = max((max(c.counted + c.pending, c.expected or ZERO) for c in columns), default=ZERO)
    top = largest * HEADROOM or Decimal(1)
    step = round_step(largest)
    return BarChart(
        bars=tuple(_bar(column, rank, len(columns), top) for rank, column in enumerate(columns)),
        lines=tuple(
            GridLine(percent(WHOLE - step * n * WHOLE / top), step * n) for n in range(1, int(largest / step) + 1)
        ),
        has_pending=any(column.pending for column in columns),
        has_expected=any(column.expected is not None for column in columns),
    )


def _bar(column: Column, rank: int, count: int, top: Decimal) -> BarGeometry:
    slot = (WHOLE - SCALE_GUTTER) / count
    left = SCALE_GUTTER + slot * rank
    width = slot * BAR_SHARE

    def height(hours: Decimal) -> Decimal:
        return hours * WHOLE / top

    return BarGeometry(
        label=column.label if count <= MANY_COLUMNS or rank % 2 == 0 else "",
        column=column,
        x=percent(left + (slot - width) / 2),
        width=percent(width),
        centre=percent(left + slot / 2),
        counted_y=percent(WHOLE - height(column.counted)),
        counted_height=percent(height(column.counted)),
        pending_y=percent(WHOLE - height(column.counted + column.pending)) if column.pending else None,
        pending_height=percent(height(column.pending)) if column.pending else None,
        expected_x=percent(left + slot / 20),
        expected_width=percent(slot * Decimal("0.9")),
        expected_y=None if column.expected is None else percent(WHOLE - height(column.expected)),
    )
