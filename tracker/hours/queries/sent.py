"""The last hours that an employer sent for a placement."""

from sqlalchemy import select

from tracker.hours.models import HoursLine
from tracker.hours.rules.months import OPEN
from tracker.hours.rules.states import LineState
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Period


def last_days_sent(placement_id: int) -> Period | None:
    """The days of the last line that bears hours, waiting or accepted, or that must be sent again; None without any."""
    waits_or_counts = HoursLine.state.in_((LineState.SUBMITTED, LineState.ACCEPTED)) & (HoursLine.declared_hours > 0)
    is_asked_again = HoursLine.state.in_(tuple(OPEN)) & (HoursLine.version > 0)
    found = db.session.execute(
        select(HoursLine.from_on, HoursLine.to_on)
        .where(HoursLine.placement_id == placement_id, waits_or_counts | is_asked_again)
        .order_by(HoursLine.from_on.desc())
        .limit(1)
    ).one_or_none()
    return Period(*found) if found else None
