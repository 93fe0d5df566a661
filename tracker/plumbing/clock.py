"""The one place where the time is asked; everybody else is told.

The demonstration may stand on a fixed day (`AS_OF`), so that its pictures stay the same.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
_as_of: list[date] = []


def stand_on(day: date | None) -> None:
    """Fixes today for this process, or lets it go with the calendar again (None)."""
    _as_of[:] = [day] if day else []


def machine_now() -> datetime:
    """This moment in UTC, even on a fixed day: for heartbeats, timetables and what only machines compare."""
    return datetime.now(UTC)


def now() -> datetime:
    """This moment, in UTC; on a fixed day, that day at the present hour of Paris, so that `today` agrees."""
    moment = machine_now()
    if not _as_of:
        return moment
    return datetime.combine(_as_of[0], moment.astimezone(PARIS).time(), PARIS).astimezone(UTC)


def today() -> date:
    """The civil day in Paris."""
    return _as_of[0] if _as_of else now().astimezone(PARIS).date()
