"""The duty of 22 August 2026 to carry a social condition: the European thresholds it looks at.

Only the figures stand here; whether a contract meets its duty is judged elsewhere.
Source: loi 2021-1104, article 35 (Code de la commande publique, L2112-2-1 and L3114-2-1).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from tracker.vocabulary.law import InForce, Source

DUTY_SINCE = date(2026, 8, 22)
DUTY_SOURCE = Source(
    "Loi n° 2021-1104 du 22 août 2021, art. 35 (Code de la commande publique, art. L2112-2-1 et L3114-2-1)",
    "https://www.legifrance.gouv.fr/loda/id/JORFTEXT000043956924/",
    date(2026, 11, 1),
)
_NOTICE = "Avis relatif aux seuils de procédure, Code de la commande publique, annexe 2"
_NOTICE_URL = "https://www.legifrance.gouv.fr/codes/id/LEGITEXT000037701019/"
_READ_ON = date(2026, 11, 1)


class ThresholdKind(StrEnum):
    """Which European threshold a purchase is measured against."""

    WORKS_AND_CONCESSIONS = "works_and_concessions"
    STATE_SUPPLIES = "state_supplies"
    LOCAL_SUPPLIES = "local_supplies"
    NETWORK_SUPPLIES = "network_supplies"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    ThresholdKind.WORKS_AND_CONCESSIONS: "Travaux et concessions",
    ThresholdKind.STATE_SUPPLIES: "Fournitures et services de l’État",
    ThresholdKind.LOCAL_SUPPLIES: "Fournitures et services des collectivités",
    ThresholdKind.NETWORK_SUPPLIES: "Fournitures et services des entités adjudicatrices",
}


def _threshold(kind: ThresholdKind, of_2024: int, of_2026: int) -> InForce[Decimal]:
    return InForce(
        f"Seuil européen : {_LABELS[kind]}",
        "€ HT",
        {
            date(2024, 1, 1): (Decimal(of_2024), Source(f"{_NOTICE} (2024-2025)", _NOTICE_URL, _READ_ON)),
            date(2026, 1, 1): (Decimal(of_2026), Source(f"{_NOTICE} (2026-2027)", _NOTICE_URL, _READ_ON)),
        },
    )


THRESHOLDS: dict[ThresholdKind, InForce[Decimal]] = {
    kind: _threshold(kind, of_2024, of_2026)
    for kind, of_2024, of_2026 in (
        (ThresholdKind.WORKS_AND_CONCESSIONS, 5_538_000, 5_404_000),
        (ThresholdKind.STATE_SUPPLIES, 143_000, 140_000),
        (ThresholdKind.LOCAL_SUPPLIES, 221_000, 216_000),
        (ThresholdKind.NETWORK_SUPPLIES, 443_000, 432_000),
    )
}


def threshold_on(kind: ThresholdKind, day: date) -> Decimal:
    """The threshold of that day, euros excluding VAT; LookupError before 2024."""
    return THRESHOLDS[kind].on(day)
