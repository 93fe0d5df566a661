"""A certificate for the person acting, or 404."""

from collections.abc import Sequence

from flask import abort

from tracker.accounts.doors import viewer
from tracker.certificates.models import Certificate
from tracker.certificates.queries import certificates


def versions_or_404(number: str) -> Sequence[Certificate]:
    """Every version of that number, newest first, when the person acting may see it."""
    return certificates.versions_seen_by(viewer(), number) or abort(404)


def version_or_404(number: str, version: int) -> Certificate:
    """One version of that number, when the person acting may see it."""
    return next((one for one in versions_or_404(number) if one.version == version), None) or abort(404)
