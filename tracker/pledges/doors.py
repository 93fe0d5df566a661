"""The pledge an address names, when it is the viewer's."""

from flask import abort

from tracker.accounts.doors import viewer
from tracker.pledges import queries
from tracker.pledges.models import Pledge


def pledge_or_404(public_id: str) -> Pledge:
    """The pledge, or a page that says it does not exist."""
    found = queries.pledge_seen_by(viewer(), public_id)
    if found is None:
        abort(404)
    return found
