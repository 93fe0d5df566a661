"""The time is asked in one place; the demonstration may stand on a fixed day."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from tracker.plumbing import clock

DAY = date(2026, 3, 12)


@pytest.fixture(autouse=True)
def _calendar():
    yield
    clock.stand_on(None)


def at(*moment):
    return time_machine.travel(datetime(*moment, tzinfo=UTC), tick=False)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ((2026, 1, 15, 22, 59), date(2026, 1, 15)),
        ((2026, 1, 15, 23, 0), date(2026, 1, 16)),
        ((2026, 7, 15, 21, 59), date(2026, 7, 15)),
        ((2026, 7, 15, 22, 0), date(2026, 7, 16)),
        ((2026, 12, 31, 23, 0), date(2027, 1, 1)),
    ],
)
def test_the_civil_day_is_the_one_of_paris(moment, day):
    with at(*moment):
        assert clock.today() == day
        assert clock.now() == datetime(*moment, tzinfo=UTC)


@pytest.mark.parametrize("hour", [0, 1, 2, 12, 21, 22, 23])
@pytest.mark.parametrize("month", [1, 7])
def test_on_a_fixed_day_the_moment_falls_on_that_day_at_any_hour(hour, month):
    clock.stand_on(DAY)
    with at(2026, month, 20, hour, 30):
        moment = clock.now()
        assert clock.today() == moment.astimezone(clock.PARIS).date() == DAY
        present = datetime(2026, month, 20, hour, 30, tzinfo=UTC).astimezone(clock.PARIS)
        assert moment.astimezone(clock.PARIS).time() == present.time()
        assert moment.tzinfo is UTC


def test_machines_keep_the_real_time_on_a_fixed_day():
    clock.stand_on(DAY)
    with at(2026, 11, 22, 8):
        assert clock.machine_now() == datetime(2026, 11, 22, 8, tzinfo=UTC)


def test_the_calendar_goes_on_once_the_day_is_let_go():
    clock.stand_on(DAY)
    clock.stand_on(None)
    with at(2026, 11, 22, 8):
        assert clock.today() == date(2026, 11, 22)
