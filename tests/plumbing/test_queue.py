"""What a dead worker left under way goes back to the queue, once; what was forgotten is queued again."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import text

from tests import builders as a
from tracker.commands import work
from tracker.plumbing import outbox, queue, sessions
from tracker.plumbing.database import db

NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
DEAD_AFTER = timedelta(seconds=60)


def a_worker(silent_for):
    """A worker of the queue's own table, silent for so many seconds."""
    row = {"at": NOW - timedelta(seconds=silent_for)}
    insert = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (:at) RETURNING id"
    return db.session.scalar(text(insert), row)


def a_job(worker=None, status="doing"):
    queue.defer("send_message", message_id=1)
    change = "UPDATE procrastinate_jobs SET status = CAST(:status AS procrastinate_job_status), worker_id = :worker"
    newest = " WHERE id = (SELECT max(id) FROM procrastinate_jobs)"
    db.session.execute(text(change + newest), {"status": status, "worker": worker})


def statuses():
    return db.session.execute(text("SELECT status::text FROM procrastinate_jobs ORDER BY id")).scalars().all()


@pytest.mark.parametrize(("silent_for", "status"), [(59, "doing"), (60, "doing"), (61, "todo"), (3600, "todo")])
def test_a_job_goes_back_once_its_worker_has_been_silent_too_long(app, silent_for, status):
    a_job(a_worker(silent_for))
    assert queue.take_back_stalled(NOW, DEAD_AFTER) == (status == "todo")
    assert statuses() == [status]


def test_a_job_whose_worker_is_no_more_goes_back(app):
    a_job(None)
    assert queue.take_back_stalled(NOW, DEAD_AFTER) == 1


@pytest.mark.parametrize("status", ["todo", "succeeded", "failed", "cancelled"])
def test_only_what_was_under_way_goes_back(app, status):
    a_job(None, status)
    assert queue.take_back_stalled(NOW, DEAD_AFTER) == 0
    assert statuses() == [status]


def test_two_workers_that_look_at_once_take_each_job_back_once(app):
    for _ in range(20):
        a_job(None)
    db.session.commit()
    taken, together = [], Barrier(4)

    def look():
        with app.app_context(), sessions.acting_as(sessions.Actor("job")):
            together.wait()
            taken.append(queue.take_back_stalled(NOW, DEAD_AFTER))
            db.session.commit()

    threads = [Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(taken) == 20
    assert set(statuses()) == {"todo"}


@pytest.mark.parametrize(("silent_for", "alive"), [(0, 1), (60, 1), (61, 0)])
def test_a_worker_lives_while_it_shows_itself(app, silent_for, alive):
    a_worker(silent_for)
    assert queue.workers_alive(NOW, DEAD_AFTER) == alive


@pytest.mark.parametrize(
    ("job", "message", "is_queued"),
    [
        ("todo", {}, False),
        ("doing", {}, False),
        ("failed", {}, True),
        (None, {}, True),
        (None, {"sent_at": a.NOW}, False),
        (None, {"given_up_at": a.NOW}, False),
    ],
)
def test_a_message_that_waits_without_a_job_is_queued_again(app, job, message, is_queued):
    written = outbox.post("sophie@guerin.example", "Votre accès", "Bonjour")
    for name, value in message.items():
        setattr(written, name, value)
    change = "DELETE FROM procrastinate_jobs" if job is None else f"UPDATE procrastinate_jobs SET status = '{job}'"
    db.session.execute(text(change))
    before = len(statuses())
    work.queue_forgotten_messages()
    work.queue_forgotten_messages()
    assert len(statuses()) - before == is_queued


def test_messages_that_were_given_up_may_be_tried_again(app):
    given_up = outbox.post("sophie@guerin.example", "Votre accès", "Bonjour")
    given_up.tries, given_up.given_up_at = 16, a.NOW
    sent = outbox.post("claire@dept.example", "Une déclaration", "Bonjour")
    sent.tries, sent.sent_at = 1, a.NOW
    db.session.execute(text("DELETE FROM procrastinate_jobs"))
    db.session.commit()
    answer = app.test_cli_runner().invoke(args=["messages", "retry"])
    assert answer.output == "1\u00a0message à envoyer de nouveau\n"
    db.session.expire_all()
    assert (given_up.tries, given_up.given_up_at) == (0, None)
    assert (sent.tries, sent.sent_at) == (1, a.NOW)
    assert db.session.execute(text("SELECT args FROM procrastinate_jobs")).scalars().all() == [
        {"message_id": given_up.id}
    ]
