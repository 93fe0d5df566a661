"""By which article a contract owes insertion hours, and what its clause must say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tracker.vocabulary.law import Source
from tracker.vocabulary.objections import Level, Objection

READ_ON = date(2026, 11, 1)
PROCUREMENT_CODE = "https://www.legifrance.gouv.fr/codes/id/LEGITEXT000037701019/"


def _article(number: str, read_on: date | None = READ_ON) -> Source:
    return Source(f"Code de la commande publique, art. {number}", PROCUREMENT_CODE, read_on)


class Lever(StrEnum):
    """How the contract carries insertion; `.label` is the French name, `.source` the article."""

    EXECUTION_CONDITION = "execution_condition"
    AWARD_CRITERION = "award_criterion"
    CONDITION_AND_CRITERION = "condition_and_criterion"
    RESERVED_ADAPTED = "reserved_adapted"
    RESERVED_SIAE = "reserved_siae"
    RESERVED_BOTH = "reserved_both"
    SOCIAL_ECONOMY = "social_economy"
    INSERTION_SERVICES = "insertion_services"
    RESERVED_CONCESSION = "reserved_concession"

    @property
    def label(self) -> str:
        return _LEVERS[self][0]

    @property
    def source(self) -> Source:
        return _LEVERS[self][1]


_LEVERS: dict[Lever, tuple[str, Source]] = {
    Lever.EXECUTION_CONDITION: ("Condition d’exécution", _article("L2112-2")),
    Lever.AWARD_CRITERION: ("Critère d’attribution", _article("R2152-7")),
    Lever.CONDITION_AND_CRITERION: (
        "Condition d’exécution et critère d’attribution",
        _article("L2112-2 et R2152-7"),
    ),
    Lever.RESERVED_ADAPTED: ("Marché réservé au travail adapté (EA, ESAT)", _article("L2113-12")),
    Lever.RESERVED_SIAE: ("Marché réservé à l’insertion par l’activité économique", _article("L2113-13")),
    Lever.RESERVED_BOTH: ("Marché réservé au travail adapté et à l’insertion", _article("L2113-14")),
    Lever.SOCIAL_ECONOMY: (
        "Marché réservé à l’économie sociale et solidaire (3 ans au plus)",
        _article("L2113-15 et L2113-16"),
    ),
    Lever.INSERTION_SERVICES: ("Achat de services d’insertion", _article("R2123-1, 3°", read_on=None)),
    Lever.RESERVED_CONCESSION: ("Concession réservée", _article("L3113-1 et suivants")),
}


class Ccag(StrEnum):
    """The general conditions a contract follows (cahier des clauses administratives générales)."""

    TRAVAUX = "travaux"
    FCS = "fcs"
    PI = "pi"
    TIC = "tic"
    MI = "mi"
    MOE = "moe"
    NONE = "none"

    @property
    def label(self) -> str:
        return _CCAG[self][0]

    @property
    def source(self) -> Source | None:
        """The article on insertion clauses; None without CCAG. Only the CCAG-TIC's was read."""
        article = _CCAG[self][1]
        if article is None:
            return None
        return Source(f"CCAG-{self.label} de 2021, {article}", read_on=READ_ON if self is Ccag.TIC else None)


_CCAG: dict[Ccag, tuple[str, str | None]] = {
    Ccag.TRAVAUX: ("Travaux", "clause d’insertion sociale"),
    Ccag.FCS: ("Fournitures courantes et services", "art. 16.1"),
    Ccag.PI: ("Prestations intellectuelles", "clause d’insertion sociale"),
    Ccag.TIC: ("Techniques de l’information et de la communication", "art. 16.1"),
    Ccag.MI: ("Marchés industriels", "clause d’insertion sociale"),
    Ccag.MOE: ("Maîtrise d’œuvre", "clause d’insertion sociale"),
    Ccag.NONE: ("Pas de CCAG", None),
}


class Rhythm(StrEnum):
    """How often declarations are deposited; lines stay monthly."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"

    @property
    def label(self) -> str:
        return {Rhythm.MONTHLY: "tous les mois", Rhythm.QUARTERLY: "tous les trimestres"}[self]

    @property
    def months(self) -> int:
        """How many civil months one deposit covers."""
        return {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3}[self]


class Capacity(StrEnum):
    """In which capacity an organisation is party to a contract or a clause."""

    HOLDER = "holder"
    CO_HOLDER = "co_holder"
    LEAD = "lead"
    SUBCONTRACTOR = "subcontractor"
    EMPLOYER = "employer"

    @property
    def label(self) -> str:
        return {
            Capacity.HOLDER: "titulaire",
            Capacity.CO_HOLDER: "cotraitant",
            Capacity.LEAD: "mandataire",
            Capacity.SUBCONTRACTOR: "sous-traitant",
            Capacity.EMPLOYER: "employeur",
        }[self]

    @property
    def holds(self) -> bool:
        """Whether this party is a holder, who owes the hours."""
        return self in {Capacity.HOLDER, Capacity.CO_HOLDER, Capacity.LEAD}


@dataclass(frozen=True)
class ClauseFacts:
    """What a clause says, for `particulars_missing`.

    `is_2021` is false on a contract under an older edition of its CCAG; `has_facilitator` is false when the buyer has
    none, and then no contact is asked for.
    """

    ccag: Ccag | None = None
    is_2021: bool = True
    perimeter: str = ""
    edition: str = ""
    due_hours: Decimal | None = None
    formula: str = ""
    facilitator_contact: str = ""
    has_facilitator: bool = True


def particulars_missing(facts: ClauseFacts) -> list[Objection]:
    """What the clause leaves unsaid: blocking under a CCAG of 2021, « à compléter » on any other contract.

    Fields: perimeter, edition, due_hours, facilitator_contact. Source: CCAG-TIC 16.1, read; others to confirm.
    """
    is_demanded = facts.is_2021 and facts.ccag not in {None, Ccag.NONE}
    level = Level.BLOCKS if is_demanded else Level.WARNS
    source = facts.ccag.source if facts.ccag and is_demanded else None
    return [
        Objection(f"clause_{field}_missing", f"{text}{_ending(level)}", field, level, source)
        for field, text, is_absent in _particulars(facts)
        if is_absent
    ]


def _particulars(facts: ClauseFacts) -> tuple[tuple[str, str, bool], ...]:
    no_hours = facts.due_hours is None and not facts.formula.strip()
    no_contact = facts.has_facilitator and not facts.facilitator_contact.strip()
    return (
        ("perimeter", "Indiquez le périmètre de la clause", not facts.perimeter.strip()),
        ("edition", "Choisissez la liste des publics", not facts.edition.strip()),
        ("due_hours", "Indiquez les heures dues ou leur formule", no_hours),
        ("facilitator_contact", "Indiquez comment joindre la facilitatrice ou le facilitateur", no_contact),
    )


def _ending(level: Level) -> str:
    if level is Level.BLOCKS:
        return " : le CCAG de 2021 le demande."
    return " : à compléter."
