"""How a placement stands on a page; and the paper of its approval, from frozen facts alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import current_app

from tracker.accounts.rules import IN_CHARGE, Role
from tracker.placements import queries
from tracker.placements.models import Placement
from tracker.placements.rules import counts_until
from tracker.placements.rules.approvals import BRINGS, Side, Standing, missing_of
from tracker.plumbing import pdf
from tracker.plumbing.formats import day_of, french_date
from tracker.vocabulary.dates import Period, format_day
from tracker.vocabulary.hours import format_hours
from tracker.vocabulary.identifiers import format_siret
from tracker.vocabulary.objections import Objection

Facts = Mapping[str, Any]
OWN_SIDES = {Role.EMPLOYER: Side.EMPLOYER, **dict.fromkeys(IN_CHARGE, Side.FACILITATION)}


@dataclass(frozen=True)
class PlacementView:
    """A placement in the words of its employer: never why the person counts."""

    placement: Placement
    state: str
    kind: str
    counts_until: date | None
    has_ended: bool

    @property
    def is_waiting(self) -> bool:
        """Whether a facilitator has not decided yet."""
        return self.placement.approved_on is None and self.placement.refused_at is None

    @property
    def contract_said(self) -> str:
        """« Marché 2025-BAT-014 »."""
        clause = self.placement.pledge.clause
        return f"Marché {clause.contract.number}" if clause else "Engagement hors marché"


def placement_view(placement: Placement, window: Period | None, today: date) -> PlacementView:
    """The placement with its state; `window` as `windows_of` gives it."""
    clause = placement.pledge.clause
    performance = queries.performance_on(clause) if clause else None
    state, kind = _state(placement)
    return PlacementView(
        placement,
        state,
        kind,
        counts_until(window, performance, placement.ends_on) if window else None,
        placement.ends_on is not None and placement.ends_on < today,
    )


def _state(placement: Placement) -> tuple[str, str]:
    if placement.refused_at:
        return "Refusée", "stop"
    if placement.approved_on:
        return f"Accord du {format_day(placement.approved_on)}", "good"
    return "À l’étude", ""


@dataclass(frozen=True)
class Lacks:
    """What a placement lacks, each with who must bring it; and what makes its hours doubtful besides."""

    missing: list[tuple[str, str]]
    doubts: list[Objection]


def lacks_of(placement: Placement, found: Sequence[Objection], role: Role, today: date) -> Lacks:
    """In the words of a reader of that role, « À vous » for what is theirs; `found` is all that its rules object to.

    Nothing once it is refused. An employer is told of no proof.
    """
    if placement.refused_at:
        return Lacks([], [])
    clause = placement.pledge.clause
    has_dates = clause is None or queries.performance_on(clause) is not None
    days = None if placement.approved_on else (today - day_of(placement.proposed_at)).days
    missing = missing_of(found, Standing(days, has_dates), reads_proofs=role is not Role.EMPLOYER)
    said = [("À vous" if side is OWN_SIDES.get(role) else side.label, text) for side, text in missing]
    return Lacks(said, [one for one in found if one.code not in BRINGS])


@dataclass(frozen=True)
class ApprovalPaper:
    """What the sheet of an approval says, every text ready to print."""

    number: str
    approved_on: str
    created_at: str
    issuer_line: str
    person: str
    hours: str
    beside: str
    band_kind: str
    facts: list[tuple[str, str, str]]
    signatures: list[tuple[str, str, str]]


def draw_approval(facts: Facts) -> bytes:
    """The file of an approval, one A4 sheet; the same facts draw the same bytes."""
    return pdf.render(html_of_approval(facts))


def html_of_approval(facts: Facts) -> str:
    """The page of an approval, for the engine that prints it; it needs no request."""
    template = current_app.jinja_env.get_template("documents/approval.html")
    site = {"department_name": facts["department"], "service_name": current_app.config["SERVICE_NAME"]}
    return template.render(paper=approval_paper(facts), site=site)


def approval_paper(facts: Facts) -> ApprovalPaper:
    """The facts in words."""
    approved_on = _day(facts["approved_on"])
    hours, beside, band_kind = _counted_days(facts)
    return ApprovalPaper(
        number=facts["number"],
        approved_on=approved_on,
        created_at=facts["issued_at"],
        issuer_line=facts["structure"],
        person=facts["person"]["name"],
        hours=hours,
        beside=beside,
        band_kind=band_kind,
        facts=[*_parties(facts), *_work_said(facts["work"]), _facilitation(facts)],
        signatures=[
            ("Pour la structure porteuse", facts["facilitator"], f"Accord donné le {approved_on}"),
            ("Visa de l’employeur", "", ""),
        ],
    )


def _counted_days(facts: Facts) -> tuple[str, str, str]:
    """« Du … au … », what stands beside it, and the tone; a work that ended before its approval has no such day."""
    first, last = facts["counts_from"], facts["counts_until"]
    if last is not None and last < first:
        return "Aucune", "La prise en compte finit avant l’accord.", "watch"
    said = f"Du {_day(first)} au {_day(last)}" if last else f"À partir du {_day(first)}"
    return said, f"pour {facts['person']['name']}", ""


def _parties(facts: Facts) -> list[tuple[str, str, str]]:
    contract, person = facts["contract"], facts["person"]
    said = [
        ("Personne", person["name"], f"Date de naissance : {_day(person['born_on'])}"),
        ("Employeur", facts["employer"]["name"], _identity_of(facts["employer"])),
    ]
    if contract is None:
        return [*said, ("Marché", "Engagement hors marché", "")]
    return [
        *said,
        ("Acheteur", contract["buyer"]["name"], _identity_of(contract["buyer"])),
        ("Marché", contract["number"], contract["object"]),
    ]


def _work_said(work: Facts) -> list[tuple[str, str, str]]:
    first, last = _day(work["starts_on"]), work["ends_on"]
    weekly = f"{format_hours(Decimal(work['weekly_hours']))} par semaine"
    return [
        ("Contrat de travail", _capital(work["contract_type"]), _capital(work["means"])),
        ("Poste", _capital(work["job"]) or _day(None), weekly),
        ("Dates du contrat", f"Du {first} au {_day(last)}" if last else f"À partir du {first}", _end(last)),
        ("Lieu de travail", work["site"] or _day(None), f"Tutorat : {work['tutor'] or _day(None)}"),
    ]


def _end(last: str | None) -> str:
    return "" if last else "Fin non fixée"


def _facilitation(facts: Facts) -> tuple[str, str, str]:
    return ("Facilitation", facts["facilitator"], facts["structure"])


def _identity_of(party: Facts) -> str:
    return f"SIRET {format_siret(party['siret'])}" if party["siret"] else f"Identifiant {party['identifier']}"


def _day(text: str | None) -> str:
    return french_date(date.fromisoformat(text) if text else None)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
