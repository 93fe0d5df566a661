"""The organisations of a block and who acts for them: carrying structure, buyers, firms, insertion structures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from tracker.accounts.rules import OrganisationKind, Role
from tracker.commands.seed.names import family_name, firm_name, given_name, siret_of
from tracker.commands.seed.scales import Quota
from tracker.commands.seed.shares import BUYER_NAMES, BUYERS, DIRECT
from tracker.participants.rules.identity import Sex

# The ordinary Département's buyers, in the order in which a block has them; small communes come last.
_BUYERS = (
    "Intercommunalités",
    "Syndicats ou sociétés d’économie mixte",
    "Conseil départemental",
    "Bailleurs sociaux",
    "Communes",
    "Conseil régional",
    "Établissements publics",
    "État",
    "Privés",
    "Autres",
    "Intercommunalités",
    "Communes",
    "Organisme sécurité sociale",
    "Syndicats ou sociétés d’économie mixte",
    "Bailleurs sociaux",
)
_MORE_BUYERS = ("Communes", "Intercommunalités")
# Of a hundred firms, so many are structures of each type.
_STRUCTURES = {"ETTI": 3, "ETT": 2, "GEIQ": 2, "EI": 3, "AI": 1, "Régie de quartier": 1, "EA": 1, "Autres": 1}
_RARE = ("ACI", "ESAT")
HUNDRED = 100
DOMAIN = "seed.example"


@dataclass(slots=True)
class Party:
    """An organisation; `share` is a buyer's part of the contracts, `mode` a firm's hiring mode."""

    id: int
    kind: OrganisationKind
    name: str
    siret: str
    mode: str = ""
    share: float = 0.0


@dataclass(slots=True)
class Account:
    """Somebody who signs in, or would, for one organisation."""

    id: int
    party: Party
    role: Role
    given_name: str
    family_name: str
    email: str
    has_password: bool = False

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


@dataclass(slots=True)
class Parties:
    """Everybody around the participants of a block; `acts_for` gives the employer's account by organisation."""

    structure: Party
    buyers: list[Party]
    firms: list[Party]
    facilitators: list[Account]
    by_mode: dict[str, list[Party]] = field(default_factory=dict)
    acts_for: dict[int, Account] = field(default_factory=dict)
    others: list[Account] = field(default_factory=list)

    @property
    def organisations(self) -> list[Party]:
        return [self.structure, *self.buyers, *self.firms]

    @property
    def accounts(self) -> list[Account]:
        return [*self.facilitators, *self.acts_for.values(), *self.others]


def parties_of(quota: Quota, places: Sequence[tuple[str, str]], rng: Random) -> Parties:
    """The organisations of a block around these communes (code, name); the first block holds the sign-ins."""
    numbers = iter(range(quota.first_id + 1, quota.first_id + 10**6))
    place = places[0][1]
    structure = _party(numbers, OrganisationKind.CARRYING_STRUCTURE, f"Maison de l’emploi de {place}")
    buyers = list(_buyers(quota, places, numbers, rng))
    firms = list(_firms(quota, numbers, rng))
    parties = Parties(structure, buyers, firms, [])
    for firm in firms:
        parties.by_mode.setdefault(firm.mode, []).append(firm)
    persons = iter(range(quota.first_id + 1, quota.first_id + 10**6))
    parties.facilitators = [_account(persons, structure, Role.FACILITATOR, rng) for _ in range(quota.facilitators)]
    parties.acts_for = {firm.id: _account(persons, firm, Role.EMPLOYER, rng) for firm in firms}
    if quota.index == 0:
        _open_sign_ins(parties, persons, rng)
    return parties


def _party(numbers: Iterator[int], kind: OrganisationKind, name: str, mode: str = "", share: float = 0.0) -> Party:
    id_ = next(numbers)
    return Party(id_, kind, name, siret_of(id_), mode, share)


def _buyers(quota: Quota, places: Sequence[tuple[str, str]], numbers: Iterator[int], rng: Random) -> Iterator[Party]:
    kinds = [
        _BUYERS[rank] if rank < len(_BUYERS) else _MORE_BUYERS[rank % len(_MORE_BUYERS)] for rank in range(quota.buyers)
    ]
    for rank, kind in enumerate(kinds):
        place = places[rank % len(places)][1] if rank else places[0][1]
        name = f"{BUYER_NAMES[kind]} de {place}"
        yield _party(numbers, OrganisationKind.BUYER, name, kind, _share(kinds, rank))


def _share(kinds: Sequence[str], rank: int) -> float:
    """A buyer's part of the hours of its kind: the first buyer has half of them, the others the rest alike."""
    alike = kinds.count(kinds[rank])
    if kinds[rank] != kinds[0] or alike == 1:
        return BUYERS[kinds[rank]] / alike
    return BUYERS[kinds[0]] / 2 / (1 if rank == 0 else alike - 1)


def _firms(quota: Quota, numbers: Iterator[int], rng: Random) -> Iterator[Party]:
    modes = [mode for mode, share in _STRUCTURES.items() for _ in range(max(1, share * quota.firms // HUNDRED))]
    modes += _RARE
    for mode in modes:
        yield _party(numbers, OrganisationKind.INSERTION_STRUCTURE, firm_name(rng, mode), mode)
    for _ in range(quota.firms - len(modes)):
        yield _party(numbers, OrganisationKind.COMPANY, firm_name(rng), DIRECT)


def _account(persons: Iterator[int], party: Party, role: Role, rng: Random) -> Account:
    id_ = next(persons)
    given, family = given_name(rng, rng.choice((Sex.FEMALE, Sex.MALE))), family_name(rng)
    return Account(id_, party, role, given, family, f"{role.value}-{id_}@{DOMAIN}")


# Who signs in to look at the world, by role.
ADDRESSES = {
    Role.FACILITATOR: f"facilitatrice@{DOMAIN}",
    Role.OFFICER: f"acheteuse@{DOMAIN}",
    Role.EMPLOYER: f"employeur@{DOMAIN}",
    Role.ADMINISTRATOR: f"administration@{DOMAIN}",
    Role.OBSERVER: f"observation@{DOMAIN}",
}


def _open_sign_ins(parties: Parties, persons: Iterator[int], rng: Random) -> None:
    """Gives an address and a password to one person of each role; the employer is the first temporary work firm."""
    big = max(parties.buyers, key=lambda buyer: buyer.share)
    parties.others = [
        _account(persons, big, Role.OFFICER, rng),
        _account(persons, parties.structure, Role.ADMINISTRATOR, rng),
        _account(persons, parties.structure, Role.OBSERVER, rng),
    ]
    shown = [parties.facilitators[0], parties.acts_for[parties.by_mode["ETTI"][0].id], *parties.others]
    for account in shown:
        account.email, account.has_password = ADDRESSES[account.role], True
