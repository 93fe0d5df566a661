"""The placement an address names, when it is the viewer's."""

from flask import abort

from tracker.accounts.doors import viewer
from tracker.placements import models, queries


def placement_or_404(public_id: str) -> models.Placement:
    """The placement with its person, employer, clause and contract, or a page that says it does not exist."""
    return queries.placement_seen_by(viewer(), public_id) or abort(404)
