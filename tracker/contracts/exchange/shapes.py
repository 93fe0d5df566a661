"""The shapes a published record takes: flat in 1.x, wrapped in 2.x, flattened or alone when a converter passed by."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from tracker.contracts.exchange.texts import storable


def plain(value: Any) -> Any:
    """The published value as JSON may keep it: decimal numbers as text, no NUL, no lone surrogate."""
    if isinstance(value, dict):
        return {storable(str(name)): plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [plain(member) for member in value]
    if isinstance(value, str | Decimal):
        return storable(str(value))
    return value


def part(members: dict[str, Any], name: str, inner: str) -> Any:
    """A scalar inside a member (« acheteur » then « id »), also when an export flattened it to « acheteur.id »."""
    member = members.get(name)
    published = member.get(inner) if isinstance(member, dict) else None
    return scalar(members.get(f"{name}.{inner}") if published is None else published)


def scalar(value: Any) -> Any:
    return None if isinstance(value, dict | list | bool) else value


def objects(published: Any, wrapper: str) -> list[dict[str, Any]]:
    """The objects of a list, whether flat (1.x), each in its wrapper (2.x), or one alone as XML leaves it."""
    found: list[dict[str, Any]] = []
    for value in published if isinstance(published, list) else [published]:
        inner = value.get(wrapper, value) if isinstance(value, dict) else value
        found += [one for one in (inner if isinstance(inner, list) else [inner]) if isinstance(one, dict) and one]
    return found


def leaves(published: Any, wrapper: str) -> list[Any]:
    """The labels of a list, flat (2.0.0) or in their wrapper (2.0.1 and later), or one alone."""
    found: list[Any] = []
    for value in published if isinstance(published, list) else [published]:
        inner = value.get(wrapper) if isinstance(value, dict) else value
        found += inner if isinstance(inner, list) else [inner]
    return found


def canonical(raw: dict[str, Any]) -> str:
    """One text for equal records, whatever the order of their members."""
    return json.dumps(raw, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
