"""Where a month is cut for one placement."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.hours.rules.cells import cells_of, numbered
from tracker.vocabulary.dates import DAY, Month, Period

MARCH = Month(2026, 3)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


def march(first: int, last: int) -> Period:
    return Period(date(2026, 3, first), date(2026, 3, last))


@pytest.mark.parametrize(
    ("placement", "performance", "approved_on", "window", "cells", "why"),
    [
        (YEAR, YEAR, date(2026, 1, 1), YEAR, [march(1, 31)], "nothing cuts the month"),
        (YEAR, None, None, None, [march(1, 31)], "no bound is known"),
        (Period(date(2026, 3, 31)), YEAR, None, None, [march(31, 31)], "hired on the last day"),
        (Period(date(2026, 4, 1)), YEAR, None, None, [], "hired the day after"),
        (Period(date(2025, 1, 1), date(2026, 3, 1)), YEAR, None, None, [march(1, 1)], "left on the first day"),
        (Period(date(2025, 1, 1), date(2026, 2, 28)), YEAR, None, None, [], "left the day before"),
        (YEAR, YEAR, date(2026, 3, 12), None, [march(1, 11), march(12, 31)], "approved on the 12th"),
        (YEAR, YEAR, date(2026, 3, 1), None, [march(1, 31)], "approved on the first day"),
        (YEAR, YEAR, date(2026, 3, 31), None, [march(1, 30), march(31, 31)], "approved on the last day"),
        (YEAR, YEAR, date(2026, 4, 1), None, [march(1, 31)], "approved the day after"),
        (YEAR, Period(date(2026, 3, 15)), None, None, [march(1, 14), march(15, 31)], "performance begins"),
        (
            YEAR,
            Period(date(2025, 1, 1), date(2026, 3, 15)),
            None,
            None,
            [march(1, 15), march(16, 31)],
            "performance ends",
        ),
        (YEAR, YEAR, None, Period(date(2024, 3, 21), date(2026, 3, 20)), [march(1, 20), march(21, 31)], "window ends"),
        (YEAR, YEAR, None, Period(date(2024, 4, 1), date(2026, 3, 31)), [march(1, 31)], "window ends with the month"),
        (
            Period(date(2026, 3, 3), date(2026, 3, 28)),
            Period(date(2026, 3, 5), date(2026, 3, 25)),
            date(2026, 3, 10),
            Period(date(2026, 3, 10), date(2026, 3, 20)),
            [march(3, 4), march(5, 9), march(10, 20), march(21, 25), march(26, 28)],
            "everything at once",
        ),
        (
            YEAR,
            Period(date(2026, 3, 12)),
            date(2026, 3, 12),
            None,
            [march(1, 11), march(12, 31)],
            "two bounds on one day cut once",
        ),
    ],
)
def test_a_month_is_cut_where_hours_cease_to_count_alike(
    placement: Period,
    performance: Period | None,
    approved_on: date | None,
    window: Period | None,
    cells: list[Period],
    why: str,
) -> None:
    assert cells_of(MARCH, placement, performance, approved_on, window) == cells, why


def test_a_lonely_cell_is_part_0_and_several_are_counted_from_1() -> None:
    assert numbered([march(1, 31)]) == [(0, march(1, 31))]
    assert numbered([march(1, 11), march(12, 31)]) == [(1, march(1, 11)), (2, march(12, 31))]
    assert numbered([]) == []


near = st.dates(date(2026, 1, 15), date(2026, 5, 15))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    first = draw(near)
    length = draw(st.none() | st.integers(0, 90))
    return Period(first, None if length is None else first + timedelta(days=length))


@given(periods(), st.none() | periods(), st.none() | near, st.none() | periods())
def test_cells_are_every_day_of_the_placement_in_the_month_once(
    placement: Period, performance: Period | None, approved_on: date | None, window: Period | None
) -> None:
    cells = cells_of(MARCH, placement, performance, approved_on, window)
    days = [cell.first + DAY * rank for cell in cells for rank in range(cell.days)]
    assert days == [day for day in (date(2026, 3, 1) + DAY * rank for rank in range(31)) if day in placement]


@given(periods(), periods(), near, periods())
def test_no_cell_stands_on_both_sides_of_a_bound(
    placement: Period, performance: Period, approved_on: date, window: Period
) -> None:
    for cell in cells_of(MARCH, placement, performance, approved_on, window):
        assert performance.covers(cell) or performance.meets(cell) is None
        assert cell.first >= approved_on or (cell.last is not None and cell.last < approved_on)
        assert window.last is None or cell.first > window.last or (cell.last is not None and cell.last <= window.last)
