"""Kinds of pledges, and how a grouping's obligation falls on its members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum

from tracker.vocabulary.hours import ZERO, format_hours, total
from tracker.vocabulary.objections import Objection


class PledgeKind(StrEnum):
    """Under which act the employer pledged."""

    PUBLIC_CLAUSE = "public_clause"
    BID_OFFER = "bid_offer"
    GRANT = "grant"
    LOAN_GUARANTEE = "loan_guarantee"
    FUNDED_SECTOR = "funded_sector"
    CONCESSION = "concession"
    PRIVATE_CONTRACT = "private_contract"
    CHARTER = "charter"

    @property
    def label(self) -> str:
        return _KINDS[self]

    @property
    def is_enforceable(self) -> bool:
        """Whether breaking it may cost a penalty; a charter bears none."""
        return self is not PledgeKind.CHARTER


_KINDS = {
    PledgeKind.PUBLIC_CLAUSE: "Clause d’un marché public",
    PledgeKind.BID_OFFER: "Offre d’insertion faite dans une offre",
    PledgeKind.GRANT: "Subvention",
    PledgeKind.LOAN_GUARANTEE: "Garantie d’emprunt à un bailleur social",
    PledgeKind.FUNDED_SECTOR: "Secteur financé",
    PledgeKind.CONCESSION: "Concession",
    PledgeKind.PRIVATE_CONTRACT: "Marché privé",
    PledgeKind.CHARTER: "Charte d’employeur",
}


class Measure(StrEnum):
    """In what a pledge is counted."""

    HOURS = "hours"
    HIRES = "hires"
    IMMERSIONS = "immersions"
    ACTIONS = "actions"

    @property
    def label(self) -> str:
        return {
            Measure.HOURS: "heures",
            Measure.HIRES: "embauches",
            Measure.IMMERSIONS: "immersions",
            Measure.ACTIONS: "actions",
        }[self]


class Grouping(StrEnum):
    """How several holders answer for one contract."""

    SINGLE = "single"
    CONJOINT = "conjoint"
    SOLIDARY = "solidary"

    @property
    def label(self) -> str:
        return {
            Grouping.SINGLE: "titulaire seul",
            Grouping.CONJOINT: "groupement conjoint",
            Grouping.SOLIDARY: "groupement solidaire",
        }[self]

    @property
    def is_one_obligation(self) -> bool:
        """A solidary grouping owes as one, with indicative shares; a conjoint one owes member by member."""
        return self is not Grouping.CONJOINT


@dataclass(frozen=True)
class Share:
    """One holder's part of the hours due."""

    holder: str
    hours: Decimal


def equal_shares(due: Decimal, holders: Sequence[str]) -> list[Share]:
    """Whole hours, as equal as they can be, that sum to the hours due; the first holders bear what is left over.

    ValueError without any holder.
    """
    return weighted_shares(due, holders, [Decimal(1)] * len(holders))


def weighted_shares(due: Decimal, holders: Sequence[str], weights: Sequence[Decimal]) -> list[Share]:
    """Whole hours in proportion to the weights, that sum to the hours due; broken hours go to the first holder.

    Whole hours left over go one by one to the largest remainders. ValueError without holder or weight.
    """
    if not holders or len(holders) != len(weights) or sum(weights) <= 0:
        raise ValueError("shares want a weight for each holder")
    whole = due.to_integral_value(ROUND_FLOOR)
    exact = [whole * weight / sum(weights) for weight in weights]
    hours = [part.to_integral_value(ROUND_FLOOR) for part in exact]
    by_remainder = sorted(range(len(exact)), key=lambda rank: hours[rank] - exact[rank])
    for rank in by_remainder[: int(whole - sum(hours))]:
        hours[rank] += 1
    hours[0] += due - whole
    return [Share(holder, part) for holder, part in zip(holders, hours, strict=True)]


def objections_to_shares(shares: Sequence[Share], due: Decimal) -> list[Objection]:
    """Typed shares must be positive and sum to the hours due."""
    if any(share.hours < 0 for share in shares):
        return [Objection("share_negative", "Une part ne peut pas être négative.", "shares")]
    found = total(share.hours for share in shares)
    if shares and found != due:
        text = f"Les parts font {format_hours(found)} pour {format_hours(due)} dues. Corrigez l’une d’elles."
        return [Objection("shares_do_not_sum", text, "shares")]
    return []


def objections_to_pledge(kind: PledgeKind, measure: Measure, quantity: Decimal) -> list[Objection]:
    """A pledge is of something; under a public contract it counts hours."""
    found = []
    if quantity <= ZERO:
        found.append(Objection("pledge_of_nothing", f"Indiquez combien : {measure.label}.", "quantity"))
    if kind is PledgeKind.PUBLIC_CLAUSE and measure is not Measure.HOURS:
        found.append(Objection("clause_counts_hours", "Une clause d’un marché public se compte en heures.", "measure"))
    return found
