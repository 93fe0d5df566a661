"""When a placement may end early, when it may be renewed: both sides of each bound."""

from dataclasses import replace
from datetime import date

import pytest

from tracker.placements.rules.periods import (
    Ending,
    EndReason,
    Standing,
    days_after,
    days_at_first,
    objections_to_end,
    objections_to_renewal,
)
from tracker.vocabulary.dates import Period

TODAY = date(2026, 4, 8)
START, END = date(2025, 9, 15), date(2026, 6, 14)
STANDING = Standing(Period(START, END))
OPEN = Standing(Period(START))
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
LEFT = Ending(date(2026, 4, 3), EndReason.DEPARTURE)


def codes(found) -> list[tuple[str, str]]:
    return [(one.code, one.field) for one in found if one.blocks]


ENDINGS = (
    (START, STANDING, None, None, "a single day worked"),
    (date(2025, 9, 14), STANDING, None, "ends_before_start", "the day before the first"),
    (date(2026, 6, 7), STANDING, None, None, "announced 60 days ahead"),
    (date(2026, 6, 8), STANDING, None, "announced_too_early", "announced 61 days ahead"),
    (date(2026, 6, 7), OPEN, None, None, "an open end, 60 days ahead"),
    (date(2026, 6, 8), OPEN, None, "announced_too_early", "an open end, 61 days ahead"),
    (date(2026, 4, 29), Standing(Period(START, date(2026, 4, 30))), None, None, "a day before the agreed end"),
    (date(2026, 4, 30), Standing(Period(START, date(2026, 4, 30))), None, "not_earlier", "the agreed end itself"),
    (date(2026, 5, 1), Standing(Period(START, date(2026, 4, 30))), None, "not_earlier", "a day after it"),
    (date(2026, 3, 1), STANDING, MARCH, None, "within the month last sent"),
    (date(2026, 2, 28), STANDING, MARCH, "hours_after_end", "the day before the hours sent"),
    (date(2026, 2, 28), STANDING, None, None, "no hours sent"),
)


@pytest.mark.parametrize(("day", "standing", "last_sent", "code", "why"), ENDINGS, ids=[row[-1] for row in ENDINGS])
def test_an_early_end_stays_within_its_bounds(day, standing, last_sent, code, why) -> None:
    found = objections_to_end(replace(LEFT, ends_on=day), standing, TODAY, last_sent)
    assert codes(found) == ([(code, "ends_on")] if code else []), why


def test_hours_sent_after_the_end_are_named_by_their_month() -> None:
    (found,) = objections_to_end(replace(LEFT, ends_on=date(2026, 2, 27)), STANDING, TODAY, MARCH)
    assert "mars 2026" in found.text
    assert "à partir du 01/03/2026" in found.text


def test_an_end_wants_its_day_and_its_reason_at_once() -> None:
    assert codes(objections_to_end(Ending(), STANDING, TODAY)) == [
        ("reason_missing", "reason"),
        ("end_missing", "ends_on"),
    ]


def test_no_reason_speaks_of_health_or_of_private_life() -> None:
    said = " ".join(reason.label for reason in EndReason).lower()
    assert len(EndReason) == 6
    assert not any(word in said for word in ("santé", "maladie", "inaptitude", "famil", "démission", "faute"))


RENEWALS = (
    (date(2026, 6, 14), STANDING, "not_later", "ends_on", "the same end"),
    (date(2026, 6, 15), STANDING, None, "", "one day more"),
    (None, STANDING, "end_missing", "ends_on", "no day"),
    (date(2026, 9, 1), OPEN, "nothing_to_renew", "", "a contract without an end"),
    (date(2026, 9, 1), replace(STANDING, is_refused=True), "placement_refused", "", "a refused placement"),
    (date(2036, 4, 15), STANDING, None, "", "3 660 days ahead"),
    (date(2036, 4, 16), STANDING, "year_mistyped", "ends_on", "3 661 days ahead"),
)


@pytest.mark.parametrize(("day", "standing", "code", "field", "why"), RENEWALS, ids=[row[-1] for row in RENEWALS])
def test_a_renewal_ends_after_the_present_end(day, standing, code, field, why) -> None:
    assert codes(objections_to_renewal(day, standing, TODAY)) == ([(code, field)] if code else []), why


def test_a_refused_placement_does_not_end() -> None:
    found = objections_to_end(LEFT, replace(STANDING, is_refused=True), TODAY)
    assert codes(found) == [("placement_refused", "")]


def test_the_days_first_agreed_are_those_before_the_first_change() -> None:
    now = Period(START, date(2026, 9, 14))
    assert days_at_first(now, []) == now
    assert days_at_first(now, [END, date(2026, 7, 1)]) == Period(START, END)
    assert days_at_first(now, [None]) == Period(START)


def test_a_renewal_adds_the_days_after_the_end_it_puts_off() -> None:
    assert days_after(END, date(2026, 6, 15)) == Period(date(2026, 6, 15), date(2026, 6, 15))
