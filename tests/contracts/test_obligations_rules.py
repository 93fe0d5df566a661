"""Hours due: events, formulas, and what was expected by a day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.contracts.rules.obligations import (
    Bracket,
    Event,
    EventKind,
    change_to_reach,
    due_on,
    expected_on,
    fixed_hours,
    hours_from_amount,
    hours_from_invoices,
    hours_from_schedule,
    hours_from_share,
    in_days,
    in_fte,
    objections_to_event,
    steps_of_amount,
    suspensions_of,
)
from tracker.vocabulary.dates import Period

D = Decimal
N = "\u00a0"
NOTIFIED = Event(EventKind.NOTIFIED, date(2026, 1, 15), D(1500))
hours = st.decimals(0, 100_000, places=2)
days = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("day", "due", "why"),
    [
        (date(2026, 1, 14), 0, "the day before the notification"),
        (date(2026, 1, 15), 1500, "that very day"),
        (date(2026, 5, 31), 1500, "before the tranche"),
        (date(2026, 6, 1), 1900, "tranche affirmed"),
        (date(2026, 9, 1), 1850, "a credit note takes hours away"),
        (date(2030, 1, 1), 1850, "a cancelled amendment counts for nothing"),
    ],
)
def test_hours_due_are_what_the_events_give_up_to_the_day(day: date, due: int, why: str) -> None:
    events = [
        NOTIFIED,
        Event(EventKind.TRANCHE_AFFIRMED, date(2026, 6, 1), D(400)),
        Event(EventKind.SUSPENSION, date(2026, 7, 1)),
        Event(EventKind.ORDER_CREDITED, date(2026, 9, 1), D(-50)),
        Event(EventKind.HOURS_AMENDMENT, date(2026, 10, 1), D(1000), is_cancelled=True),
    ]
    assert due_on(events, day) == due, why


def test_nothing_is_due_without_events() -> None:
    assert due_on([], date(2026, 1, 1)) == 0


def test_a_termination_sets_what_remains_due() -> None:
    ended = date(2026, 8, 1)
    change = change_to_reach([NOTIFIED], ended, D(900))
    assert change == -600
    assert due_on([NOTIFIED, Event(EventKind.TERMINATION, ended, change)], ended) == 900


@given(st.lists(st.tuples(days, hours), max_size=12), days)
def test_hours_due_do_not_depend_on_the_order_of_the_list(rows: list[tuple[date, D]], day: date) -> None:
    events = [Event(EventKind.ORDER_INVOICED, on, given_hours) for on, given_hours in rows]
    assert due_on(events, day) == due_on(reversed(events), day)


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (Event(EventKind.HOURS_AMENDMENT, date(2026, 5, 1)), "event_hours_missing"),
        (Event(EventKind.SUSPENSION, date(2026, 5, 1), D(10)), "event_bears_no_hours"),
        (Event(EventKind.ORDER_CREDITED, date(2026, 5, 1), D("-1500.01")), "event_below_zero"),
    ],
)
def test_an_event_that_makes_no_sense_is_refused(event: Event, code: str) -> None:
    assert [objection.code for objection in objections_to_event(event, [NOTIFIED])] == [code]


@pytest.mark.parametrize(
    "event",
    [
        Event(EventKind.HOURS_AMENDMENT, date(2026, 5, 1), D(-1500)),
        Event(EventKind.TRANCHE_LAPSED, date(2026, 5, 1), D(0)),
        Event(EventKind.RESUMPTION, date(2026, 5, 1)),
        Event(EventKind.RENEWAL, date(2026, 5, 1), D(200)),
    ],
)
def test_an_event_down_to_zero_is_taken(event: Event) -> None:
    assert objections_to_event(event, [NOTIFIED]) == []


@pytest.mark.parametrize(
    ("amount", "labour", "effort", "cost", "due"),
    [
        (1_000_000, "0.50", "0.05", 30, 833),
        (1_500_000, "0.70", "0.10", 30, 3500),
        (0, "0.50", "0.05", 30, 0),
        (1199, "0.50", "0.05", 30, 0),
        (1200, "0.50", "0.05", 30, 1),
    ],
)
def test_hours_from_an_amount_are_whole_and_never_rounded_up(
    amount: int, labour: str, effort: str, cost: int, due: int
) -> None:
    assert hours_from_amount(D(amount), D(labour), D(effort), D(cost)) == due


def test_an_hour_costs_something() -> None:
    with pytest.raises(ValueError, match="costs"):
        hours_from_amount(D(1000), D("0.5"), D("0.05"), D(0))


def test_the_sum_of_an_amount_shows_each_of_its_lines() -> None:
    steps = steps_of_amount(D(1_000_000), D("0.50"), D("0.05"), D(30))
    assert [step.text for step in steps] == [
        f"1{N}000{N}000,00{N}€",
        f"50{N}%",
        f"500{N}000,00{N}€",
        f"5{N}%",
        f"25{N}000,00{N}€",
        f"30,00{N}€ par heure",
        f"833{N}h",
    ]


def test_a_percent_that_is_not_whole_keeps_its_decimals() -> None:
    assert steps_of_amount(D(1000), D("0.275"), D("0.05"), D(30))[1].text == f"27,50{N}%"


@pytest.mark.parametrize(
    ("invoiced", "due", "why"),
    [
        (["2699999"], 0, "below the threshold"),
        (["2700000"], 0, "at the threshold"),
        (["2701999"], 0, "a slice not whole"),
        (["2702000"], 1, "the first whole slice"),
        (["2900000"], 100, "EPEC"),
        (["3000000"], 150, "EPEC"),
        (["3000000", "-100000"], 100, "a credit note is deducted"),
    ],
)
def test_an_hour_is_due_for_every_slice_invoiced(invoiced: list[str], due: int, why: str) -> None:
    assert hours_from_invoices(map(D, invoiced), D(2000), D(2_700_000)) == due, why


def test_a_share_of_the_hours_worked_is_kept_to_the_hundredth() -> None:
    assert hours_from_share(D(12_345), D("0.05")) == D("617.25")


SCHEDULE = tuple(Bracket(D(euros), D(due)) for euros, due in ((1, 150), (100_000, 300), (200_000, 450), (400_000, 900)))


@pytest.mark.parametrize(
    ("amount", "due"),
    [("0.99", 0), ("1", 150), ("99999.99", 150), ("100000", 300), ("199999", 300), ("200000", 450), ("400000", 900)],
)
def test_a_schedule_gives_the_hours_of_its_bracket(amount: str, due: int) -> None:
    assert hours_from_schedule(D(amount), SCHEDULE) == due
    assert hours_from_schedule(D(amount), SCHEDULE[::-1]) == due


@pytest.mark.parametrize(("offered", "due"), [(None, 1000), ("999.99", 1000), ("1000.01", "1000.01")])
def test_the_offer_binds_when_it_is_higher(offered: str | None, due: str | int) -> None:
    assert fixed_hours(D(1000), D(offered) if offered else None) == D(due)


def test_hours_are_said_in_days_and_in_full_time_years() -> None:
    assert in_days(D(1500)) == D("214.29")
    assert in_fte(D(1607), 1607) == 1
    assert in_fte(D(25_124_684), D(1600)).to_integral_value() == 15_703


JANUARY = (date(2026, 1, 1), date(2026, 1, 31))


@pytest.mark.parametrize(
    ("day", "expected", "why"),
    [
        (date(2025, 12, 31), "0", "before the start of performance"),
        (date(2026, 1, 1), "10", "one day of 31"),
        (date(2026, 1, 10), "100", "ten days"),
        (date(2026, 1, 30), "300", "the day before the end"),
        (date(2026, 1, 31), "310", "all on the last day"),
        (date(2027, 1, 1), "310", "and after it"),
    ],
)
def test_expected_hours_run_straight_from_start_to_end(day: date, expected: str, why: str) -> None:
    assert expected_on(D(310), *JANUARY, day) == D(expected), why


def test_expected_hours_stop_while_suspended() -> None:
    stopped = [Period(date(2026, 1, 11), date(2026, 1, 20))]
    assert expected_on(D(210), *JANUARY, date(2026, 1, 10), stopped) == 100
    assert expected_on(D(210), *JANUARY, date(2026, 1, 20), stopped) == 100
    assert expected_on(D(210), *JANUARY, date(2026, 1, 21), stopped) == 110
    assert expected_on(D(210), *JANUARY, date(2026, 1, 31), stopped) == 210
    assert expected_on(D(210), *JANUARY, date(2026, 1, 20), [Period(*JANUARY)]) == 0


@pytest.mark.parametrize(
    ("due", "starts_on", "ends_on"),
    [
        (None, *JANUARY),
        (D(1), None, date(2026, 1, 31)),
        (D(1), date(2026, 1, 1), None),
        (D(1), date(2026, 2, 1), date(2026, 1, 31)),
    ],
)
def test_nothing_is_expected_of_unknown_dates(due: D | None, starts_on: date | None, ends_on: date | None) -> None:
    assert expected_on(due, starts_on, ends_on, date(2026, 1, 10)) is None


@given(hours, days, st.integers(0, 1500), days, days)
def test_expected_hours_never_go_down_nor_above_the_dues(
    due: D, starts_on: date, length: int, one: date, other: date
) -> None:
    ends_on = starts_on + timedelta(days=length)
    sooner, later = (expected_on(due, starts_on, ends_on, day) for day in sorted((one, other)))
    assert sooner is not None
    assert later is not None
    assert 0 <= sooner <= later <= due


def test_suspensions_run_until_the_day_before_resumption() -> None:
    events = [
        Event(EventKind.RESUMPTION, date(2026, 5, 1)),
        Event(EventKind.SUSPENSION, date(2026, 3, 1)),
        Event(EventKind.SUSPENSION, date(2026, 3, 5)),
        Event(EventKind.SUSPENSION, date(2026, 6, 1), is_cancelled=True),
        Event(EventKind.SUSPENSION, date(2026, 9, 1)),
    ]
    assert suspensions_of(events) == [Period(date(2026, 3, 1), date(2026, 4, 30)), Period(date(2026, 9, 1))]
    same_day = [Event(EventKind.SUSPENSION, date(2026, 3, 1)), Event(EventKind.RESUMPTION, date(2026, 3, 1))]
    assert suspensions_of(same_day) == []
