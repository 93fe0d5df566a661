"""The window in which hours count, and the day until which they do."""

from __future__ import annotations

from datetime import date

from tracker.placements.rules.work import ContractType
from tracker.publics.rules import Edition
from tracker.vocabulary.dates import DAY, MONTHS_A_YEAR, Period, months_later


def window_of(
    first_day_worked: date,
    contract_type: ContractType,
    contract_end_on: date | None,
    edition: Edition,
    placement_end_on: date | None = None,
) -> Period:
    """The days in which hours count, from the first day worked under the decision (terms to confirm, `domain.md` §4).

    24 months by default; a work-study contract: its own length; a CDI: to the public contract's end when later, 4 years
    at most. A work-study contract without a known end has the 24 months until it gets one.
    """
    usual = _last_day_of(first_day_worked, edition.window_months)
    if contract_type.is_work_study and placement_end_on is not None:
        return Period(first_day_worked, max(first_day_worked, placement_end_on))
    if contract_type.is_open_ended and contract_end_on is not None:
        cap = _last_day_of(first_day_worked, edition.cdi_cap_years * MONTHS_A_YEAR)
        return Period(first_day_worked, max(usual, min(contract_end_on, cap)))
    return Period(first_day_worked, usual)


def _last_day_of(first: date, months: int) -> date:
    """The last of so many months: 12/03/2026 + 24 → 11/03/2028; a 29 February ends on the last of its month."""
    anniversary = months_later(first, months)
    return anniversary if anniversary.day < first.day else anniversary - DAY


def counts_until(
    window: Period | None, performance: Period | None, placement_end_on: date | None = None
) -> date | None:
    """The day until which hours count, for « heures prises en compte jusqu’au … »; None when no bound is known."""
    lasts = (window and window.last, performance and performance.last, placement_end_on)
    return min((day for day in lasts if day), default=None)
