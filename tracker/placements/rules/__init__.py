"""Placements: contract types, means, what a draft lacks, and the window in which hours count."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tracker.contracts.rules.means import Means
from tracker.publics.rules import Edition
from tracker.vocabulary.dates import DAY, MONTHS_A_YEAR, Period, months_later
from tracker.vocabulary.hours import format_number
from tracker.vocabulary.objections import Level, Objection
from tracker.vocabulary.working_time import LONGEST_WEEK, USUAL_LONGEST_WEEK


class ContractType(StrEnum):
    """The contract that binds the person to the legal employer."""

    CDI = "cdi"
    CDI_INCLUSION = "cdi_inclusion"
    CDI_CHANTIER = "cdi_chantier"
    CDD = "cdd"
    CDD_USAGE = "cdd_usage"
    CDDI = "cddi"
    CDD_TREMPLIN = "cdd_tremplin"
    PROFESSIONALISATION = "professionalisation"
    APPRENTICESHIP = "apprenticeship"
    TEMPORARY = "temporary"
    TEMPORARY_INSERTION = "temporary_insertion"
    CDI_TEMPORARY = "cdi_temporary"
    PEC = "pec"
    ESAT = "esat"
    PRISON = "prison"
    INTERNSHIP = "internship"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _CONTRACTS[self]

    @property
    def is_open_ended(self) -> bool:
        """Whether it is a CDI of any kind."""
        return self in _OPEN_ENDED

    @property
    def is_work_study(self) -> bool:
        """Whether the window is the contract's own."""
        return self in {ContractType.PROFESSIONALISATION, ContractType.APPRENTICESHIP}

    @property
    def counts_by_default(self) -> bool:
        """Internships and PMSMP are recorded and do not count."""
        return self is not ContractType.INTERNSHIP


_CONTRACTS = {
    ContractType.CDI: "CDI",
    ContractType.CDI_INCLUSION: "CDI inclusion",
    ContractType.CDI_CHANTIER: "CDI de chantier",
    ContractType.CDD: "CDD",
    ContractType.CDD_USAGE: "CDD d’usage",
    ContractType.CDDI: "CDDI",
    ContractType.CDD_TREMPLIN: "CDD tremplin",
    ContractType.PROFESSIONALISATION: "contrat de professionnalisation",
    ContractType.APPRENTICESHIP: "contrat d’apprentissage",
    ContractType.TEMPORARY: "intérim",
    ContractType.TEMPORARY_INSERTION: "intérim d’insertion",
    ContractType.CDI_TEMPORARY: "CDI intérimaire",
    ContractType.PEC: "PEC ou CUI",
    ContractType.ESAT: "ESAT",
    ContractType.PRISON: "travail en détention",
    ContractType.INTERNSHIP: "stage ou PMSMP",
    ContractType.OTHER: "autre",
}
_OPEN_ENDED = {ContractType.CDI, ContractType.CDI_INCLUSION, ContractType.CDI_CHANTIER, ContractType.CDI_TEMPORARY}
_ENDS_BY_NATURE = {
    ContractType.CDD,
    ContractType.CDDI,
    ContractType.CDD_TREMPLIN,
    ContractType.PROFESSIONALISATION,
    ContractType.TEMPORARY,
    ContractType.TEMPORARY_INSERTION,
    ContractType.INTERNSHIP,
}


class Sector(StrEnum):
    """In which trade the person works."""

    BUILDING = "building"
    PUBLIC_WORKS = "public_works"
    WATER_AND_WASTE = "water_and_waste"
    CLEANING = "cleaning"
    GREEN_SPACES = "green_spaces"
    SOCIAL = "social"
    INDUSTRY = "industry"
    CATERING = "catering"
    INTELLECTUAL_SERVICES = "intellectual_services"
    AGRICULTURE = "agriculture"
    TRANSPORT = "transport"
    OTHER_SERVICES = "other_services"

    @property
    def label(self) -> str:
        return _SECTORS[self]


_SECTORS = {
    Sector.BUILDING: "bâtiment",
    Sector.PUBLIC_WORKS: "travaux publics",
    Sector.WATER_AND_WASTE: "eau et déchets",
    Sector.CLEANING: "nettoyage",
    Sector.GREEN_SPACES: "espaces verts",
    Sector.SOCIAL: "social et médico-social",
    Sector.INDUSTRY: "industrie",
    Sector.CATERING: "restauration",
    Sector.INTELLECTUAL_SERVICES: "prestations intellectuelles",
    Sector.AGRICULTURE: "agriculture",
    Sector.TRANSPORT: "transport",
    Sector.OTHER_SERVICES: "autres services",
}


@dataclass(frozen=True)
class PlacementDraft:
    """A placement as typed; `was_existing_staff`: already on the employer's staff before, and not for a clause."""

    contract_type: ContractType | None = None
    means: Means | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    weekly_hours: Decimal | None = None
    site: str = ""
    tutor: str = ""
    was_existing_staff: bool = False


def objections_to_placement(
    draft: PlacementDraft,
    performance: Period | None = None,
    allowed_means: Collection[Means] | None = None,
) -> list[Objection]:
    """What forbids or weakens a placement; fields are the draft's own names.

    `performance` is the contract's, None when its dates are not set; `allowed_means` the clause's, None for all.
    """
    return [
        *_absences(draft),
        *_dates(draft, performance),
        *_week(draft),
        *_means(draft, allowed_means),
        *_doubts(draft),
    ]


def _absences(draft: PlacementDraft) -> Iterator[Objection]:
    if draft.contract_type is None:
        yield Objection("contract_type_missing", "Choisissez le type de contrat.", "contract_type")
    if draft.means is None:
        yield Objection("means_missing", "Choisissez la modalité de mise en œuvre.", "means")
    if draft.starts_on is None:
        yield Objection("start_missing", "Indiquez le premier jour de travail.", "starts_on")


def _dates(draft: PlacementDraft, performance: Period | None) -> Iterator[Objection]:
    if draft.starts_on is None:
        return
    if draft.ends_on is not None and draft.ends_on < draft.starts_on:
        yield Objection("ends_before_start", "La fin vient avant le début. Vérifiez les dates.", "ends_on")
        return
    if draft.ends_on is None and draft.contract_type in _ENDS_BY_NATURE:
        text = f"Un contrat « {draft.contract_type.label} » a une fin : indiquez-la dès que vous la connaissez."
        yield Objection("end_missing", text, "ends_on", Level.WARNS)
    if performance is not None:
        yield from _outside(Period(draft.starts_on, draft.ends_on), performance)


def _outside(work: Period, performance: Period) -> Iterator[Objection]:
    said = performance.in_french
    if work.meets(performance) is None:
        text = f"Ces dates sont toutes hors de l’exécution du marché ({said}). Vérifiez-les."
        yield Objection("outside_performance", text, "starts_on")
        return
    if work.first < performance.first:
        text = f"Le début précède l’exécution du marché ({said}) : les heures d’avant ne compteront pas."
        yield Objection("starts_before_performance", text, "starts_on", Level.WARNS)
    if performance.last and work.last and work.last > performance.last:
        text = f"La fin dépasse l’exécution du marché ({said}) : les heures d’après ne compteront pas."
        yield Objection("ends_after_performance", text, "ends_on", Level.WARNS)


def _week(draft: PlacementDraft) -> Iterator[Objection]:
    hours = draft.weekly_hours
    if hours is None:
        yield Objection("weekly_hours_missing", "Indiquez les heures par semaine.", "weekly_hours")
        return
    if hours <= 0:
        yield Objection("weekly_hours_not_positive", "Les heures par semaine sont plus de zéro.", "weekly_hours")
        return
    if draft.starts_on is None:
        return
    longest, usual = LONGEST_WEEK.on(draft.starts_on), USUAL_LONGEST_WEEK.on(draft.starts_on)
    if hours > longest:
        limit = f"{format_number(longest, 0)} h"
        text = f"{format_number(hours)} h dépassent ce que la loi permet en une semaine ({limit})."
        source = LONGEST_WEEK.source_on(draft.starts_on)
        yield Objection("weekly_hours_above_law", text, "weekly_hours", source=source)
    elif hours > usual:
        text = f"Au-delà de {format_number(usual, 0)} h par semaine, il faut une dérogation. Vérifiez le contrat."
        source = USUAL_LONGEST_WEEK.source_on(draft.starts_on)
        yield Objection("weekly_hours_above_usual", text, "weekly_hours", Level.WARNS, source)


def _means(draft: PlacementDraft, allowed: Collection[Means] | None) -> Iterator[Objection]:
    if draft.means is None:
        return
    if allowed is not None and draft.means not in allowed:
        text = f"La clause n’admet pas « {draft.means.label} » : sans l’accord de l’acheteur, rien ne comptera."
        settled = "L’accord écrit de l’acheteur."
        yield Objection("means_not_allowed", text, "means", Level.WARNS, settled_by=settled)
    if draft.means is Means.HIRING_OUT and draft.contract_type is ContractType.CDDI:
        text = "Une mise à disposition par une ETTI passe par un contrat de mission, jamais par un CDDI. Vérifiez."
        yield Objection("hiring_out_by_cddi", text, "contract_type", Level.WARNS)


def _doubts(draft: PlacementDraft) -> Iterator[Objection]:
    if draft.was_existing_staff:
        text = "Cette personne était déjà dans l’effectif : ses heures ne comptent qu’embauchée pour une clause."
        yield Objection("existing_staff", text, "was_existing_staff", Level.WARNS)
    if draft.contract_type is not None and not draft.contract_type.counts_by_default:
        text = "Un stage ou une PMSMP est enregistré, ses heures ne comptent pas."
        yield Objection("internship", text, "contract_type", Level.WARNS)
    if draft.means is Means.DIRECT_HIRE and not draft.tutor.strip():
        yield Objection("tutor_missing", "Indiquez le tuteur ou la tutrice.", "tutor", Level.WARNS)
    if not draft.site.strip():
        yield Objection("site_missing", "Indiquez le lieu de travail.", "site", Level.WARNS)


def window_of(
    first_day_worked: date,
    contract_type: ContractType,
    contract_end_on: date | None,
    edition: Edition,
    placement_end_on: date | None = None,
) -> Period:
    """The days in which hours count, from the first day worked under the decision (terms to confirm, `domain.md` §4).

    24 months by default; a work-study contract: its own length; a CDI: to the public contract's end when later, 4 years
    at most. A work-study contract without a known end has the 24 months until it gets one.
    """
    usual = _last_day_of(first_day_worked, edition.window_months)
    if contract_type.is_work_study and placement_end_on is not None:
        return Period(first_day_worked, max(first_day_worked, placement_end_on))
    if contract_type.is_open_ended and contract_end_on is not None:
        cap = _last_day_of(first_day_worked, edition.cdi_cap_years * MONTHS_A_YEAR)
        return Period(first_day_worked, max(usual, min(contract_end_on, cap)))
    return Period(first_day_worked, usual)


def _last_day_of(first: date, months: int) -> date:
    """The last of so many months: 12/03/2026 + 24 → 11/03/2028; a 29 February ends on the last of its month."""
    anniversary = months_later(first, months)
    return anniversary if anniversary.day < first.day else anniversary - DAY


def counts_until(
    window: Period | None, performance: Period | None, placement_end_on: date | None = None
) -> date | None:
    """The day until which hours count, for « heures prises en compte jusqu’au … »; None when no bound is known."""
    lasts = (window and window.last, performance and performance.last, placement_end_on)
    return min((day for day in lasts if day), default=None)
