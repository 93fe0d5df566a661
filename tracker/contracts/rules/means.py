"""How a holder may bring insertion to a contract: what a clause allows, and what a placement then uses."""

from __future__ import annotations

from enum import StrEnum


class Means(StrEnum):
    """How the holder brings the person to work (modalité de mise en œuvre)."""

    DIRECT_HIRE = "direct_hire"
    HIRING_OUT = "hiring_out"
    CONTRACTING = "contracting"
    TRAINING = "training"

    @property
    def label(self) -> str:
        return {
            Means.DIRECT_HIRE: "embauche directe",
            Means.HIRING_OUT: "mise à disposition",
            Means.CONTRACTING: "sous-traitance ou cotraitance d’insertion",
            Means.TRAINING: "formation",
        }[self]
