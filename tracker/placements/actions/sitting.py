"""The moment of a decision: who decides, when, on what they read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tracker.placements.exchange import Letterhead

Facts = dict[str, Any]


@dataclass(frozen=True)
class Sitting:
    """Who decides, when, on which version of the placement, and under which letterhead the employer is told.

    `draw` makes the file of an approval from its frozen facts.
    """

    person_id: int
    person_name: str
    now: datetime
    today: date
    version: int
    head: Letterhead
    draw: Callable[[Mapping[str, Any]], bytes]
