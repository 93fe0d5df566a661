"""The three scales, their published figures, and how a scale is cut into blocks that are made apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from tracker.commands.seed.shares import split

# A block has one room of identifiers for each table: at most so many lines for a person's year.
LINES_A_PERSON_YEAR = 16
HUNDRED = 100


@dataclass(frozen=True)
class Scale:
    """What a scale must hit in its last year, to the unit; `growth` is what hours gain from year to year.

    `people` have at least one counted hour, `contracts` bear some, `buyers` own them. `crowd`: placements of one
    employer in the last month. `first`: people, contracts, buyers, firms of the block that the sign-ins look at.
    """

    name: str
    source: str
    years: int
    hours: int
    people: int
    contracts: int
    buyers: int
    firms: int
    structures: int
    facilitators: int
    rsa_percent: int = 40
    growth: float = 0.0
    crowd: int = 0
    first: tuple[int, int, int, int] | None = None


SCALES = {
    scale.name: scale
    for scale in (
        Scale(
            "structure",
            "Une structure porteuse : 275 marchés, 227 personnes, 99 entreprises, 15 acheteurs, 89 508 h",
            years=1,
            hours=89_508,
            people=227,
            contracts=275,
            buyers=15,
            firms=99,
            structures=1,
            facilitators=1,
        ),
        Scale(
            "department",
            "Un Département : 74 000 h par an, dont 40 % par des allocataires du RSA (2015)",
            years=10,
            hours=74_000,
            people=190,
            contracts=170,
            buyers=15,
            firms=99,
            structures=1,
            facilitators=3,
        ),
        Scale(
            "national",
            "Alliance Villes Emploi, 2021 : 25 124 684 h, 57 231 participants, 58 454 marchés, 3 576 maîtres d’ouvrage",
            years=10,
            hours=25_124_684,
            people=57_231,
            contracts=58_454,
            buyers=3_576,
            firms=24_000,
            structures=300,
            facilitators=500,
            growth=0.02,
            crowd=300,
            first=(1_400, 310, 20, 180),
        ),
    )
}


@dataclass(frozen=True)
class Quota:
    """What one block must hit: one carrying structure and all that is around it.

    `hours` and `rsa_hours`: hundredths of an hour by year, oldest first. `first_id`: its identifiers begin after it.
    """

    index: int
    first_id: int
    people: int
    contracts: int
    buyers: int
    firms: int
    facilitators: int
    hours: tuple[int, ...]
    rsa_hours: tuple[int, ...]
    crowd: int = 0


@dataclass(frozen=True)
class Plan:
    """A world to make: reproducible from these three alone."""

    scale: Scale
    seed: int
    last_year: int

    @property
    def first_year(self) -> int:
        return self.last_year - self.scale.years + 1

    def rng(self, what: object) -> Random:
        """Chance of its own for each part, so that parts can be made in any order."""
        return Random(f"{self.scale.name} {self.seed} {what}")


def quotas_of(plan: Plan) -> list[Quota]:
    """Each block's part of the scale; they sum to it exactly."""
    scale, rng = plan.scale, plan.rng("quotas")
    weights = [rng.uniform(0.6, 1.4) for _ in range(scale.structures)]
    first = scale.first or (None, None, None, None)
    people = _parts(scale.people, weights, first[0])
    contracts = _parts(scale.contracts, [one * rng.uniform(0.94, 1.06) for one in people], first[1])
    buyers = _parts(scale.buyers, people, first[2])
    firms = _parts(scale.firms, people, first[3])
    facilitators = _at_least_one(scale.facilitators, people)
    hours = _hours_of(plan, [one * rng.uniform(0.96, 1.04) for one in people])
    rsa = [split(sum(year) * scale.rsa_percent // HUNDRED, year) for year in hours]
    found, first_id = [], 0
    for index in range(scale.structures):
        found.append(
            Quota(
                index,
                first_id,
                people[index],
                contracts[index],
                buyers[index],
                firms[index],
                facilitators[index],
                tuple(year[index] for year in hours),
                tuple(year[index] for year in rsa),
                scale.crowd if index == 0 else 0,
            )
        )
        first_id += people[index] * scale.years * LINES_A_PERSON_YEAR
    return found


def _parts(total: int, weights: Sequence[float], first: int | None) -> list[int]:
    """The total cut by weights, the first part being given when it is chosen."""
    if first is None:
        return split(total, weights)
    return [first, *split(total - first, weights[1:])]


def _at_least_one(total: int, weights: Sequence[float]) -> list[int]:
    return [1 + more for more in split(total - len(weights), weights)]


def _hours_of(plan: Plan, weights: Sequence[float]) -> list[list[int]]:
    """Hundredths of an hour by year, then by block; RSA hours are whole hundredths of them."""
    scale = plan.scale
    years = [1 - scale.growth * (scale.years - 1 - rank) for rank in range(scale.years)]
    return [split(round(scale.hours * share) * HUNDRED, weights) for share in years]
