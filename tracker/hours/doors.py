"""A declaration or a month for the person acting, or 404."""

from flask import abort

from tracker.accounts.doors import viewer
from tracker.hours import models
from tracker.hours.queries import declarations
from tracker.vocabulary.dates import Month

FIRST_YEAR = 2000


def declaration_or_404(public_id: str) -> models.Declaration:
    """The declaration with its clause and contract, when the person acting may open it."""
    return declarations.declaration_seen_by(viewer(), public_id) or abort(404)


def month_or_404(text: str) -> Month:
    """The month an address names, « 2026-03 »."""
    try:
        month = Month.parse(text)
    except ValueError:
        abort(404)
    return month if month.year >= FIRST_YEAR else abort(404)
