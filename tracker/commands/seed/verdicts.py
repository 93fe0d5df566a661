"""Why the hours of a placement count: the rules' own verdict, asked once for each kind, its dates put in afterwards.

The reasons of a placement are the same every month. Asking the rules a million times for sentences that differ by five
dates would take longer than writing everything else; the checker asks them again over its sample.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from functools import cache

from tracker.contracts.rules.means import Means
from tracker.hours.rules.counting import Part, verdict_on
from tracker.vocabulary.dates import Period, format_day

# What the clauses of the seed admit: everything but training, which has a cap of its own.
MEANS = (Means.DIRECT_HIRE, Means.HIRING_OUT, Means.CONTRACTING)
# Dates that nothing bears, in the order in which the sentences say them; the part's own day lies inside all of them.
_APPROVED_ON, _FIRST, _LAST, _OPENS_ON, _CLOSES_ON = _STAND_INS = (
    date(1901, 1, 1),
    date(1902, 1, 1),
    date(1998, 1, 1),
    date(1903, 1, 1),
    date(1999, 1, 1),
)
_A_DAY = date(1950, 6, 1)


def reasons_that_hold(approved_on: date, performance: Period, window: Period, means: Means) -> str:
    """The reasons of hours that count, as JSON on one line."""
    days = (approved_on, performance.first, performance.last, window.first, window.last)
    return _pattern(means) % tuple(_said(day) for day in days if day)


# The same days come back placement after placement.
_said = cache(format_day)


@cache
def _pattern(means: Means) -> str:
    part = Part(
        accepted=Decimal(1),
        first_day=_A_DAY,
        last_day=_A_DAY,
        approved_on=_APPROVED_ON,
        performance=Period(_FIRST, _LAST),
        window=Period(_OPENS_ON, _CLOSES_ON),
        means=means,
        means_allowed=MEANS,
    )
    text = as_json(part).replace("%", "%%")
    for stand_in in _STAND_INS:
        text = text.replace(format_day(stand_in), "%s")
    return text


def as_json(part: Part) -> str:
    """A verdict's reasons as the ledger keeps them."""
    return json.dumps([reason.as_json() for reason in verdict_on(part).reasons], ensure_ascii=False)
