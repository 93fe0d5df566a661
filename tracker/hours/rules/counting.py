"""How many accepted hours of a line count on a clause, and why: the verdict that the ledger keeps."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypedDict

from tracker.contracts.rules.means import Means
from tracker.vocabulary.dates import Period, format_day
from tracker.vocabulary.hours import ZERO, format_hours
from tracker.vocabulary.law import Source

RULE_VERSION = "2026-11"

APPROVAL_SOURCE = Source(
    "TA Rennes, décision publiée le 4 février 2026 : les heures comptent à partir de l’accord",
    read_on=date(2026, 11, 1),
)
CLAUSE_SOURCE = Source("Clause du marché")
WINDOW_SOURCE = Source("Liste des publics de la clause (durée de 24 mois à confirmer)")
PRACTICE = Source("Pratique des facilitateurs : une heure ne compte qu’une fois")
CCAG_SOURCE = Source("CCAG de 2021, art. 16.1", read_on=date(2026, 11, 1))


class Condition(StrEnum):
    """One of the conditions that hours meet to count; its value is the code of its reason."""

    APPROVAL = "approval"
    PERFORMANCE = "performance"
    WINDOW = "window"
    MEANS = "means"
    TRAINING = "training"
    INTERNSHIP = "internship"
    IMPUTATION = "imputation"

    @property
    def can_be_waived(self) -> bool:
        """Whether the buyer may waive it; nobody lets an hour count twice."""
        return self is not Condition.IMPUTATION


class TrainingRule(StrEnum):
    """What a clause counts of training hours."""

    NONE = "none"
    ALL = "all"
    CAP = "cap"

    @property
    def label(self) -> str:
        return {
            TrainingRule.NONE: "aucune heure de formation",
            TrainingRule.ALL: "toutes les heures de formation",
            TrainingRule.CAP: "les heures de formation jusqu’à un plafond",
        }[self]


class ReasonJson(TypedDict):
    """A reason as the ledger keeps it."""

    code: str
    text: str
    source: str
    holds: bool


class VerdictJson(TypedDict):
    """A verdict as the ledger keeps it; hours as text, never as a float."""

    rule_version: str
    counted: str
    reasons: list[ReasonJson]


@dataclass(frozen=True)
class Part:
    """An accepted part of a line, and what the clause says of it.

    `waived`: the conditions the buyer waived, by code. `means_allowed` is None when the clause admits all.
    `already_imputed`: hours of this part that count somewhere already. `training_left`: what remains under the cap.
    """

    accepted: Decimal
    first_day: date
    last_day: date
    approved_on: date | None
    performance: Period | None
    window: Period | None
    means: Means
    means_allowed: Collection[str] | None = None
    already_imputed: Decimal = ZERO
    waived: Collection[str] = frozenset()
    training: TrainingRule = TrainingRule.NONE
    training_left: Decimal = ZERO
    is_internship: bool = False

    @property
    def days(self) -> Period:
        return Period(self.first_day, self.last_day)

    @property
    def free(self) -> Decimal:
        """Accepted hours that count nowhere yet."""
        return max(ZERO, self.accepted - self.already_imputed)


@dataclass(frozen=True)
class Reason:
    """Why hours count, or do not: one condition, whether it holds, in a French sentence."""

    code: str
    text: str
    source: Source
    holds: bool

    def as_json(self) -> ReasonJson:
        return {"code": self.code, "text": self.text, "source": self.source.text, "holds": self.holds}


@dataclass(frozen=True)
class Verdict:
    """Hours counted, and every reason, also those that hold."""

    counted: Decimal
    reasons: tuple[Reason, ...]
    rule_version: str = RULE_VERSION

    @property
    def against(self) -> tuple[Reason, ...]:
        """The reasons why some hours, or all, do not count."""
        return tuple(reason for reason in self.reasons if not reason.holds)

    def as_json(self) -> VerdictJson:
        """The verdict for the ledger and the API."""
        return {
            "rule_version": self.rule_version,
            "counted": str(self.counted),
            "reasons": [reason.as_json() for reason in self.reasons],
        }


def verdict_on(part: Part) -> Verdict:
    """What counts of an accepted part (`domain.md` §7): all its free hours or none, training up to its cap.

    Never negative, never more than accepted less what already counts elsewhere; ValueError on negative accepted hours.
    """
    if part.accepted < 0 or part.already_imputed < 0:
        raise ValueError("hours accepted or imputed are never negative")
    conditions = [_approval(part), _performance(part), _window(part), _means(part)]
    if part.is_internship:
        conditions.append(_internship(part))
    counted = part.free if all(reason.holds for reason in conditions) else ZERO
    if part.means is Means.TRAINING:
        conditions.append(_training(part))
        counted = min(counted, _training_hours(part))
    return Verdict(counted, (*conditions, _imputation(part)))


def _reason(part: Part, condition: Condition, holds: bool, text: str, source: Source) -> Reason:
    """The condition's reason; a waived condition holds, and says by whom."""
    if not holds and condition.can_be_waived and condition in part.waived:
        return Reason(condition, f"{text} L’acheteur a donné son accord.", source, holds=True)
    return Reason(condition, text, source, holds)


def _approval(part: Part) -> Reason:
    approved_on = part.approved_on
    holds = approved_on is not None and approved_on <= part.first_day
    if approved_on is None:
        text = "Aucun accord d’éligibilité."
    elif holds:
        text = f"Accord du {format_day(approved_on)}, au plus tard le premier jour de la ligne."
    else:
        text = f"Travail du {format_day(part.first_day)}, avant l’accord du {format_day(approved_on)}."
    return _reason(part, Condition.APPROVAL, holds, text, APPROVAL_SOURCE)


def _performance(part: Part) -> Reason:
    holds = part.performance is not None and part.performance.covers(part.days)
    if part.performance is None:
        text = "Les dates du marché ne sont pas connues."
    else:
        text = f"{'Pendant' if holds else 'Hors de'} l’exécution du marché, {part.performance.in_french}."
    return _reason(part, Condition.PERFORMANCE, holds, text, CLAUSE_SOURCE)


def _window(part: Part) -> Reason:
    holds = part.window is not None and part.window.covers(part.days)
    if part.window is None:
        text = "Aucune période de prise en compte n’est ouverte."
    else:
        text = f"{'Dans' if holds else 'Hors de'} la période de prise en compte, {part.window.in_french}."
    return _reason(part, Condition.WINDOW, holds, text, WINDOW_SOURCE)


def _means(part: Part) -> Reason:
    holds = part.means_allowed is None or part.means in part.means_allowed
    text = f"La clause {'admet' if holds else 'n’admet pas'} « {part.means.label} »."
    return _reason(part, Condition.MEANS, holds, text, CLAUSE_SOURCE)


def _internship(part: Part) -> Reason:
    text = "Un stage ou une PMSMP est enregistré et ne compte pas."
    return _reason(part, Condition.INTERNSHIP, holds=False, text=text, source=CLAUSE_SOURCE)


def _training_hours(part: Part) -> Decimal:
    """How many training hours the clause takes."""
    if part.training is TrainingRule.ALL or Condition.TRAINING in part.waived:
        return part.free
    return min(part.free, max(ZERO, part.training_left)) if part.training is TrainingRule.CAP else ZERO


def _training(part: Part) -> Reason:
    taken = _training_hours(part)
    verb = "ne compte" if part.training is TrainingRule.NONE else "compte"
    text = f"La clause {verb} {part.training.label}."
    if part.training is TrainingRule.CAP and taken < part.free:
        text = f"{text} Il n’en reste que {format_hours(taken)}."
    return _reason(part, Condition.TRAINING, taken == part.free, text, CCAG_SOURCE)


def _imputation(part: Part) -> Reason:
    if part.already_imputed:
        text = f"{format_hours(part.already_imputed)} de cette ligne comptent déjà ailleurs."
    else:
        text = "Ces heures ne comptent nulle part ailleurs."
    return _reason(part, Condition.IMPUTATION, not part.already_imputed, text, PRACTICE)
