"""The people of a block and their placements: when, on which contract, for whom."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from tracker.commands.seed.almanac import Almanac
from tracker.commands.seed.contracts import Contract
from tracker.commands.seed.parties import Parties, Party
from tracker.commands.seed.scales import Quota
from tracker.commands.seed.shares import DIRECT, HIRINGS, MODES, Hiring
from tracker.contracts.rules.means import Means
from tracker.placements.rules import ContractType
from tracker.vocabulary.dates import MONTHS_A_YEAR

# Of three people of a year, one came from the year before and one goes on to the next.
_CROSSING = 3
_PIECES_WITHIN = {1: 50, 2: 40, 3: 10}
_PIECES_ACROSS = {2: 35, 3: 40, 4: 25}
# One placement of a person is long; the others last a month or two.
_SHORT = 2
# How much of a contract of work is done on the public contract: the other hours are worked elsewhere.
_LEAST_ACTIVE, _MOST_ACTIVE = 0.28, 0.60
_LATE_APPROVALS = 0.012
_LATE_BY = 9
_STARTS_IN_MONTH = 0.45
_LATEST_START = 12
_BEFORE_START = 3
# On so many contracts works the crowd of one employer.
_CROWDED = 3


@dataclass(slots=True, eq=False)
class Worker:
    """Somebody who works from `start` to `end`, months of the plan, under one decision: that of the first placement."""

    rank: int
    start: int
    end: int
    is_rsa: bool
    pieces: list[Piece] = field(default_factory=list)
    # The first day worked under the decision: its window opens then.
    opens_on: date = field(init=False)


@dataclass(slots=True, eq=False)
class Piece:
    """One placement: `first` and `last` are months of the plan, `starts_on` and `ends_on` the days within them."""

    worker: Worker
    first: int
    last: int
    starts_on: date
    ends_on: date
    activity: float
    approved_on: date
    proposed_on: date
    hiring: Hiring
    # Set by `place`; the identifier when the rows are written.
    contract: Contract = field(init=False)
    employer: Party = field(init=False)
    means: Means = field(init=False)
    pledge: int = field(init=False)
    id: int = field(init=False)

    @property
    def weight(self) -> float:
        """What its hours are in proportion of, whatever its hours a week."""
        return ((self.ends_on - self.starts_on).days + 1) * self.activity


def workers_of(quota: Quota, almanac: Almanac, rng: Random) -> list[Worker]:
    """The people of a block: exactly the quota's number works in each year, whoever crosses into the next."""
    found: list[Worker] = []
    carried = 0
    for year in range(almanac.years):
        fresh = quota.people - carried
        carried = quota.people // _CROSSING if year + 1 < almanac.years else 0
        for count, crosses in ((carried, True), (fresh - carried, False)):
            for is_rsa in _rsa_flags(quota, year, count, rng):
                start, end = _span(crosses, rng)
                base = year * MONTHS_A_YEAR
                found.append(Worker(len(found), base + start, base + end, is_rsa))
    for worker in found:
        worker.pieces = list(_pieces(worker, almanac, rng))
        worker.opens_on = min(max(piece.starts_on, piece.approved_on) for piece in worker.pieces)
    return found


def _rsa_flags(quota: Quota, year: int, count: int, rng: Random) -> list[bool]:
    recipients = round(count * quota.rsa_hours[year] / quota.hours[year])
    flags = [rank < recipients for rank in range(count)]
    rng.shuffle(flags)
    return flags


def _span(crosses: bool, rng: Random) -> tuple[int, int]:
    if crosses:
        return rng.randint(0, 6), MONTHS_A_YEAR + rng.randint(4, 11)
    length = rng.randint(6, MONTHS_A_YEAR)
    start = rng.randint(0, MONTHS_A_YEAR - length)
    return start, start + length - 1


def _pieces(worker: Worker, almanac: Almanac, rng: Random) -> Iterator[Piece]:
    """The worker's months cut into placements that follow each other, none sharing a month."""
    length = worker.end - worker.start + 1
    kinds = _PIECES_ACROSS if length > MONTHS_A_YEAR else _PIECES_WITHIN
    (count,) = rng.choices(tuple(kinds), tuple(kinds.values()))
    lengths = [rng.randint(1, _SHORT) for _ in range(count - 1)]
    lengths.insert(rng.randrange(count), length - sum(lengths))
    first = worker.start
    for months in lengths:
        yield _piece(worker, first, first + months - 1, almanac, rng)
        first += months


def _piece(worker: Worker, first: int, last: int, almanac: Almanac, rng: Random) -> Piece:
    opening, closing = almanac.months[first], almanac.months[last]
    starts_on = opening.day(rng.randint(2, _LATEST_START)) if rng.random() < _STARTS_IN_MONTH else opening.first
    ends_on = closing.day(rng.randint(16, 27)) if rng.random() < _STARTS_IN_MONTH else closing.last
    is_late = rng.random() < _LATE_APPROVALS and last > first
    approved_on = starts_on + timedelta(days=rng.randint(3, _LATE_BY)) if is_late else starts_on
    if not is_late:
        approved_on -= timedelta(days=rng.randint(0, _BEFORE_START))
    proposed_on = min(starts_on, approved_on) - timedelta(days=rng.randint(2, 9))
    activity = rng.uniform(_LEAST_ACTIVE, _MOST_ACTIVE)
    return Piece(worker, first, last, starts_on, ends_on, activity, approved_on, proposed_on, next(iter(HIRINGS)))


def place(
    quota: Quota, parties: Parties, contracts: Sequence[Contract], workers: Sequence[Worker], rng: Random
) -> None:
    """Gives each placement its contract, its kind of hiring and its employer; each living contract gets somebody."""
    pieces = [piece for worker in workers for piece in worker.pieces]
    years = 1 + max(piece.last for piece in pieces) // MONTHS_A_YEAR
    crowd = _crowd(quota, pieces, years)
    _assign_contracts(contracts, pieces, years, crowd, rng)
    _assign_hirings(pieces, rng)
    etti = parties.by_mode["ETTI"][0]
    kind = next(one for one in HIRINGS if one.contract_type is ContractType.TEMPORARY_INSERTION)
    for piece in pieces:
        if piece in crowd:
            piece.hiring, piece.employer, piece.means = kind, etti, Means.HIRING_OUT
        else:
            _employ(piece, parties, rng)
        _pledge(piece, rng)


def _crowd(quota: Quota, pieces: Sequence[Piece], years: int) -> set[Piece]:
    """The placements of the last month that one employer has; LookupError when too few people work then."""
    december = years * MONTHS_A_YEAR - 1
    found = [one for one in pieces if one.last == december and _year(one.first) == years - 1][: quota.crowd]
    if len(found) < quota.crowd:
        raise LookupError(f"{len(found)} placements in the last month, {quota.crowd} wanted")
    return set(found)


def _year(month: int) -> int:
    return month // MONTHS_A_YEAR


def _assign_contracts(
    contracts: Sequence[Contract], pieces: Sequence[Piece], years: int, crowd: set[Piece], rng: Random
) -> None:
    """Year by year; a placement that goes on into the next year brings its contract somebody in both."""
    carried: set[int] = set()
    for year in range(years):
        begun = [piece for piece in pieces if _year(piece.first) == year]
        # The shortest placements go to the contracts that have nobody yet: many are small, a few bear the crowds.
        begun.sort(key=lambda piece: piece.last - piece.first)
        alive = [one for one in contracts if one.first <= year <= one.last]
        wanted = [one for one in alive if one.id not in carried]
        rng.shuffle(wanted)
        across = [piece for piece in begun if _year(piece.last) > year]
        within = [piece for piece in begun if _year(piece.last) == year and piece not in crowd]
        lacking = [one for one in wanted if one.last > year][: max(0, len(wanted) - len(within))]
        _hand_out(across, lacking, [one for one in alive if one.last > year], rng)
        carried = {piece.contract.id for piece in across}
        wanted = [one for one in wanted if one.id not in carried]
        crowded = [one for one in wanted if not one.is_reserved][: _CROWDED if year == years - 1 and crowd else 0]
        _hand_out([piece for piece in begun if piece in crowd], crowded, crowded, rng)
        left = _hand_out(within, [one for one in wanted if one not in crowded], alive, rng)
        if left:
            raise LookupError(f"{left} contracts of year {year} would have nobody")


def _hand_out(pieces: Sequence[Piece], wanted: Sequence[Contract], others: Sequence[Contract], rng: Random) -> int:
    """One placement to each wanted contract, the rest by weight; how many wanted ones got nobody."""
    served = min(len(pieces), len(wanted))
    for piece, contract in zip(pieces, wanted, strict=False):
        piece.contract = contract
    if served < len(pieces):
        drawn = rng.choices(others, [one.weight for one in others], k=len(pieces) - served)
        for piece, contract in zip(pieces[served:], drawn, strict=True):
            piece.contract = contract
    return len(wanted) - served


def _assign_hirings(pieces: Sequence[Piece], rng: Random) -> None:
    """Kinds of hiring so that hours fall in their published proportions; a contract keeps to one kind, or to two.

    Placements stand in a row, contract by contract, reserved ones first: each kind takes its length of the row.
    """
    order = {mode: rng.random() for mode in MODES}
    kinds = sorted(HIRINGS, key=lambda one: (one.contract_type is not ContractType.CDDI, order[one.mode]))
    # Whoever works fewer hours a week needs a longer part of the row for the same share of the hours.
    bounds = list(accumulate(HIRINGS[kind] / kind.weekly for kind in kinds))
    turns: dict[Contract, tuple[bool, float]] = {}
    for piece in pieces:
        if piece.contract not in turns:
            turns[piece.contract] = (not piece.contract.is_reserved, rng.random())
    row = sorted(pieces, key=lambda piece: turns[piece.contract])
    lengths = list(accumulate(piece.weight for piece in row))
    for piece, length in zip(row, lengths, strict=True):
        middle = (length - piece.weight / 2) / lengths[-1] * bounds[-1]
        piece.hiring = kinds[min(bisect_left(bounds, middle), len(kinds) - 1)]


def _employ(piece: Piece, parties: Parties, rng: Random) -> None:
    """The employer: a holder for a direct hire, and wherever the holder is of that kind; else a firm of that kind."""
    contract = piece.contract
    mode = piece.hiring.mode
    alike = [holder for holder in contract.holders if holder.mode == mode]
    if mode == DIRECT and not alike:
        piece.hiring, mode = next(one for one in HIRINGS if one.mode == contract.holders[0].mode), ""
        alike = contract.holders[:1]
    if alike:
        piece.employer, piece.means = rng.choice(alike), Means.DIRECT_HIRE
        return
    pool = parties.by_mode[mode]
    # One contract calls on the same firm of a kind.
    piece.employer = pool[contract.id % len(pool)]
    piece.means = piece.hiring.means


def _pledge(piece: Piece, rng: Random) -> None:
    contract, employer = piece.contract, piece.employer
    own = [rank for rank, holder in enumerate(contract.holders) if holder is employer]
    piece.pledge = contract.pledges[own[0] if own else rng.randrange(len(contract.pledges))]
