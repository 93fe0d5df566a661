"""The demonstration's story as tables: who is invented, which clauses, who works, how many hours, what waits."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from tracker.contracts.rules.clauses import Figures
from tracker.contracts.rules.obligations import Basis
from tracker.participants.rules.decisions import RsaStatus
from tracker.participants.rules.identity import EducationLevel, Sex
from tracker.placements.rules import ContractType, Means
from tracker.publics.rules import Proof


@dataclass(frozen=True)
class Firm:
    """An organisation beside those of the published contracts, and who acts for it."""

    name: str
    person: str
    email: str
    siret: str = ""
    structure_type: str = ""


FIRMS = (
    Firm("Guérin Construction", "Sophie Guérin", "employeur@demo.example"),
    Firm("Menuiserie Aubry et Fils", "Marc Aubry", "aubry@demo.example"),
    Firm("Thermélec", "Lise Fournier", "thermelec@demo.example"),
    Firm("Vertès Paysage", "Paul Vertès", "vertes@demo.example"),
    Firm("Propreté du Val", "Nora Belkacem", "proprete@demo.example"),
    Firm("Mobilité Douce 2 Rives", "Éric Tessier", "mobilite@demo.example"),
    Firm("Cuisines du Val de Vienne", "Anne Charrier", "cuisines@demo.example"),
    Firm("Les Jardins de Saint-Aubin (ACI)", "Hugo Renaud", "jardins@demo.example"),
    Firm("Intérim Passerelle", "Sarah Collin", "passerelle@demo.example", "00009900200016", "ETTI"),
)


@dataclass(frozen=True)
class Obligation:
    """A clause to register: its contract (number, and a word of its object), its terms, what its hours are made of.

    `amendments`: (day, hours, note) that come later.
    """

    key: str
    number: str
    lot: str
    article: str
    perimeter: str
    starts_on: date | None
    ends_on: date | None
    figures: Figures
    amendments: tuple[tuple[date, str, str], ...] = ()


def fixed(minimum: str, offered: str | None = None) -> Figures:
    """Hours that the contract fixes, or that the offer raised."""
    return Figures(Basis.FIXED, minimum=Decimal(minimum), offered=Decimal(offered) if offered else None)


def calculated(amount: str, labour_share: str, effort: str) -> Figures:
    """Hours calculated from the amount, at 28 € an hour."""
    values = [Decimal(one) for one in (amount, labour_share, effort)]
    return Figures(Basis.AMOUNT, amount=values[0], labour_share=values[1], effort=values[2], hourly_cost=Decimal(28))


OBLIGATIONS = (
    Obligation(
        "jean-zay-1",
        "2025-BAT-014",
        "lot 1",
        "CCAP, article 8.2",
        "Gros œuvre et façades",
        date(2025, 9, 1),
        date(2027, 2, 26),
        fixed("9600", "10000"),
        ((date(2026, 3, 12), "400", "Avenant n° 2 : extension de la façade nord."),),
    ),
    Obligation(
        "jean-zay-3",
        "2025-BAT-014",
        "lot 3",
        "CCAP, article 8.2",
        "Menuiseries extérieures",
        date(2025, 9, 1),
        date(2027, 2, 26),
        fixed("1600"),
    ),
    Obligation(
        "jean-zay-5",
        "2025-BAT-014",
        "lot 5",
        "CCAP, article 8.2",
        "Chauffage et ventilation",
        date(2025, 11, 3),
        date(2027, 2, 26),
        calculated("612400", "0.50", "0.10"),
    ),
    Obligation(
        "colleges",
        "2024-EV-006",
        "lot 2",
        "CCAP, article 8.2",
        "Entretien des espaces verts, secteur Nord",
        date(2024, 4, 1),
        date(2026, 3, 31),
        fixed("1400"),
        ((date(2024, 11, 18), "100", "Avenant n° 1 : un collège de plus."),),
    ),
    Obligation(
        "solidarite",
        "2025-NET-003",
        "Nettoyage",
        "CCAP, article 6.4",
        "Toutes les maisons de la solidarité",
        date(2025, 1, 20),
        date(2027, 1, 19),
        fixed("6200"),
    ),
    Obligation(
        "transport",
        "SM-2024-07",
        "lot 7",
        "CCAP, article 5",
        "Transport scolaire adapté",
        date(2024, 9, 2),
        date(2027, 7, 5),
        fixed("2400"),
    ),
    Obligation(
        "cuisines",
        "V2026-04",
        "Restauration",
        "CCAP, article 7.1",
        "Préparation et service des repas",
        date(2026, 1, 12),
        date(2027, 1, 11),
        fixed("620"),
    ),
    Obligation(
        "voirie",
        "2025-VOI-021",
        "secteur Est",
        "CCAP, article 8.2",
        "Tout le marché",
        None,
        None,
        calculated("3860000", "0.30", "0.05"),
    ),
)


@dataclass(frozen=True)
class Hire:
    """Somebody at work under a clause, and how the story decides it.

    `hours`: the usual month, or the whole to share out when `is_total`. `decided_on` None waits for a decision;
    `refusal` is the reason of a refusal.
    """

    clause: str
    employer: str
    name: str
    sex: Sex
    born_on: date
    commune: str
    level: EducationLevel
    contract_type: ContractType
    means: Means
    job: str
    weekly: str
    starts_on: date
    ends_on: date | None
    hours: str
    category: str
    rsa: RsaStatus
    proof: Proof
    decided_on: date | None
    refusal: str = ""
    is_total: bool = False


def read_hires(path: Path) -> tuple[Hire, ...]:
    """The people of the story, one a line, in the words of the rules."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(_hire(line) for line in csv.DictReader(file, delimiter=";"))


def _hire(line: dict[str, str]) -> Hire:
    typed = {name: kind(line[name]) for name, kind in KINDS.items()}
    days = {name: date.fromisoformat(line[name]) if line[name] else None for name in ("ends_on", "decided_on")}
    return Hire(**{**line, **typed, **days, "is_total": line["is_total"] == "oui"})  # type: ignore[arg-type]  # one column a field


KINDS: dict[str, Callable[[str], object]] = {
    "sex": Sex,
    "born_on": date.fromisoformat,
    "level": EducationLevel,
    "contract_type": ContractType,
    "means": Means,
    "starts_on": date.fromisoformat,
    "rsa": RsaStatus,
    "proof": Proof,
}
HIRES = read_hires(Path(__file__).with_name("hires.csv"))

# Hours that the story refuses: the site of another client.
REFUSED = {("Julien Royer", "2025-09"): "44.50"}
# Employers whose last months are not declared, by how many months.
LATE = {"Mobilité Douce 2 Rives": 3, "Cuisines du Val de Vienne": 1}
# Employers who have not confirmed yet the months in which nobody worked for them.
UNCONFIRMED = frozenset({"Thermélec"})
# Employers whose last month waits to be decided; the others' is accepted.
WAITING = frozenset({"Guérin Construction", "Menuiserie Aubry et Fils", "Intérim Passerelle"})
RETURNED = {"Propreté du Val": "Merci de joindre le relevé d’heures de Kévin Marchal."}
