"""What a placement lacks before its approval and after, who must bring it; and the number of an approval."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from tracker.vocabulary.objections import Objection
from tracker.vocabulary.words import plural


class Side(StrEnum):
    """Who must bring what a placement lacks."""

    EMPLOYER = "employer"
    PROVER = "prover"
    BUYER = "buyer"
    FACILITATION = "facilitation"

    @property
    def label(self) -> str:
        return _SIDES[self]


_SIDES = {
    Side.EMPLOYER: "À l’employeur",
    Side.PROVER: "À la personne, ou à qui l’a orientée",
    Side.BUYER: "À l’acheteur",
    Side.FACILITATION: "À la facilitation",
}
BRINGS = {
    "tutor_missing": (Side.EMPLOYER, "le tuteur ou la tutrice"),
    "site_missing": (Side.EMPLOYER, "le lieu de travail"),
    "end_missing": (Side.EMPLOYER, "la fin du contrat de travail"),
    "means_not_allowed": (Side.BUYER, "son accord écrit sur la modalité"),
}


@dataclass(frozen=True)
class Standing:
    """Where a placement stands: days since it was proposed, None once approved; whether its contract has its dates."""

    waiting_days: int | None
    has_dates: bool = True


def missing_of(
    found: Collection[Objection], standing: Standing, reads_proofs: bool = False
) -> tuple[tuple[Side, str], ...]:
    """What a placement still lacks, each with who must bring it; nothing in it says why somebody counts.

    `found` as `objections_to_placement` gives it. A proof is named to those alone who may read proofs.
    """
    lacks = [BRINGS[one.code] for one in found if one.code in BRINGS]
    if not standing.has_dates:
        lacks.append((Side.FACILITATION, "les dates d’exécution du marché"))
    if standing.waiting_days is None:
        return tuple(lacks)
    if reads_proofs:
        lacks.append((Side.PROVER, "le justificatif, s’il n’a pas encore été vu"))
    days = standing.waiting_days
    since = f"depuis {plural(days, 'jour')}" if days > 0 else "demandée aujourd’hui"
    return (*lacks, (Side.FACILITATION, f"la décision, {since}"))


def approval_number(year: int, rank: int) -> str:
    """« AP-2026-0042 »: the year of the approval and the rank in it."""
    return f"AP-{year}-{rank:04d}"
