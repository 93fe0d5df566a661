"""Each period of a timetable runs once, whatever the number of schedulers."""

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from tracker.plumbing import clock
from tracker.plumbing.database import Base, Moment, db


class Tick(Base):
    """A period of a job that some scheduler has taken."""

    __tablename__ = "tick"

    job: Mapped[str] = mapped_column(Text, primary_key=True)
    period: Mapped[str] = mapped_column(Text, primary_key=True)
    at: Mapped[Moment]


def take(job: str, period: str) -> bool:
    """Whether this scheduler is the first to take the period, inside the present transaction."""
    row = {"job": job, "period": period, "at": clock.now()}
    return bool(db.session.execute(insert(Tick).values(row).on_conflict_do_nothing().returning(Tick.job)).scalar())
