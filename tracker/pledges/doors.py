"""The pledge an address names, when it is the viewer's; whom its employer has invited."""

from flask import abort

from tracker.accounts.doors import viewer
from tracker.accounts.models import Membership
from tracker.pledges import queries
from tracker.pledges.models import Pledge
from tracker.plumbing import clock


def pledge_or_404(public_id: str) -> Pledge:
    """The pledge, with its organisation, clause and contract, when the person acting may see it."""
    return queries.pledge_seen_by(viewer(), public_id) or abort(404)


def guest_or_404(pledge: Pledge, membership_id: int) -> Membership:
    """Somebody who acts for the pledge's employer."""
    return queries.invitation_to(pledge.organisation_id, membership_id, clock.today()) or abort(404)
