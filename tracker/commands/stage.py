"""Where the story is told: who acts, on which day, and what was made so far."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from tracker.accounts.models import Membership
from tracker.accounts.queries import Viewer, viewer_of
from tracker.certificates.actions import Office
from tracker.contracts.models import Clause
from tracker.placements.exchange import Letterhead
from tracker.placements.models import Placement
from tracker.plumbing import clock, sessions
from tracker.plumbing.database import db
from tracker.plumbing.sessions import Actor


class World:
    """The story while it is told: who acts, and what was made."""

    def __init__(self, head: Letterhead, office: Office) -> None:
        self.head = head
        self.office = office
        self.members: dict[str, Membership] = {}
        self.clauses: dict[str, Clause] = {}
        self.placements: dict[str, Placement] = {}
        self.facilitator: Membership
        self.officer: Membership

    @contextmanager
    def acting(self, member: Membership, day: date) -> Iterator[Viewer]:
        """A step of the story: that day, by that person, committed at its end."""
        clock.stand_on(day)
        actor = Actor("page", member.person_id, member.organisation_id)
        with sessions.acting_as(actor):
            sessions.take_over(actor)
            viewer = viewer_of(member.person.fs_uniquifier, member.id, day)
            if viewer is None:
                raise LookupError(f"nobody acts for membership {member.id}")
            yield viewer
            db.session.commit()
