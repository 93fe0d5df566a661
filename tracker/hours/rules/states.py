"""The states of a declaration and of a line, in the order they are met."""

from collections.abc import Iterable
from enum import StrEnum


class LineState(StrEnum):
    """Where a line stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """The state's French name."""
        return LINE_LABELS[self]


LINE_LABELS = {
    LineState.DRAFT: "brouillon",
    LineState.SUBMITTED: "à valider",
    LineState.RETURNED: "à corriger",
    LineState.ACCEPTED: "acceptée",
    LineState.REFUSED: "refusée",
}


class DeclarationState(StrEnum):
    """Where a declaration stands: what its lines make of it."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    PARTLY_REFUSED = "partly_refused"

    @property
    def label(self) -> str:
        """The state's French name."""
        return DECLARATION_LABELS[self]


DECLARATION_LABELS = {
    DeclarationState.DRAFT: "brouillon",
    DeclarationState.SUBMITTED: "transmise, à valider",
    DeclarationState.RETURNED: "à corriger",
    DeclarationState.ACCEPTED: "acceptée",
    DeclarationState.PARTLY_REFUSED: "acceptée en partie",
}


def state_of_declaration(lines: Iterable[LineState]) -> DeclarationState:
    """What the lines make of their declaration; one line to correct sends it back, one line waiting keeps it waiting.

    A declaration without any line is accepted as it stands: it says « aucune heure ».
    """
    states = set(lines)
    for line, whole in (
        (LineState.DRAFT, DeclarationState.DRAFT),
        (LineState.SUBMITTED, DeclarationState.SUBMITTED),
        (LineState.RETURNED, DeclarationState.RETURNED),
        (LineState.REFUSED, DeclarationState.PARTLY_REFUSED),
    ):
        if line in states:
            return whole
    return DeclarationState.ACCEPTED
