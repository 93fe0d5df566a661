"""One cell of a declaration, as the checks look at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tracker.vocabulary.dates import Month, Period
from tracker.vocabulary.hours import ZERO
from tracker.vocabulary.objections import Level


@dataclass(frozen=True)
class LineFacts:
    """One cell of a declaration and all that its checks look at.

    `cell`: the days it covers. `hours` is None when nothing was typed, `no_hours` when « aucune heure » was ticked.
    `days_in_post` is the cell's own days when None. `performance` is None when the contract's dates are not set, which
    blocks. `other_employers_hours`: the person's other hours of that month, wherever declared. `deposit_due_on`: the
    last day to deposit, None when there is none. `levels`: the administrator's, by code of check.
    """

    key: str
    month: Month
    cell: Period
    today: date
    placement: Period
    performance: Period | None
    hours: Decimal | None = None
    no_hours: bool = False
    days_in_post: int | None = None
    is_minor: bool = False
    weekly_hours: Decimal | None = None
    approved_on: date | None = None
    window: Period | None = None
    last_month_hours: Decimal | None = None
    tutor: str = ""
    tutor_is_wanted: bool = True
    site: str = ""
    other_employers_hours: Decimal = ZERO
    overlaps: bool = False
    deposit_due_on: date | None = None
    levels: Mapping[str, Level] = field(default_factory=dict)

    @property
    def worked(self) -> Decimal:
        """The hours typed, none when there are none."""
        return ZERO if self.no_hours or self.hours is None else self.hours

    @property
    def days(self) -> int:
        """Days in post in the cell."""
        return self.cell.days if self.days_in_post is None else self.days_in_post
