"""Who is eligible, by edition of the list, and with which proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.vocabulary.dates import age_on, months_later
from tracker.vocabulary.law import Source

DEFAULT_EDITION = "EPEC-2021"
IAE_ORDER = Source(
    "Arrêté IAE du 4 septembre 2025, âge des justificatifs : lu pour l’IAE, à confirmer pour les clauses"
)


class Proof(StrEnum):
    """A kind of paper that shows a person belongs to a category."""

    RSA = "rsa"
    ASS = "ass"
    AAH = "aah"
    WIDOW = "widow"
    DELD = "deld"
    JOBSEEKER = "jobseeker"
    LONE_PARENT = "lone_parent"
    ADDRESS = "address"
    JUDICIAL = "judicial"
    CHILD_PROTECTION = "child_protection"
    RQTH = "rqth"
    DISABILITY_PENSION = "disability_pension"
    PERMIT = "permit"
    IDENTITY = "identity"
    YOUTH_SCHEME = "youth_scheme"
    SCHOOLING = "schooling"
    EMPLOYER = "employer"
    OPINION = "opinion"

    @property
    def label(self) -> str:
        return _PROOFS[self][0]

    @property
    def months(self) -> int | None:
        """It must be younger than so many months; None when it serves as long as it is in force."""
        return _PROOFS[self][1]

    def is_recent_on(self, issued_on: date, day: date) -> bool:
        """Whether a paper of that day is still young enough; « moins de 3 mois » ends the day it turns 3 months."""
        return self.months is None or day < months_later(issued_on, self.months)


_PROOFS: dict[Proof, tuple[str, int | None]] = {
    Proof.RSA: ("Attestation de RSA", 3),
    Proof.ASS: ("Attestation d’ASS", 3),
    Proof.AAH: ("Attestation d’AAH", 3),
    Proof.WIDOW: ("Attestation d’allocation veuvage", 3),
    Proof.DELD: ("Attestation de demande d’emploi de longue durée", 3),
    Proof.JOBSEEKER: ("Attestation d’inscription à France Travail", 3),
    Proof.LONE_PARENT: ("Attestation de parent isolé", 3),
    Proof.ADDRESS: ("Justificatif de domicile", 6),
    Proof.JUDICIAL: ("Justificatif de l’autorité judiciaire", 6),
    Proof.CHILD_PROTECTION: ("Justificatif de l’aide sociale à l’enfance", 12),
    Proof.RQTH: ("Reconnaissance de travailleur handicapé en cours de validité", None),
    Proof.DISABILITY_PENSION: ("Titre de pension d’invalidité en cours de validité", None),
    Proof.PERMIT: ("Titre de séjour en cours de validité", None),
    Proof.IDENTITY: ("Document d’identité", None),
    Proof.YOUTH_SCHEME: ("Contrat d’engagement dans le dispositif", None),
    Proof.SCHOOLING: ("Attestation de sortie du système scolaire", None),
    Proof.EMPLOYER: ("Attestation de la structure qui emploie", None),
    Proof.OPINION: ("Avis motivé de la facilitatrice ou du facilitateur", None),
}


@dataclass(frozen=True)
class Category:
    """One public of a list.

    `least_age` and `below_age` are whole years on the day of the decision; `needs_reason` asks for a reasoned opinion.
    """

    code: str
    label: str
    proofs: tuple[Proof, ...]
    is_rsa: bool = False
    least_age: int | None = None
    below_age: int | None = None
    needs_reason: bool = False

    def allows_age(self, age: int) -> bool:
        """Whether somebody of that age may belong to the category."""
        old_enough = self.least_age is None or age >= self.least_age
        return old_enough and (self.below_age is None or age < self.below_age)

    def allows_age_on(self, born_on: date, day: date) -> bool:
        """Whether somebody born that day may belong to it on the day of the decision."""
        return self.allows_age(age_on(born_on, day))

    @property
    def age_rule(self) -> str:
        """« à partir de 50 ans », « avant 26 ans », or nothing."""
        oldest = f"avant {self.below_age} ans" if self.below_age is not None else ""
        youngest = f"à partir de {self.least_age} ans" if self.least_age is not None else ""
        return " et ".join(part for part in (youngest, oldest) if part)


@dataclass(frozen=True)
class Edition:
    """A dated list of publics, attached to clauses; window terms stand with it."""

    code: str
    name: str
    in_force_from: date
    categories: tuple[Category, ...]
    window_months: int
    cdi_cap_years: int
    source: Source
    window_source: Source

    def category(self, code: str) -> Category:
        """The category of that code; LookupError when this list has none."""
        for category in self.categories:
            if category.code == code:
                return category
        raise LookupError(f"{self.code} has no category {code!r}")

    def has(self, code: str) -> bool:
        """Whether the list knows this category."""
        return any(category.code == code for category in self.categories)

    @property
    def rsa_category(self) -> Category | None:
        """The category of RSA recipients, which is a person's main one whenever it holds."""
        return next((category for category in self.categories if category.is_rsa), None)


_EPEC_CATEGORIES = (
    Category(
        "rsa",
        "Allocataires du RSA ou leurs ayants droit",
        (Proof.RSA,),
        is_rsa=True,
    ),
    Category("deld", "Demandeurs d’emploi de longue durée (plus de 12 mois)", (Proof.DELD,)),
    Category(
        "senior",
        "Demandeurs d’emploi de plus de 50 ans",
        (Proof.JOBSEEKER, Proof.DELD),
        least_age=50,
    ),
    Category(
        "minima",
        "Bénéficiaires de l’AAH, de l’ASS ou de l’allocation veuvage",
        (Proof.AAH, Proof.ASS, Proof.WIDOW),
    ),
    Category("disability_pension", "Titulaires d’une pension d’invalidité", (Proof.DISABILITY_PENSION,)),
    Category("rqth", "Travailleurs handicapés", (Proof.RQTH,)),
    Category(
        "youth",
        "Jeunes de moins de 26 ans sans CAP ni BEP sortis de l’école depuis 6 mois, ou en PACEA, SMA, SMV, EPIDE, E2C",
        (Proof.SCHOOLING, Proof.YOUTH_SCHEME, Proof.CHILD_PROTECTION),
        below_age=26,
    ),
    Category("iae", "Salariés de l’insertion par l’activité économique (AI, ETTI, EI, ACI, régie)", (Proof.EMPLOYER,)),
    Category("adapted", "Salariés d’une EA, d’une EATT ou d’un ESAT", (Proof.EMPLOYER, Proof.RQTH)),
    Category("geiq", "Salariés d’un GEIQ", (Proof.EMPLOYER,)),
    Category(
        "judicial",
        "Personnes sous main de justice employées par le SEP ou un concessionnaire",
        (Proof.JUDICIAL,),
    ),
    Category("refugee", "Réfugiés et bénéficiaires de la protection subsidiaire", (Proof.PERMIT,)),
    Category("qpv", "Habitants d’un quartier prioritaire éloignés de l’emploi", (Proof.ADDRESS,)),
    Category(
        "opinion",
        "Autres personnes, sur avis motivé",
        (Proof.OPINION, Proof.LONE_PARENT, Proof.ADDRESS, Proof.IDENTITY),
        needs_reason=True,
    ),
)

EDITIONS: Mapping[str, Edition] = {
    DEFAULT_EDITION: Edition(
        code=DEFAULT_EDITION,
        name="Liste de l’accord-cadre EPEC, 2021",
        in_force_from=date(2021, 4, 1),
        categories=_EPEC_CATEGORIES,
        window_months=24,
        cdi_cap_years=4,
        source=Source("Accord-cadre EPEC (État, 2021), avec le CCAG-TIC, art. 16.1.1.1", read_on=date(2026, 11, 1)),
        window_source=Source("Durée de 24 mois : à confirmer ; 4 ans au plus pour un CDI : accord-cadre EPEC"),
    ),
}


def edition(code: str) -> Edition:
    """The edition of that code; LookupError when no such list exists."""
    return EDITIONS[code]
