"""Months and periods, as the calendar and the French read them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.vocabulary.dates import DAY, Month, Period, age_on, format_day, months_later

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    first = draw(days)
    return Period(first, first + timedelta(days=draw(st.integers(0, 900))))


@pytest.mark.parametrize(
    ("month", "added", "expected"),
    [
        (Month(2026, 3), 1, Month(2026, 4)),
        (Month(2026, 12), 1, Month(2027, 1)),
        (Month(2026, 1), -1, Month(2025, 12)),
        (Month(2026, 1), -13, Month(2024, 12)),
        (Month(2026, 6), 0, Month(2026, 6)),
        (Month(2026, 6), 30, Month(2028, 12)),
    ],
)
def test_months_are_added_across_years(month: Month, added: int, expected: Month) -> None:
    assert month + added == expected
    assert expected - added == month


@pytest.mark.parametrize(
    ("month", "last"),
    [
        (Month(2026, 2), date(2026, 2, 28)),
        (Month(2028, 2), date(2028, 2, 29)),
        (Month(2026, 12), date(2026, 12, 31)),
    ],
)
def test_a_month_ends_on_its_last_day(month: Month, last: date) -> None:
    assert month.last_day == last
    assert last in month.period
    assert last + DAY not in month.period


@pytest.mark.parametrize("text", ["2026-3", "2026-13", "2026-00", "26-03", "mars 2026", "", "2026-03-01", "٢٠٢٦-٠٣"])
def test_only_a_year_and_a_month_are_read(text: str) -> None:
    with pytest.raises(ValueError, match="month"):
        Month.parse(text)


@given(days)
def test_a_month_is_read_as_it_is_written(day: date) -> None:
    month = Month.of(day)
    assert Month.parse(str(month)) == month
    assert day in month.period


def test_months_speak_french() -> None:
    assert Month(2026, 3).in_french == "mars 2026"
    assert Month(2026, 8).name == "août"


@pytest.mark.parametrize(
    ("day", "months", "expected", "why"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28), "a shorter month ends earlier"),
        (date(2028, 1, 31), 1, date(2028, 2, 29), "a leap February has one day more"),
        (date(2026, 3, 12), 24, date(2028, 3, 12), "the anniversary"),
        (date(2026, 3, 31), -1, date(2026, 2, 28), "backwards too"),
    ],
)
def test_months_later_is_the_same_day_or_the_last(day: date, months: int, expected: date, why: str) -> None:
    assert months_later(day, months) == expected, why


@pytest.mark.parametrize(
    ("born_on", "day", "years"),
    [
        (date(2000, 3, 12), date(2026, 3, 11), 25),
        (date(2000, 3, 12), date(2026, 3, 12), 26),
        (date(2000, 2, 29), date(2025, 2, 28), 24),
        (date(2000, 2, 29), date(2025, 3, 1), 25),
        (date(2000, 2, 29), date(2024, 2, 29), 24),
    ],
)
def test_age_changes_on_the_birthday(born_on: date, day: date, years: int) -> None:
    assert age_on(born_on, day) == years


def test_a_period_cannot_end_before_it_begins() -> None:
    assert Period(date(2026, 3, 1), date(2026, 3, 1)).days == 1
    with pytest.raises(ValueError, match="before it begins"):
        Period(date(2026, 3, 2), date(2026, 3, 1))


def test_an_open_period_has_neither_days_nor_last_month() -> None:
    open_one = Period(date(2026, 3, 1))
    assert date(2100, 1, 1) in open_one
    with pytest.raises(ValueError, match="open"):
        _ = open_one.days
    with pytest.raises(ValueError, match="open"):
        list(open_one.months())


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (
            Period(date(2026, 3, 1), date(2026, 3, 31)),
            Period(date(2026, 3, 31)),
            Period(date(2026, 3, 31), date(2026, 3, 31)),
        ),
        (Period(date(2026, 3, 1), date(2026, 3, 30)), Period(date(2026, 3, 31)), None),
        (Period(date(2026, 3, 1)), Period(date(2026, 4, 1)), Period(date(2026, 4, 1))),
    ],
)
def test_periods_meet_on_the_days_they_share(one: Period, other: Period, shared: Period | None) -> None:
    assert one.meets(other) == shared
    assert other.meets(one) == shared


def test_a_period_covers_what_lies_within_it() -> None:
    march = Month(2026, 3).period
    assert march.covers(Period(date(2026, 3, 1), date(2026, 3, 31)))
    assert not march.covers(Period(date(2026, 3, 1), date(2026, 4, 1)))
    assert not march.covers(Period(date(2026, 3, 1)))
    assert Period(date(2026, 1, 1)).covers(Period(date(2026, 3, 1)))


@given(periods(), st.lists(days, max_size=5))
def test_pieces_of_a_period_make_it_whole_again(period: Period, bounds: list[date]) -> None:
    pieces = period.cut_at(bounds)
    assert sum(piece.days for piece in pieces) == period.days
    assert pieces[0].first == period.first
    assert pieces[-1].last == period.last
    assert [piece.first for piece in pieces[1:]] == [piece.last + DAY for piece in pieces[:-1] if piece.last]


@given(periods(), periods())
def test_shared_days_are_in_both(one: Period, other: Period) -> None:
    shared = one.meets(other)
    assert shared == other.meets(one)
    if shared:
        assert one.covers(shared)
        assert other.covers(shared)


def test_a_period_lists_every_month_it_touches() -> None:
    touched = Period(date(2025, 12, 31), date(2026, 2, 1)).months()
    assert list(touched) == [Month(2025, 12), Month(2026, 1), Month(2026, 2)]


def test_days_and_periods_are_said_in_french() -> None:
    assert format_day(date(2026, 3, 1)) == "01/03/2026"
    assert Period(date(2026, 3, 1), date(2026, 3, 11)).in_french == "du 01/03/2026 au 11/03/2026"
    assert Period(date(2026, 3, 1)).in_french == "à partir du 01/03/2026"
