"""What waits for whom, gathered from every room."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from tracker.accounts.queries import Viewer
from tracker.accounts.rules import Role
from tracker.desk.rules import Side, Task
from tracker.plumbing.database import db
from tracker.plumbing.outbox import Message

SIDES = {
    Role.FACILITATOR: Side.FACILITATOR,
    Role.ADMINISTRATOR: Side.FACILITATOR,
    Role.EMPLOYER: Side.EMPLOYER,
    Role.OFFICER: Side.OFFICER,
    Role.PRESCRIBER: Side.PRESCRIBER,
}


def side_of(viewer: Viewer) -> Side | None:
    """The side this viewer acts for; an observer acts for none."""
    return SIDES.get(viewer.role)


def tasks_of(viewer: Viewer, today: date) -> list[Task]:
    """Everything that waits and that this viewer may see."""
    return []


def last_messages(limit: int = 50) -> Sequence[Message]:
    """The last messages written, newest first."""
    return db.session.scalars(select(Message).order_by(Message.id.desc()).limit(limit)).all()
