"""A form sent twice acts once: each form carries a key, and the first to write it wins."""

from datetime import datetime

from sqlalchemy import Text, delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from tracker.plumbing import clock
from tracker.plumbing.database import Base, Moment, db


class Submission(Base):
    """A form that acted, and the page its sender was led to."""

    __tablename__ = "submission"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    location: Mapped[str]
    at: Mapped[Moment]


def claim(key: str) -> str | None:
    """Takes a form's key inside the present transaction.

    None when it is free, and this sender acts. Otherwise the address the first one was led to: a sender who comes at
    the same moment waits here until the first has committed; when that one is rolled back, the key is free again.
    """
    taken = db.session.execute(
        insert(Submission)
        .values(key=key, location="", at=clock.now())
        .on_conflict_do_nothing()
        .returning(Submission.key)
    ).scalar()
    return None if taken else db.session.get_one(Submission, key).location


def remember(key: str, location: str) -> None:
    """Keeps where the sender of this key was led."""
    db.session.get_one(Submission, key).location = location


def forget_before(moment: datetime) -> None:
    """Erases the forms that acted before: no page stays open that long."""
    db.session.execute(delete(Submission).where(Submission.at < moment))
