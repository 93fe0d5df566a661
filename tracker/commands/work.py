"""`flask worker`: the process that sends messages and keeps the timetable."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from tracker.plumbing import clock, delivery, queue, worker
from tracker.plumbing.database import db
from tracker.plumbing.outbox import Message

# A message that has not left after this long lost its job, or its server was away too long: it is queued again.
FORGOTTEN_AFTER = timedelta(minutes=15)


def send_message(message_id: int) -> None:
    """Sends one message, and keeps what happened even when the server refused it."""
    try:
        delivery.deliver(message_id)
    finally:
        db.session.commit()


def queue_forgotten_messages() -> None:
    """Queues again what should have left; its row says whether it left, so that it never leaves twice."""
    is_waiting = (Message.sent_at.is_(None), Message.given_up_at.is_(None))
    old = Message.created_at < clock.now() - FORGOTTEN_AFTER
    for message_id in db.session.scalars(select(Message.id).where(*is_waiting, old).order_by(Message.id)):
        queue.defer(delivery.SEND, message_id=message_id)


JOBS = {delivery.SEND: send_message}
TIMETABLE = {"queue_forgotten_messages": (FORGOTTEN_AFTER, queue_forgotten_messages)}


def register(app: Flask) -> None:
    """Adds `flask worker`."""

    @app.cli.command("worker")
    def run_worker() -> None:
        """Run queued jobs and the timetable until stopped."""
        worker.run(app, JOBS, TIMETABLE)
