"""`flask worker`: the process that sends messages and keeps the timetable; `flask messages retry`."""

from datetime import timedelta

import click
from flask import Flask
from sqlalchemy import bindparam, select, text

from tracker.accounts.actions import forget_attempts_before
from tracker.plumbing import clock, delivery, once, queue, sessions, worker
from tracker.plumbing.database import db
from tracker.plumbing.outbox import SEND, Message
from tracker.vocabulary.words import plural

LOOK_FOR_FORGOTTEN = timedelta(minutes=15)
ONCE_A_DAY = timedelta(days=1)
KEEP_FORMS, KEEP_ATTEMPTS = timedelta(days=60), timedelta(days=1)
_HAS_NO_JOB = text("""
    NOT EXISTS (SELECT FROM procrastinate_jobs job WHERE job.task_name = :task AND job.status IN ('todo', 'doing')
                AND job.args ->> 'message_id' = message.id::text)
""").bindparams(bindparam("task", SEND))


def send_message(message_id: int) -> bool:
    """Sends one message, and keeps what happened even when the server refused it; whether it left now."""
    try:
        return delivery.deliver(message_id)
    finally:
        db.session.commit()


def queue_forgotten_messages() -> None:
    """Queues again what waits without a job; a message's row says whether it left, so that it never leaves twice."""
    is_waiting = (Message.sent_at.is_(None), Message.given_up_at.is_(None))
    for message_id in db.session.scalars(select(Message.id).where(*is_waiting, _HAS_NO_JOB).order_by(Message.id)):
        queue.defer(SEND, message_id=message_id)


def retry_given_up_messages() -> int:
    """Gives the messages that were given up all their tries again; how many there were."""
    given_up = db.session.scalars(select(Message).where(Message.given_up_at.is_not(None)).with_for_update()).all()
    for message in given_up:
        message.tries, message.given_up_at = 0, None
    db.session.flush()
    queue_forgotten_messages()
    return len(given_up)


def forget_what_serves_no_more() -> None:
    """Erases old keys of forms and old counters of attempts."""
    now = clock.machine_now()
    once.forget_before(now - KEEP_FORMS)
    forget_attempts_before(now - KEEP_ATTEMPTS)


JOBS = {SEND: send_message}
TIMETABLE = {
    "queue_forgotten_messages": (LOOK_FOR_FORGOTTEN, queue_forgotten_messages),
    "forget_what_serves_no_more": (ONCE_A_DAY, forget_what_serves_no_more),
}


def register(app: Flask) -> None:
    """Adds `flask worker` and `flask messages retry`."""

    @app.cli.command("worker")
    def run_worker() -> None:
        """Run queued jobs and the timetable until stopped."""
        worker.run(app, JOBS, TIMETABLE)

    @app.cli.group("messages")
    def messages() -> None:
        """The messages that the tracker sends."""

    @messages.command("retry")
    def retry() -> None:
        """Send again the messages that were given up."""
        with sessions.acting_as(sessions.Actor("command")):
            count = retry_given_up_messages()
            db.session.commit()
        click.echo(f"{plural(count, 'message')} à envoyer de nouveau")
