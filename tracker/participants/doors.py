"""The person an address names, when the viewer may read the name."""

from flask import abort

from tracker.accounts.doors import viewer
from tracker.participants import models, queries


def participant_or_404(public_id: str) -> models.Participant:
    """The person, or a page that says nobody stands here."""
    return queries.participant_seen_by(viewer(), public_id) or abort(404)
