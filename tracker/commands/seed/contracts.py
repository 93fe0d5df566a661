"""The contracts of a block, each with one clause: whose they are, who holds them, in which years they live."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

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

# Years that a contract lives, and how many of a hundred do.
_LIVES = {2: 30, 3: 35, 4: 35}
# A few contracts bear most of the hours: Pareto's law, cut.
_PARETO, _HEAVIEST = 1.05, 60.0
_GROUPINGS = 0.08
_LONGEST_END = 181


@dataclass(slots=True)
class Contract:
    """A contract, its clause and its pledges: one identifier serves for all three, more for further holders.

    `first` and `last`: ranks of the years in which somebody works on it. `pledges`: (id, holder).
    """

    id: int
    buyer: Party
    holders: list[Party]
    sector: str
    lever: Lever
    place: tuple[str, str]
    facilitator: Account
    first: int
    last: int
    weight: float
    notified_on: date
    ends_on: date
    number: str
    object: str
    pledges: list[int] = field(default_factory=list)
    cents: int = 0

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
    count = len(lives)
    buyers = _dealt_buyers(parties.buyers, lives, almanac.years - 1, rng)
    sectors, levers = dealt(SECTORS, count, rng), dealt(LEVERS, count, rng)
    holders = _holders(parties, [LEVER_OF[lever] for lever in levers], rng)
    pledge_ids = iter(range(quota.first_id + 1, quota.first_id + 10**6))
    found = []
    for rank, (first, last) in enumerate(lives):
        year = almanac.first_year + first
        sector = sectors[rank]
        place = rng.choice(places)
        contract = Contract(
            quota.first_id + rank + 1,
            buyers[rank],
            holders[rank],
            sector,
            LEVER_OF[levers[rank]],
            place,
            _in_charge(parties, last >= almanac.years - 1, rng),
            first,
            last,
            min(rng.paretovariate(_PARETO), _HEAVIEST),
            date(year - 1, 10, 1) + timedelta(days=rng.randrange(60)),
            date(almanac.first_year + last, 12, 31) + timedelta(days=rng.randrange(_LONGEST_END)),
            f"{year - 1}-{quota.index:03d}-{rank + 1:05d}",
            f"{rng.choice(TRADES[sector].works)}, {place[1]}, lot {rng.randint(1, 12)}",
        )
        contract.pledges = [next(pledge_ids) for _ in contract.holders]
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


def _dealt_buyers(buyers: Sequence[Party], lives: Sequence[tuple[int, int]], last: int, rng: Random) -> list[Party]:
    """Each contract's buyer, in the proportions of their kinds; every buyer has one that lives in the last year."""
    shares = {rank: buyer.share for rank, buyer in enumerate(buyers)}
    late = [rank for rank, (_, end) in enumerate(lives) if end >= last]
    found: dict[int, Party] = {}
    wanted = dealt(shares, len(late), rng)
    for missing in sorted(set(shares) - set(wanted)):
        most = max(shares, key=wanted.count)
        wanted[wanted.index(most)] = missing
    for rank, buyer in zip(late, wanted, strict=True):
        found[rank] = buyers[buyer]
    early = [rank for rank in range(len(lives)) if rank not in found]
    for rank, buyer in zip(early, dealt(shares, len(early), rng), strict=True):
        found[rank] = buyers[buyer]
    return [found[rank] for rank in range(len(lives))]


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
