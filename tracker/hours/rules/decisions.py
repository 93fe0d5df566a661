"""Deciding a line: accept, return or refuse; when a reason is owed, and how it is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tracker.hours.rules.states import DeclarationState, LineState, state_of_declaration
from tracker.vocabulary.hours import ZERO
from tracker.vocabulary.objections import Objection
from tracker.vocabulary.words import plural


class Ruling(StrEnum):
    """What a facilitator decides of a line."""

    ACCEPT = "accept"
    RETURN = "return"
    REFUSE = "refuse"

    @property
    def outcome(self) -> LineState:
        """The state it gives the line."""
        return _OUTCOMES[self]

    @property
    def label(self) -> str:
        return _RULINGS[self]


_OUTCOMES = {
    Ruling.ACCEPT: LineState.ACCEPTED,
    Ruling.RETURN: LineState.RETURNED,
    Ruling.REFUSE: LineState.REFUSED,
}


_RULINGS = {
    Ruling.ACCEPT: "Accepter",
    Ruling.RETURN: "Demander une correction",
    Ruling.REFUSE: "Refuser",
}


class Motive(StrEnum):
    """The usual reasons; none says why a person counts."""

    AFTER_WINDOW = "after_window"
    BEFORE_APPROVAL = "before_approval"
    TOO_MANY = "too_many"
    PAPER_MISSING = "paper_missing"
    OTHER_CONTRACT = "other_contract"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _MOTIVES[self]


_MOTIVES = {
    Motive.AFTER_WINDOW: "Heures après la fin de la prise en compte",
    Motive.BEFORE_APPROVAL: "Heures avant l’accord",
    Motive.TOO_MANY: "Nombre d’heures à vérifier",
    Motive.PAPER_MISSING: "Relevé d’heures ou bulletin de paie manquant",
    Motive.OTHER_CONTRACT: "Heures faites hors de ce marché",
    Motive.OTHER: "Autre motif, écrit ci-dessous",
}


@dataclass(frozen=True)
class LineDecision:
    """What is decided of a line: a ruling, a usual motive, words of one’s own."""

    ruling: Ruling | None = None
    motive: Motive | None = None
    message: str = ""

    @property
    def reason(self) -> str:
        """The reason as the employer reads it: the motive, then the words as written."""
        motive = self.motive.label if self.motive and self.motive is not Motive.OTHER else ""
        return ". ".join(part for part in (motive, self.message.strip()) if part)


def objections_to_decisions(
    decisions: Mapping[str, LineDecision], keys: Iterable[str], blocked: Collection[str]
) -> list[Objection]:
    """What is missing to decide these lines, by key; `blocked` bear an anomaly that stops acceptance without a reason.

    Fields are « decision-<key> » and « message-<key> ».
    """
    found = []
    for key in keys:
        decision = decisions.get(key, LineDecision())
        if decision.ruling is None:
            found.append(Objection("line_undecided", "Choisissez : accepter, corriger ou refuser.", f"decision-{key}"))
        elif not decision.reason and (decision.ruling is not Ruling.ACCEPT or key in blocked):
            found.append(Objection("reason_missing", _wanted(decision.ruling), f"message-{key}"))
    return found


def _wanted(ruling: Ruling) -> str:
    return {
        Ruling.ACCEPT: "Cette ligne porte une anomalie bloquante : écrivez pourquoi vous l’acceptez.",
        Ruling.RETURN: "Écrivez ce qu’il faut corriger : l’employeur lit vos mots tels quels.",
        Ruling.REFUSE: "Écrivez le motif du refus : l’employeur lit vos mots tels quels.",
    }[ruling]


@dataclass(frozen=True)
class StandingLine:
    """What a declaration's state looks at in a line: its state, and whether it was ever sent."""

    state: LineState
    was_sent: bool


def standing_of(lines: Collection[StandingLine]) -> DeclarationState:
    """The state of a declaration; a correction being typed leaves it to correct, a line never sent is not of it yet."""
    sent = [LineState.RETURNED if line.state is LineState.DRAFT else line.state for line in lines if line.was_sent]
    return state_of_declaration(sent) if sent or not lines else DeclarationState.DRAFT


def counts_in_french(states: Iterable[LineState]) -> str:
    """« 3 lignes acceptées, 1 ligne à corriger »."""
    known = list(states)
    words = (
        (LineState.ACCEPTED, "ligne acceptée", "lignes acceptées"),
        (LineState.RETURNED, "ligne à corriger", "lignes à corriger"),
        (LineState.REFUSED, "ligne refusée", "lignes refusées"),
    )
    return ", ".join(plural(known.count(state), one, many) for state, one, many in words if state in known)


@dataclass(frozen=True)
class Tally:
    """What a decision under way makes of the hours declared."""

    accepted: Decimal
    returned: Decimal
    refused: Decimal
    undecided: Decimal

    @property
    def declared(self) -> Decimal:
        return self.accepted + self.returned + self.refused + self.undecided


def tally_of(lines: Iterable[tuple[Decimal, Ruling | None]]) -> Tally:
    """The hours of each ruling, and of the lines without one."""
    sums: dict[Ruling | None, Decimal] = dict.fromkeys((*Ruling, None), ZERO)
    for hours, ruling in lines:
        sums[ruling] += hours
    return Tally(sums[Ruling.ACCEPT], sums[Ruling.RETURN], sums[Ruling.REFUSE], sums[None])
