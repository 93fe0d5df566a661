"""The contracts of a block, each with one clause: whose they are, who holds them, in which years they live."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from tracker.commands.seed.almanac import Almanac
from tracker.commands.seed.parties import Account, Parties, Party
from tracker.commands.seed.scales import Quota
from tracker.commands.seed.shares import (
    DIRECT,
    INSERTION,
    LEVER_OF,
    LEVERS,
    RESERVED,
    SECTORS,
    TRADES,
    Trade,
    dealt,
)
from tracker.contracts.rules.levers import Lever
from tracker.contracts.rules.performance import performance_of
from tracker.vocabulary.dates import Period

T = TypeVar("T")
# Years that a contract lives, and how many of a hundred do.
_LIVES = {2: 30, 3: 35, 4: 35}
# A few contracts bear most of the hours: Pareto's law, cut.
_PARETO, _HEAVIEST = 1.05, 60.0
_GROUPINGS = 0.08
_LONGEST_END = 181


@dataclass(slots=True, eq=False)
class Contract:
    """A contract, its clause and its pledges: one identifier serves for all three, more for further holders.

    `first` and `last`: ranks of the years in which somebody works on it; `pledges`: one for each holder. `cents`:
    hundredths of an hour counted. Buyer, sector and object come last: they are dealt by the hours counted.
    """

    id: int
    holders: list[Party]
    lever: Lever
    place: tuple[str, str]
    facilitator: Account
    first: int
    last: int
    weight: float
    notified_on: date
    ends_on: date
    number: str
    pledges: list[int]
    cents: int = 0
    buyer: Party = field(init=False)
    performance: Period = field(init=False)
    sector: str = ""
    object: str = ""

    def __post_init__(self) -> None:
        performance = performance_of(self.notified_on, self.starts_on, self.ends_on)
        if performance is None:
            raise ValueError(f"contract {self.number} ends before it begins")
        self.performance = performance

    @property
    def starts_on(self) -> date:
        """The declared start of performance: the first of January that follows the notification."""
        return date(self.notified_on.year + 1, 1, 1)

    @property
    def trade(self) -> Trade:
        return TRADES[self.sector]

    @property
    def is_reserved(self) -> bool:
        return self.lever in RESERVED


def contracts_of(
    quota: Quota, parties: Parties, places: Sequence[tuple[str, str]], almanac: Almanac, rng: Random
) -> list[Contract]:
    """Every contract of the block: exactly the quota's number lives in each year."""
    lives = list(_lives(quota.contracts, almanac.years, rng))
    levers = [LEVER_OF[lever] for lever in dealt(LEVERS, len(lives), rng)]
    holders = _holders(parties, levers, rng)
    pledge_ids = iter(range(quota.first_id + 1, quota.first_id + 10**6))
    found = []
    for rank, (first, last) in enumerate(lives):
        year = almanac.first_year + first
        contract = Contract(
            quota.first_id + rank + 1,
            holders[rank],
            levers[rank],
            rng.choice(places),
            _in_charge(parties, last >= almanac.years - 1, rng),
            first,
            last,
            min(rng.paretovariate(_PARETO), _HEAVIEST),
            date(year - 1, 10, 1) + timedelta(days=rng.randrange(60)),
            date(almanac.first_year + last, 12, 31) + timedelta(days=rng.randrange(_LONGEST_END)),
            f"{year - 1}-{quota.index:03d}-{rank + 1:05d}",
            [next(pledge_ids) for _ in holders[rank]],
        )
        found.append(contract)
    return found


def _lives(alive: int, years: int, rng: Random) -> Iterator[tuple[int, int]]:
    """(first, last) year of each contract, so that `alive` live in each year; the last may end after the plan."""
    ends: list[int] = []
    for year in range(years):
        ends = [end for end in ends if end >= year]
        for life in dealt(_LIVES, alive - len(ends), rng):
            end = year + (rng.randint(1, life) if year == 0 and years > 1 else life) - 1
            ends.append(end)
            yield year, end


def attribute(contracts: Sequence[Contract], parties: Parties, almanac: Almanac, rng: Random) -> None:
    """Gives each contract its buyer, its sector and its object, so that hours fall in the published proportions.

    Every buyer has a contract that lives in the last year.
    """
    buyers = {rank: buyer.share for rank, buyer in enumerate(parties.buyers)}
    late = [one for one in contracts if one.last >= almanac.years - 1]
    early = [one for one in contracts if one.last < almanac.years - 1]
    for group in (late, early):
        group.sort(key=lambda contract: -contract.cents)
        for contract, rank in zip(group, _fairly(buyers, group), strict=True):
            contract.buyer = parties.buyers[rank]
        for contract, sector in zip(group, _fairly(SECTORS, group), strict=True):
            contract.sector = sector
            contract.object = f"{rng.choice(TRADES[sector].works)}, {contract.place[1]}, lot {rng.randint(1, 12)}"
    served = Counter(contract.buyer.id for contract in late)
    for buyer in parties.buyers:
        if not served[buyer.id]:
            # The smallest contract of somebody who has others.
            spare = next(one for one in reversed(late) if served[one.buyer.id] > 1)
            served[spare.buyer.id] -= 1
            spare.buyer, served[buyer.id] = buyer, 1


def _fairly(shares: Mapping[T, float], contracts: Sequence[Contract]) -> Iterator[T]:
    """For each contract, whoever is furthest below its share of the hours."""
    whole = sum(contract.cents for contract in contracts)
    left = {kind: share * whole / sum(shares.values()) for kind, share in shares.items()}
    for contract in contracts:
        kind = max(left, key=left.__getitem__)
        left[kind] -= contract.cents
        yield kind


def _holders(parties: Parties, levers: Sequence[Lever], rng: Random) -> list[list[Party]]:
    """Who holds each contract: companies in turn, insertion structures where the contract is reserved to them."""
    companies = parties.by_mode[DIRECT]
    insertion = [firm for mode in INSERTION for firm in parties.by_mode[mode]]
    found = []
    for rank, lever in enumerate(levers):
        pool = insertion if lever in RESERVED else companies
        holders = [pool[rank % len(pool)]]
        if lever not in RESERVED and rng.random() < _GROUPINGS:
            holders.append(pool[(rank + 1) % len(pool)])
        found.append(holders)
    return found


def _in_charge(parties: Parties, is_running: bool, rng: Random) -> Account:
    """The first facilitator follows what still runs, so that its desk is full; its colleagues followed the rest."""
    return parties.facilitators[0] if is_running else rng.choice(parties.facilitators)
