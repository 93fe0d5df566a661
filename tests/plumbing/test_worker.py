"""A real worker: messages leave within seconds, nothing is lost when one is killed, and it stops when told to."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import psutil
import pytest
from procrastinate.jobs import Job
from sqlalchemy import text

from tests.plumbing import mail
from tracker.plumbing import outbox, worker
from tracker.plumbing.database import db
from tracker.plumbing.delivery import MAX_TRIES

ROOT = Path(__file__).parents[2]
SECONDS = 60


@pytest.fixture
def mailbox():
    """A mail server's box; whatever it still holds is let go at the end."""
    box = mail.Mailbox()
    server = mail.started(box)
    box.port = server.port
    yield box
    box.release.set()
    server.stop(no_assert=True)


@pytest.fixture
def hired(app, mailbox, tmp_path):
    """Starts `flask worker` as a process of its own; none is left at the end."""
    processes = []
    settings = {
        "TRACKER_MODE": "test",
        "DATABASE_URL": app.config["DATABASE_URL"],
        "INSTANCE_PATH": str(tmp_path),
        "SECRET_KEY": "only-for-tests",
        "MAIL_URL": f"smtp://127.0.0.1:{mailbox.port}",
        "MAIL_TIMEOUT": str(mail.SECONDS),
        "WORKER_DEAD_AFTER": "1.5",
        "FLASK_APP": "wsgi:app",
    }

    def hire():
        log = (tmp_path / f"worker-{len(processes)}.log").open("w+")
        command = [sys.executable, "-m", "flask", "worker"]
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, stdout=log, stderr=log)
        processes.append((process, log))
        return process

    hire.log = lambda: Path(processes[0][1].name).read_text()
    yield hire
    for process, log in processes:
        process.kill()
        process.wait()
        log.close()


def eventually(question, expected=True):
    """Asks the database, until it answers so or the deadline passes; the last answer."""
    limit, pause = time.monotonic() + SECONDS, Event()
    while (answer := ask(question)) != expected and time.monotonic() < limit:
        pause.wait(0.05)
    return answer


def ask(question):
    answer = db.session.execute(text(question)).scalar()
    db.session.rollback()
    return answer


def talks_to(process, port):
    return any(one.raddr and one.raddr.port == port for one in psutil.Process(process.pid).net_connections())


def post():
    message = outbox.post("sophie@guerin.example", "Votre accès", "Bonjour")
    db.session.commit()
    return message


ALL_SENT = "SELECT bool_and(sent_at IS NOT NULL) FROM message"
JOBS_LEFT = "SELECT count(*) FROM procrastinate_jobs"
WORKERS = "SELECT count(*) FROM procrastinate_workers"


def test_a_worker_sends_tries_again_and_told_to_stop_finishes_its_letter_first(hired, mailbox):
    mailbox.answers = ["451 try later"]
    message = post()
    process = hired()
    assert eventually(ALL_SENT)
    assert message.tries == 2
    assert [letter["Message-ID"] for letter in mailbox.heard] == [message.message_id] * 2
    assert eventually(JOBS_LEFT, 0) == 0

    mailbox.answers = ["hold"]
    post()
    assert mailbox.holds.wait(SECONDS)
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGTERM)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.5)
    mailbox.release.set()
    assert process.wait(10) == 0
    assert ask(ALL_SENT)
    assert ask(JOBS_LEFT) == 0
    assert not any(child.is_running() for child in children)
    assert ask(WORKERS) == 0
    assert "job failed" in hired.log()
    assert "sophie" not in hired.log()


def test_nothing_is_lost_when_a_worker_is_killed_while_sending(hired, mailbox):
    mailbox.answers = ["hold"]
    message = post()
    workers = [hired(), hired()]
    assert mailbox.holds.wait(SECONDS)
    assert eventually(WORKERS, 2) == 2
    (sending,) = [process for process in workers if talks_to(process, mailbox.port)]
    sending.send_signal(signal.SIGKILL)
    sending.wait()
    assert eventually(ALL_SENT)
    assert [letter["Message-ID"] for letter in mailbox.heard] == [message.message_id] * 2
    assert len(mailbox.letters) == 1
    assert eventually(JOBS_LEFT, 0) == 0


@pytest.mark.soak
@pytest.mark.parametrize("kill", range(20))
def test_nothing_is_lost_whatever_the_number_of_kills(hired, mailbox, kill):
    test_nothing_is_lost_when_a_worker_is_killed_while_sending(hired, mailbox)


@pytest.mark.parametrize(("tried", "seconds"), [(0, 2), (1, 4), (10, 2048), (11, 3600), (MAX_TRIES - 1, 3600)])
def test_the_more_it_failed_the_longer_it_waits_an_hour_at_most(tried, seconds):
    now = datetime.now(UTC)
    decision = worker.Patience().get_retry_decision(exception=OSError(), job=a_job(tried))
    assert decision.retry_at - now >= timedelta(seconds=seconds)
    assert decision.retry_at - now < timedelta(seconds=seconds + 5)


def test_it_ends_after_so_many_tries():
    assert worker.Patience().get_retry_decision(exception=OSError(), job=a_job(MAX_TRIES)) is None


def a_job(attempts):
    return Job(id=1, queue="default", lock=None, queueing_lock=None, task_name="send_message", attempts=attempts)
