"""`flask seed check`: the rules over a sample, every sum, the published figures and shares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from psycopg import Connection

from tracker.commands.seed.scales import HUNDRED, SCALES, Scale
from tracker.commands.seed.shares import AXES, BUYER_NAMES, CONTRACT_OF, LEVER_OF, TRADES
from tracker.commands.seed.sums import HOURS_BY, LAST_YEAR, SUMS, WORLD
from tracker.vocabulary.hours import format_number

# By how many points of percent a share may stand away from the published one: in a small world one contract weighs.
_TOLERANCES = {"structure": 3.0, "department": 2.0, "national": 1.0}
NO_WORLD = "Cette base ne contient pas un monde écrit par flask seed."
# Each axis: what the database calls things, as the published file calls them.
_NAMES: Mapping[str, Mapping[str, str]] = {
    "contrat": {kind.value: name for kind, name in CONTRACT_OF.items()},
    "secteur": {trade.cpv: name for name, trade in TRADES.items()},
    "catégorie de clause": {lever.value: name for name, lever in LEVER_OF.items()},
}


def faults_of(connection: Connection[Any]) -> Iterator[str]:
    """What breaks a sum, a published figure or a share; nothing when all is well."""
    for name, statement in SUMS.items():
        broken = _one(connection, statement)[0]
        if broken:
            yield f"{name} : {format_number(broken, 0)} en défaut"
    last_year, years, structures, firms = _one(connection, WORLD)
    scale = next((one for one in SCALES.values() if (one.years, one.structures) == (years, structures)), None)
    if scale is None:
        yield NO_WORLD
        return
    yield from _figures(connection, scale, last_year, firms)
    yield from _shares(connection, scale)


def _one(connection: Connection[Any], statement: str, **values: Any) -> tuple[Any, ...]:
    return connection.execute(statement.encode(), values).fetchall()[0]


def _figures(connection: Connection[Any], scale: Scale, last_year: int, firms: int) -> Iterator[str]:
    """The published figures of the last year, to the hundredth and to the unit."""
    first, last = date(last_year, 1, 1), date(last_year, 12, 1)
    hours, rsa, *counts = _one(connection, LAST_YEAR, first=first, last=last)
    expected: dict[str, tuple[Decimal | int, Decimal | int]] = {
        "heures de l’année": (hours, Decimal(scale.hours)),
        "heures des allocataires du RSA": (rsa, Decimal(scale.hours * scale.rsa_percent) / HUNDRED),
        "participants": (counts[0], scale.people),
        "marchés": (counts[1], scale.contracts),
        "acheteurs": (counts[2], scale.buyers),
        "entreprises": (firms, scale.firms),
    }
    for name, (found, wanted) in expected.items():
        if found != wanted:
            yield f"{name} : {format_number(found)} au lieu de {format_number(wanted)}"


def _shares(connection: Connection[Any], scale: Scale) -> Iterator[str]:
    tolerance = _TOLERANCES[scale.name]
    for axis, shares in AXES.items():
        found: dict[str, Decimal] = dict.fromkeys(shares, Decimal(0))
        for key, hours in connection.execute(HOURS_BY[axis].encode()):
            name = _published_name(axis, key)
            found[name] = found.get(name, Decimal(0)) + hours
        whole, published = float(sum(found.values())), sum(shares.values())
        for name, hours in found.items():
            here, there = HUNDRED * float(hours) / whole, HUNDRED * shares.get(name, 0) / published
            if abs(here - there) > tolerance:
                yield f"{axis}, {name} : {here:.1f} points au lieu de {there:.1f}"


def _published_name(axis: str, key: str) -> str:
    """What the published file calls what the database holds; a buyer's kind is read from its name."""
    if axis == "donneur d’ordres":
        return next((kind for kind, begins in BUYER_NAMES.items() if key.startswith(f"{begins} de ")), key)
    return _NAMES[axis].get(key, key) if axis in _NAMES else key
