"""A placement's end moves: each change is kept, and the placement follows the latest."""

from dataclasses import dataclass
from datetime import date, datetime

from tracker.accounts.actions import write_journal
from tracker.accounts.queries import journal_of
from tracker.accounts.rules import verb_in_french
from tracker.placements import queries
from tracker.placements.models import Placement, PlacementChange
from tracker.placements.rules.periods import (
    ChangeKind,
    Ending,
    Standing,
    days_after,
    objections_to_end,
    objections_to_renewal,
)
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Period, format_day
from tracker.vocabulary.objections import Objection, Stale, refuse_if_any


@dataclass(frozen=True)
class Hand:
    """Who moves an end, when, and on which version of the placement."""

    person_id: int | None
    now: datetime
    today: date
    version: int


def hold(placement: Placement, hand: Hand) -> None:
    """Waits for whoever else is writing on the placement, then looks again: Stale once its version has moved."""
    db.session.refresh(placement, ["version_id", "ends_on", "refused_at"], with_for_update=True)
    if placement.version_id != hand.version:
        raise Stale(_what_changed(placement))


def _what_changed(placement: Placement) -> str:
    latest = next(iter(journal_of(("placement", placement.id), limit=1)), None)
    who = latest.person.name if latest and latest.person else "Quelqu’un"
    verb = f" (« {verb_in_french(latest.verb)} »)" if latest else ""
    ends = f"elle finit le {format_day(placement.ends_on)}" if placement.ends_on else "sa fin n’est pas fixée"
    return f"{who} a modifié cette mise à l’emploi pendant que vous écriviez{verb} : maintenant, {ends}."


def end_placement(placement: Placement, ending: Ending, hand: Hand, last_sent: Period | None) -> None:
    """Brings the end forward; `last_sent` as `objections_to_end` takes it, read once the caller holds the placement.

    Refused with every objection at once.
    """
    refuse_if_any(objections_to_end(ending, standing_of(placement), hand.today, last_sent))
    if ending.ends_on is None:
        raise ValueError("an ending without objection has a day")
    _move(placement, ChangeKind.ENDED_EARLY, ending, hand)
    facts = {"ends_on": format_day(ending.ends_on), "reason": ending.reason}
    write_journal("placement_ended", "placement", placement.id, **facts)
    write_journal("placement_ended", "participant", placement.participant_id, placement=placement.id)


def renew_placement(placement: Placement, ends_on: date | None, hand: Hand) -> None:
    """Puts the end off; Refused with every objection at once, Stale when the placement moved meanwhile."""
    hold(placement, hand)
    refuse_if_any(objections_to_renew(placement, ends_on, hand.today))
    if ends_on is None:
        raise ValueError("a renewal without objection has a day")
    _move(placement, ChangeKind.RENEWED, Ending(ends_on), hand)
    write_journal("placement_renewed", "placement", placement.id, ends_on=format_day(ends_on))
    write_journal("placement_renewed", "participant", placement.participant_id, placement=placement.id)


def objections_to_renew(placement: Placement, ends_on: date | None, today: date) -> list[Objection]:
    """What forbids this renewal, another placement of the same person on those days included."""
    found = objections_to_renewal(ends_on, standing_of(placement), today)
    if found or placement.ends_on is None or ends_on is None:
        return found
    added = days_after(placement.ends_on, ends_on)
    twin = queries.overlapping(placement.participant_id, placement.pledge_id, placement.employer_id, added)
    if twin is None:
        return []
    said = Period(twin.starts_on, twin.ends_on).in_french
    text = f"{placement.participant.name} est déjà à l’emploi sur cette clause {said}. Vérifiez les dates."
    return [Objection("placed_twice", text, "ends_on")]


def standing_of(placement: Placement) -> Standing:
    """The placement as the rules of its end look at it."""
    return Standing(Period(placement.starts_on, placement.ends_on), placement.refused_at is not None)


def _move(placement: Placement, kind: ChangeKind, ending: Ending, hand: Hand) -> None:
    change = PlacementChange(
        placement=placement,
        kind=kind,
        from_ends_on=placement.ends_on,
        to_ends_on=ending.ends_on,
        reason=ending.reason,
        note=ending.note,
        recorded_at=hand.now,
        recorded_by_id=hand.person_id,
    )
    db.session.add(change)
    placement.ends_on = change.to_ends_on
    placement.participant.last_event_on = hand.today
    db.session.flush()
