"""A placement ends early: what was sent for its last month ends with it, what was only kept after it goes."""

from datetime import date

from sqlalchemy import delete, select, update

from tracker.hours.models import Declaration, HoursLine
from tracker.hours.queries.sent import last_days_sent
from tracker.placements.actions import periods
from tracker.placements.actions.periods import Hand
from tracker.placements.models import Placement
from tracker.placements.rules.periods import Ending, objections_to_end
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Month
from tracker.vocabulary.objections import Objection


def objections_to_ending(placement: Placement, ending: Ending, today: date) -> list[Objection]:
    """What forbids this ending, the hours already sent included."""
    return objections_to_end(ending, periods.standing_of(placement), today, last_days_sent(placement.id))


def end_placement(placement: Placement, ending: Ending, hand: Hand) -> None:
    """Brings the end of a placement forward; Refused with every objection, Stale when it moved meanwhile."""
    _lock_months(placement, ending)
    periods.hold(placement, hand)
    # Read after the lock: a month sent meanwhile is seen, and one sent later finds the new end.
    periods.end_placement(placement, ending, hand, last_days_sent(placement.id))
    _cut_lines(placement)


def _lock_months(placement: Placement, ending: Ending) -> None:
    """Takes declarations before placements, in the order in which sending and deciding a month take them."""
    if ending.ends_on is None:
        return
    months = select(Declaration.id).where(
        Declaration.employer_id == placement.employer_id,
        Declaration.clause_id == placement.pledge.clause_id,
        Declaration.month >= Month.of(ending.ends_on),
    )
    db.session.execute(months.order_by(Declaration.id).with_for_update())


def _cut_lines(placement: Placement) -> None:
    ends_on = placement.ends_on
    after = (HoursLine.placement_id == placement.id, HoursLine.from_on > ends_on)
    db.session.execute(delete(HoursLine).where(*after, HoursLine.version == 0))
    cut = (HoursLine.placement_id == placement.id, HoursLine.from_on <= ends_on, HoursLine.to_on > ends_on)
    db.session.execute(update(HoursLine).where(*cut).values(to_on=ends_on))
