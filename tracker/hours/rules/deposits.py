"""By when a month is to be declared, and which months wait."""

from __future__ import annotations

from datetime import date, timedelta

from tracker.vocabulary.dates import Month


def deposit_due_on(month: Month, months_a_deposit: int = 1, deposit_day: int = 15) -> date:
    """The last day to declare that month: a day of the month that follows the deposit's last one.

    Monthly, day 15: March 2026 → 15/04/2026. Quarterly (`months_a_deposit` 3), by civil quarters: January → 15/04.
    """
    last = month + (months_a_deposit - 1 - (month.number - 1) % months_a_deposit)
    return (last + 1).first_day + timedelta(days=deposit_day - 1)
