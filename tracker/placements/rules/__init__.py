"""What makes a placement right, when its hours count, and how its end moves."""

from tracker.placements.rules.windows import counts_until, window_of
from tracker.placements.rules.work import ContractType, Means, PlacementDraft, Sector, objections_to_placement

__all__ = [
    "ContractType",
    "Means",
    "PlacementDraft",
    "Sector",
    "counts_until",
    "objections_to_placement",
    "window_of",
]
