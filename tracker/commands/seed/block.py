"""One block of the world: a carrying structure and all that is around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from tracker.commands.seed.almanac import Almanac
from tracker.commands.seed.contracts import Contract, attribute, contracts_of
from tracker.commands.seed.hours import Sheet, sheets_of
from tracker.commands.seed.parties import Parties, parties_of
from tracker.commands.seed.scales import Plan, Quota
from tracker.commands.seed.work import Worker, place, workers_of

# (code, name), by département.
Communes = dict[str, list[tuple[str, str]]]
PLACES_A_BLOCK = 24


@dataclass(frozen=True)
class Block:
    """Everything of a block, before it becomes rows."""

    quota: Quota
    almanac: Almanac
    places: Sequence[tuple[str, str]]
    parties: Parties
    contracts: list[Contract]
    workers: list[Worker]
    sheets: list[Sheet]


def block_of(plan: Plan, quota: Quota, communes: Communes) -> Block:
    """The block of a quota: the same whatever was made before it, or beside."""
    rng = plan.rng(f"block {quota.index}")
    almanac = Almanac(plan.first_year, plan.scale.years)
    places = _places(quota, communes, rng)
    parties = parties_of(quota, places, rng)
    contracts = contracts_of(quota, parties, places, almanac, rng)
    workers = workers_of(quota, almanac, rng)
    place(quota, parties, contracts, workers, rng)
    sheets = sheets_of(quota, parties, workers, almanac, rng)
    attribute(contracts, parties, almanac, rng)
    return Block(quota, almanac, places, parties, contracts, workers, sheets)


def _places(quota: Quota, communes: Communes, rng: Random) -> list[tuple[str, str]]:
    """Some communes of one département, another one for each block."""
    departments = sorted(communes)
    known = communes[departments[quota.index % len(departments)]]
    return rng.sample(known, min(PLACES_A_BLOCK, len(known)))
