"""Into which cells a month is cut for one placement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tracker.vocabulary.dates import DAY, Month, Period


def cells_of(
    month: Month,
    placement: Period,
    performance: Period | None = None,
    approved_on: date | None = None,
    window: Period | None = None,
) -> list[Period]:
    """The parts of the month to declare apart, in order; none when the placement does not touch the month.

    A new cell begins with the performance of the contract, after it, on the day of approval, and after the window:
    hours on either side do not count alike. Both sides are kept.
    """
    worked = month.period.meets(placement)
    if worked is None:
        return []
    return worked.cut_at(_bounds(performance, approved_on, window))


def _bounds(performance: Period | None, approved_on: date | None, window: Period | None) -> list[date]:
    bounds = [approved_on, performance and performance.first]
    bounds += [period.last + DAY for period in (performance, window) if period and period.last]
    return [bound for bound in bounds if bound]


def numbered(cells: Sequence[Period]) -> list[tuple[int, Period]]:
    """Each cell with its part number: 0 when it is alone, else 1, 2, …"""
    return list(enumerate(cells, start=0 if len(cells) == 1 else 1))
