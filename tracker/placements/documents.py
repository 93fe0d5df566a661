"""How a placement stands on a page: its state in words, and until when its hours count."""

from dataclasses import dataclass
from datetime import date

from tracker.placements import queries
from tracker.placements.models import Placement
from tracker.placements.rules import counts_until
from tracker.vocabulary.dates import Period, format_day


@dataclass(frozen=True)
class PlacementView:
    """A placement in the words of its employer: never why the person counts."""

    placement: Placement
    state: str
    kind: str
    counts_until: date | None
    has_ended: bool

    @property
    def is_waiting(self) -> bool:
        """Whether a facilitator has not decided yet."""
        return self.placement.approved_on is None and self.placement.refused_at is None

    @property
    def contract_said(self) -> str:
        """« Marché 2025-BAT-014 »."""
        clause = self.placement.pledge.clause
        return f"Marché {clause.contract.number}" if clause else "Engagement hors marché"


def placement_view(placement: Placement, window: Period | None, today: date) -> PlacementView:
    """The placement with its state; `window` as `windows_of` gives it."""
    clause = placement.pledge.clause
    performance = queries.performance_on(clause) if clause else None
    state, kind = _state(placement)
    return PlacementView(
        placement,
        state,
        kind,
        counts_until(window, performance, placement.ends_on) if window else None,
        placement.ends_on is not None and placement.ends_on < today,
    )


def _state(placement: Placement) -> tuple[str, str]:
    if placement.refused_at:
        return "Refusée", "stop"
    if placement.approved_on:
        return f"Accord du {format_day(placement.approved_on)}", "good"
    return "À l’étude", ""
