"""Figures of law, dated, each with the text it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Source:
    """Where a rule was read: the text's short French name, its address, and the day somebody read it.

    `read_on` is None when no source confirmed it: the page then says « à confirmer ».
    """

    text: str
    url: str = ""
    read_on: date | None = None

    @property
    def is_confirmed(self) -> bool:
        return self.read_on is not None


@dataclass(frozen=True)
class InForce(Generic[T]):
    """A figure of law: French name, unit, and its values by the day from which each applies.

    `CEILING.on(day)` gives the value of that day; LookupError before the first one.
    """

    name: str
    unit: str
    values: Mapping[date, tuple[T, Source]]

    def on(self, day: date) -> T:
        """The value in force on that day."""
        return self._row_on(day)[0]

    def source_on(self, day: date) -> Source:
        """The text that sets the value of that day."""
        return self._row_on(day)[1]

    def _row_on(self, day: date) -> tuple[T, Source]:
        begun = [start for start in self.values if start <= day]
        if not begun:
            raise LookupError(f"{self.name}: no value on {day}")
        return self.values[max(begun)]
