"""Facts kept for good: one text for the same facts, and its fingerprint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.vocabulary.dates import Month


def canonical(facts: Mapping[str, object]) -> str:
    """The facts as one JSON text, whatever their order: keys sorted, no spaces, hours and dates as text.

    TypeError on a float, which no figure of the house is.
    """
    _refuse_floats(facts)
    return json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_as_text)


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("hours and money are decimals, never floats")
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for item in value:
            _refuse_floats(item)


def _as_text(value: object) -> str:
    if isinstance(value, (Decimal, Month)):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no fact is made of {type(value).__name__}")


def fingerprint(facts: Mapping[str, object]) -> str:
    """The SHA-256 of the canonical facts, 64 hexadecimal signs."""
    return hashlib.sha256(canonical(facts).encode()).hexdigest()


def frozen(facts: Mapping[str, object]) -> dict[str, Any]:
    """The facts as the database gives them back: hours and days as text."""
    kept: dict[str, Any] = json.loads(canonical(facts))
    return kept
