"""A form sent twice acts once, even at the same moment; when the first fails, the second may act."""

from threading import Barrier, Event, Thread

import pytest
from sqlalchemy import text

from tracker.plumbing import once, sessions
from tracker.plumbing.database import db

SECONDS = 10
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


@pytest.fixture
def apart(app):
    """Runs what it is given in a thread, with a session and an author of its own; `join` waits for all."""
    threads, failures = [], []

    def run(act, *arguments):
        def alone():
            try:
                with app.app_context(), sessions.acting_as(sessions.Actor("command")):
                    act(*arguments)
            except Exception as failure:
                failures.append(failure)

        threads.append(Thread(target=alone))
        threads[-1].start()

    def join():
        for thread in threads:
            thread.join(SECONDS)
        assert failures == []

    run.join = join
    return run


def until_somebody_waits():
    pause = Event()
    for _ in range(SECONDS * 50):
        count = db.session.execute(text(WAITING)).scalar_one()
        db.session.rollback()
        if count:
            return
        pause.wait(0.02)
    pytest.fail("nobody waits for the first sender")


def test_eight_senders_of_one_form_act_once_and_are_led_to_the_same_page(apart):
    together, acted, led_to = Barrier(8), [], []

    def send(number):
        together.wait()
        location = once.claim("form-1")
        if location is None:
            acted.append(number)
            location = f"/page/{number}"
            once.remember("form-1", location)
        db.session.commit()
        led_to.append(location)

    for number in range(8):
        apart(send, number)
    apart.join()
    assert len(acted) == 1
    assert led_to == [f"/page/{acted[0]}"] * 8


@pytest.mark.parametrize(("fails", "second"), [(False, "/page/1"), (True, None)])
def test_the_second_waits_for_the_first_and_acts_only_when_it_failed(apart, fails, second):
    claimed, go_on, told = Event(), Event(), []

    def first():
        assert once.claim("form-1") is None
        once.remember("form-1", "/page/1")
        db.session.flush()
        claimed.set()
        go_on.wait(SECONDS)
        if fails:
            db.session.rollback()
        else:
            db.session.commit()

    def then():
        told.append(once.claim("form-1"))
        db.session.commit()

    apart(first)
    assert claimed.wait(SECONDS)
    apart(then)
    until_somebody_waits()
    assert told == []
    go_on.set()
    apart.join()
    assert told == [second]


def test_two_forms_act_each(app):
    assert once.claim("form-1") is None
    assert once.claim("form-2") is None
