"""The proportions of a real Département, as it published them, and how the seed deals them.

Source: Hérault, « observatoire de la clause sociale », 2020, percents of hours (a test compares them with the file).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import TypeVar

from tracker.contracts.rules.levers import Ccag, Lever
from tracker.contracts.rules.means import Means
from tracker.placements.rules import ContractType

SOURCE = "Hérault, observatoire de la clause sociale, 2020"
T = TypeVar("T")

# Hiring modes by the type of the employer; « Embauche directe » is the holder itself.
DIRECT = "Embauche directe"
MODES = {
    DIRECT: 49,
    "ETTI": 18,
    "ETT": 8,
    "GEIQ": 8,
    "EI": 8,
    "AI": 4,
    "Régie de quartier": 3,
    "EA": 1,
    "Autres": 1,
    "ACI": 0.1,
    "ESAT": 0.1,
}
CONTRACTS = {
    "CDI": 29,
    "CDD insertion": 16,
    "CDD": 15,
    "Intérim d’insertion": 15,
    "Alternance": 14,
    "Intérim classique": 11,
    "Stage": 0.1,
}
SECTORS = {
    "Bâtiment": 24,
    "Travaux publics": 20,
    "Traitement des eaux et gestion des déchets": 19,
    "Autres services": 14,
    "Nettoyage": 14,
    "Espaces verts": 4,
    "Action sociale": 3,
    "Industrie": 1,
    "Prestations intellectuelles": 1,
    "Restauration": 0.3,
}
BUYERS = {
    "Intercommunalités": 41,
    "Syndicats ou sociétés d’économie mixte": 16,
    "Conseil départemental": 12,
    "Bailleurs sociaux": 11,
    "Communes": 7,
    "Conseil régional": 4,
    "Établissements publics": 4,
    "État": 3,
    "Privés": 2,
    "Autres": 1,
    "Organisme sécurité sociale": 0.2,
}
LEVERS = {
    "Condition d’exécution": 94,
    "Condition d’exécution et d’attribution": 2,
    "Marchés réservés IAE": 2,
    "Marchés d’insertion": 2,
}
# The axis of the published file that each table retypes.
AXES: Mapping[str, Mapping[str, float]] = {
    "modalité d’embauche": MODES,
    "contrat": CONTRACTS,
    "secteur": SECTORS,
    "donneur d’ordres": BUYERS,
    "catégorie de clause": LEVERS,
}

LEVER_OF = {
    "Condition d’exécution": Lever.EXECUTION_CONDITION,
    "Condition d’exécution et d’attribution": Lever.CONDITION_AND_CRITERION,
    "Marchés réservés IAE": Lever.RESERVED_SIAE,
    "Marchés d’insertion": Lever.INSERTION_SERVICES,
}
RESERVED = {Lever.RESERVED_SIAE, Lever.INSERTION_SERVICES}
CONTRACT_OF = {
    ContractType.CDI: "CDI",
    ContractType.CDDI: "CDD insertion",
    ContractType.CDD: "CDD",
    ContractType.TEMPORARY_INSERTION: "Intérim d’insertion",
    ContractType.APPRENTICESHIP: "Alternance",
    ContractType.PROFESSIONALISATION: "Alternance",
    ContractType.TEMPORARY: "Intérim classique",
}


@dataclass(frozen=True)
class Hiring:
    """One way of hiring: by whom, under which contract, by which means, for how many hours a week."""

    mode: str
    contract_type: ContractType
    means: Means
    weekly: int


# Both published tables at once: the sums of rows by mode and by contract are theirs. An internship counts no hour: the
# tenth of a point it has in the published table goes to the « Autres ».
HIRINGS = {
    Hiring(DIRECT, ContractType.CDI, Means.DIRECT_HIRE, 35): 29,
    Hiring(DIRECT, ContractType.CDD, Means.DIRECT_HIRE, 30): 14,
    Hiring(DIRECT, ContractType.APPRENTICESHIP, Means.DIRECT_HIRE, 35): 4,
    Hiring(DIRECT, ContractType.PROFESSIONALISATION, Means.DIRECT_HIRE, 35): 2,
    Hiring("ETTI", ContractType.TEMPORARY_INSERTION, Means.HIRING_OUT, 35): 15,
    Hiring("ETTI", ContractType.TEMPORARY, Means.HIRING_OUT, 35): 3,
    Hiring("ETT", ContractType.TEMPORARY, Means.HIRING_OUT, 35): 8,
    Hiring("GEIQ", ContractType.PROFESSIONALISATION, Means.HIRING_OUT, 35): 5,
    Hiring("GEIQ", ContractType.APPRENTICESHIP, Means.HIRING_OUT, 35): 3,
    Hiring("EI", ContractType.CDDI, Means.CONTRACTING, 28): 8,
    Hiring("AI", ContractType.CDDI, Means.CONTRACTING, 24): 4,
    Hiring("Régie de quartier", ContractType.CDDI, Means.CONTRACTING, 26): 3,
    Hiring("EA", ContractType.CDD, Means.CONTRACTING, 28): 1,
    Hiring("Autres", ContractType.CDDI, Means.CONTRACTING, 28): 1,
    Hiring("ACI", ContractType.CDDI, Means.CONTRACTING, 26): 0.1,
    Hiring("ESAT", ContractType.ESAT, Means.CONTRACTING, 28): 0.1,
}
# Who may hold a contract reserved to insertion through economic activity.
INSERTION = ("EI", "Régie de quartier", "ACI")


@dataclass(frozen=True)
class Trade:
    """A sector as contracts show it: CPV code, general conditions, works and jobs."""

    cpv: str
    ccag: Ccag
    works: tuple[str, ...]
    jobs: tuple[str, ...]


TRADES = {
    "Bâtiment": Trade(
        "45210000",
        Ccag.TRAVAUX,
        ("Réhabilitation énergétique", "Construction de logements", "Extension du groupe scolaire"),
        ("maçon", "peintre", "plaquiste", "manœuvre", "coffreur"),
    ),
    "Travaux publics": Trade(
        "45233140",
        Ccag.TRAVAUX,
        ("Réfection de voirie", "Enfouissement de réseaux", "Aménagement de la place"),
        ("manœuvre de travaux publics", "canalisateur", "paveuse"),
    ),
    "Traitement des eaux et gestion des déchets": Trade(
        "90500000",
        Ccag.FCS,
        ("Collecte des déchets ménagers", "Exploitation de la déchèterie", "Entretien des stations d’épuration"),
        ("agent de collecte", "agente de tri", "agent de déchèterie"),
    ),
    "Autres services": Trade(
        "98390000",
        Ccag.FCS,
        ("Gardiennage des sites", "Déménagement des services", "Accueil du public"),
        ("agent d’accueil", "agente polyvalente", "manutentionnaire"),
    ),
    "Nettoyage": Trade(
        "90910000",
        Ccag.FCS,
        ("Nettoyage des bâtiments", "Propreté des écoles", "Nettoyage des parties communes"),
        ("agente d’entretien", "laveur de vitres"),
    ),
    "Espaces verts": Trade(
        "77310000", Ccag.FCS, ("Entretien des espaces verts", "Élagage des alignements"), ("jardinier", "paysagiste")
    ),
    "Action sociale": Trade(
        "85300000", Ccag.FCS, ("Portage de repas à domicile", "Accompagnement social"), ("aide à domicile",)
    ),
    "Industrie": Trade("45350000", Ccag.MI, ("Maintenance des équipements",), ("opérateur de maintenance",)),
    "Prestations intellectuelles": Trade("71300000", Ccag.PI, ("Études de circulation",), ("assistante d’études",)),
    "Restauration": Trade("55500000", Ccag.FCS, ("Restauration des collèges",), ("aide de cuisine", "commis")),
}
# How the name of a buyer of each kind begins: the checker reads the kind from it.
BUYER_NAMES = {
    "Intercommunalités": "Communauté de communes",
    "Syndicats ou sociétés d’économie mixte": "Syndicat mixte",
    "Conseil départemental": "Département",
    "Bailleurs sociaux": "Office public de l’habitat",
    "Communes": "Commune",
    "Conseil régional": "Région",
    "Établissements publics": "Établissement public",
    "État": "Préfecture",
    "Privés": "Société foncière",
    "Autres": "Association",
    "Organisme sécurité sociale": "Caisse primaire",
}


def dealt(shares: Mapping[T, float], count: int, rng: Random) -> list[T]:
    """`count` cards in the proportions of the shares, shuffled; a small share comes in its turn from deal to deal."""
    bounds = list(accumulate(shares.values()))
    step, start = bounds[-1] / count if count else 0, rng.random()
    cards: list[T] = []
    for kind, bound in zip(shares, bounds, strict=True):
        while len(cards) < count and (start + len(cards)) * step <= bound:
            cards.append(kind)
    cards += [next(iter(shares))] * (count - len(cards))
    rng.shuffle(cards)
    return cards


def split(total: int, weights: Sequence[float]) -> list[int]:
    """Whole parts in proportion to the weights that sum to the total; what is left goes to the largest remainders."""
    exact = [total * weight / sum(weights) for weight in weights]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda rank: parts[rank] - exact[rank])
    for rank in by_remainder[: total - sum(parts)]:
        parts[rank] += 1
    return parts
