"""What a rule answers when something is wrong: objections, all at once, each beside its field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tracker.vocabulary.law import Source


class Level(StrEnum):
    """How much an objection stops."""

    BLOCKS = "bloquante"
    WARNS = "avertissement"
    OFF = "désactivé"


@dataclass(frozen=True)
class Objection:
    """One thing a rule finds wrong.

    `field` names the form field it stands beside ("" for the whole form; "hours-<key>" for a row's cell);
    `text` is a French sentence that says what is, then what to do; `settled_by` what would settle it; `code` is the
    rule's stable name, for tests and journals.
    """

    code: str
    text: str
    field: str = ""
    level: Level = Level.BLOCKS
    source: Source | None = None
    settled_by: str = ""

    @property
    def blocks(self) -> bool:
        return self.level is Level.BLOCKS


class Refused(Exception):
    """An act that the rules forbid, with every objection at once; nothing was written."""

    def __init__(self, objections: Iterable[Objection]) -> None:
        self.objections = tuple(objections)
        super().__init__(" ".join(objection.text for objection in self.objections))


class Stale(Exception):
    """Somebody else decided first: `changed` says in French what is different now; nothing was written (409)."""

    def __init__(self, changed: str) -> None:
        self.changed = changed
        super().__init__(changed)


def refuse_if_any(objections: Iterable[Objection]) -> None:
    """Raises Refused with the objections when at least one of them blocks."""
    found = tuple(objections)
    if any(objection.blocks for objection in found):
        raise Refused(found)
