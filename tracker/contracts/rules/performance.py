"""The days in which a contract is performed."""

from __future__ import annotations

from datetime import date

from tracker.vocabulary.dates import Period


def performance_of(notified_on: date | None, starts_on: date | None, ends_on: date | None) -> Period | None:
    """From the notification, or the earlier start, to the end.

    None while an end or any beginning is missing: no month opens before both are set (`domain.md` §3).
    """
    first = min((day for day in (notified_on, starts_on) if day), default=None)
    if first is None or ends_on is None or ends_on < first:
        return None
    return Period(first, ends_on)
