"""Each period runs once, whatever the number of schedulers, and again when it failed."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Lock, Thread

import pytest
import time_machine
from sqlalchemy import select

from tracker.plumbing import clock, sessions, worker
from tracker.plumbing.database import db
from tracker.plumbing.ticks import Tick

DAY = timedelta(days=1)
NOON = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)


def ticks():
    return db.session.execute(select(Tick.job, Tick.period)).all()


def test_eight_schedulers_at_once_run_each_period_once(app):
    together, counting, runs, firsts = Barrier(8), Lock(), [], []

    def schedule():
        with app.app_context(), sessions.acting_as(sessions.Actor("job")):
            act = worker.once_a_period("remind", DAY, lambda: runs.append(1))
            together.wait()
            is_first = act()
            with counting:
                firsts.append(is_first)

    threads = [Thread(target=schedule) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(runs) == 1
    assert sorted(firsts) == [False] * 7 + [True]
    assert len(ticks()) == 1


@pytest.mark.parametrize(
    ("later", "runs"),
    [
        (timedelta(0), 1),
        (timedelta(hours=11, minutes=59), 1),
        (timedelta(hours=12), 2),
        (timedelta(hours=35, minutes=59), 2),
    ],
)
def test_a_period_begins_on_the_stroke(app, later, runs):
    done = []
    act = worker.once_a_period("remind", DAY, lambda: done.append(1))
    with time_machine.travel(NOON, tick=False) as traveller:
        act()
        traveller.shift(later)
        act()
    assert len(done) == runs


def test_two_jobs_have_each_their_periods(app):
    done = []
    worker.once_a_period("remind", DAY, lambda: done.append("remind"))()
    worker.once_a_period("count", DAY, lambda: done.append("count"))()
    assert done == ["remind", "count"]


def test_a_period_whose_job_failed_is_free_again(app):
    def fail():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        worker.once_a_period("remind", DAY, fail)()
    db.session.rollback()
    assert ticks() == []
    done = []
    assert worker.once_a_period("remind", DAY, lambda: done.append(1))()
    assert done == [1]


def test_a_fixed_day_does_not_stop_the_timetable(app):
    """The demonstration stands on one day; what the worker did yesterday it does again today."""
    clock.stand_on(NOON.date())
    done = []
    act = worker.once_a_period("remind", DAY, lambda: done.append(1))
    with time_machine.travel(NOON, tick=False) as traveller:
        act()
        traveller.shift(DAY)
        act()
    assert len(done) == 2
