"""Messages to send, written in the transaction that decides them; a worker delivers each one.

A row carries its own Message-ID: should a worker die between the server's answer and our commit, the second sending
bears the same, and mailboxes show it once.
"""

import re
from datetime import datetime
from email.utils import make_msgid

from flask import current_app
from sqlalchemy import CheckConstraint, Index, SmallInteger, Text, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.plumbing import clock, queue
from tracker.plumbing.database import Base, Moment, db

SEND = "send_message"
_SECRET = re.compile(r"/lien/[\w-]+")


class Message(Base):
    """A message to one address. Outside the demo its body is forgotten once it has left: it may carry a link."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_about", "about_kind", "about_id"),
        Index("ix_message_waiting", "id", postgresql_where=text("sent_at IS NULL AND given_up_at IS NULL")),
        CheckConstraint("recipient ~ '.@.'", name="recipient_is_an_address"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(Text, unique=True)
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    about_kind: Mapped[str] = mapped_column(Text, default="")
    about_id: Mapped[int | None]
    created_at: Mapped[Moment]
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]


def post(recipient: str, subject: str, body: str, about: tuple[str, int | None] = ("", None)) -> Message:
    """Writes a message and the job that sends it: both leave once the present transaction commits.

    A subject is one line, whatever was typed in the names it bears.
    """
    message = Message(
        message_id=make_msgid(domain=current_app.config["MAIL_FROM"].rpartition("@")[2]),
        recipient=recipient,
        subject=re.sub(r"[\r\n\t]+", " ", subject),
        body=body,
        about_kind=about[0],
        about_id=about[1],
        created_at=clock.now(),
    )
    db.session.add(message)
    db.session.flush()
    queue.defer(SEND, message_id=message.id)
    return message


def counts() -> dict[str, int]:
    """How many messages wait to leave, and how many were given up."""
    given_up, sent = Message.given_up_at.is_not(None), Message.sent_at.is_not(None)
    row = db.session.execute(select(func.count().filter(~given_up, ~sent), func.count().filter(given_up))).one()
    return {"waiting": row[0], "given_up": row[1]}


def without_links(body: str) -> str:
    """The same text without the secret of any access link: whoever reads one enters as somebody else."""
    return _SECRET.sub("/lien/…", body)
