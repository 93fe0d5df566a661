"""Tells the demonstration's story: each step on its day, by its person, through the actions that the pages call."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select

from tracker.accounts import actions as accounts
from tracker.accounts.models import Membership, Organisation
from tracker.accounts.rules import OrganisationKind, Role
from tracker.certificates.actions import Office, Order, issue
from tracker.certificates.documents.paper import draw
from tracker.certificates.rules import Kind
from tracker.commands.months import declare_everywhere, months_until
from tracker.commands.stage import World
from tracker.commands.story import FIRMS, HIRES, OBLIGATIONS, Firm, Hire, Obligation
from tracker.contracts.actions.clauses import add_event
from tracker.contracts.actions.imports import ImportReport, import_in_batches, record_import
from tracker.contracts.models import Contract
from tracker.contracts.rules.clauses import ClauseDraft
from tracker.contracts.rules.levers import Lever
from tracker.contracts.rules.obligations import Event, EventKind
from tracker.participants.rules.decisions import DecisionFacts, Outcome
from tracker.participants.rules.identity import IdentityDraft
from tracker.placements.actions.decisions import grant, refuse
from tracker.placements.actions.proposals import Proposal, propose_placement
from tracker.placements.actions.sitting import Sitting
from tracker.placements.documents import draw_approval
from tracker.placements.exchange import Letterhead
from tracker.placements.models import Placement
from tracker.placements.rules import Means, PlacementDraft
from tracker.pledges.actions import register_clause
from tracker.pledges.queries import pledges_of
from tracker.plumbing import clock
from tracker.plumbing.database import db
from tracker.publics.rules import DEFAULT_EDITION
from tracker.reference.actions import load_communes

PASSWORD = "demonstration-2026"
ACCOUNTS = {
    Role.OFFICER: "acheteuse@demo.example",
    Role.EMPLOYER: "employeur@demo.example",
    Role.FACILITATOR: "facilitatrice@demo.example",
    Role.PRESCRIBER: "prescripteur@demo.example",
    Role.ADMINISTRATOR: "administration@demo.example",
    Role.OBSERVER: "observation@demo.example",
}
CONTRACTS = Path(__file__).parents[2] / "docs" / "exemples" / "decp-2.0.3.json"
FIRST_DAY = date(2024, 3, 1)
CERTIFIED_ON = date(2026, 4, 9)
# An invented Département needs an invented mission: SIRET of the example file's own series.
MISSION = ("22990001400098", "Département de Loire-et-Vienne, mission insertion")
LOCAL_MISSION = ("77990000000018", "Mission locale du Nord")


def load(head: Letterhead, office: Office, as_of: date | None = None) -> None:
    """Tells the whole story up to today, or to the day on which the demonstration stands."""
    today = as_of or clock.today()
    world = World(head, office)
    clock.stand_on(FIRST_DAY)
    load_communes()
    _import_contracts()
    _open_accounts(world)
    db.session.commit()
    for obligation in OBLIGATIONS:
        _register(world, obligation, today)
    for hire in HIRES:
        _hire(world, hire, today)
    for month in months_until(today):
        declare_everywhere(world, month, today)
    _certify(world, today)
    clock.stand_on(as_of)


def _import_contracts() -> None:
    report = ImportReport()
    with CONTRACTS.open("rb") as file:
        for _ in import_in_batches(file, report, clock.now()):
            db.session.commit()
    record_import(report, CONTRACTS.name, None, clock.now())


def _open_accounts(world: World) -> None:
    mission = _organisation(*MISSION, OrganisationKind.CARRYING_STRUCTURE)
    local = _organisation(*LOCAL_MISSION, OrganisationKind.PRESCRIBER)
    buyer = _named("Département de Loire-et-Vienne")
    world.facilitator = _member(Role.FACILITATOR, mission, "Claire", "Morvan", sector="secteur Nord")
    world.officer = _member(Role.OFFICER, buyer, "Hélène", "Caradec")
    _member(Role.ADMINISTRATOR, mission, "Agnès", "Perrin")
    _member(Role.OBSERVER, mission, "Omar", "Lambert")
    _member(Role.PRESCRIBER, local, "Yann", "Le Goff")
    for firm in FIRMS:
        given, family = firm.person.split(" ", 1)
        email = ACCOUNTS[Role.EMPLOYER] if firm.email == ACCOUNTS[Role.EMPLOYER] else firm.email
        world.members[firm.name] = _member(Role.EMPLOYER, _firm(firm), given, family, email)


def _organisation(siret: str, name: str, kind: OrganisationKind) -> Organisation:
    return accounts.find_or_add_organisation(siret, name, kind, clock.now())


def _named(name: str) -> Organisation:
    return db.session.scalars(select(Organisation).where(Organisation.name == name).order_by(Organisation.id)).first()  # type: ignore[return-value]  # the example file names it


def _firm(firm: Firm) -> Organisation:
    if not firm.siret:
        return _named(firm.name)
    organisation = _organisation(firm.siret, firm.name, OrganisationKind.INSERTION_STRUCTURE)
    organisation.structure_type = firm.structure_type
    return organisation


def _member(
    role: Role, organisation: Organisation, given: str, family: str, email: str = "", sector: str = ""
) -> Membership:
    person = accounts.add_person(email or ACCOUNTS[role], given, family, clock.now(), PASSWORD)
    return accounts.add_membership(person, organisation, role, FIRST_DAY, sector)


def _register(world: World, obligation: Obligation, today: date) -> None:
    contract = _contract(obligation)
    # A clause without dates was registered lately, and waits for them.
    day = (contract.notified_on or FIRST_DAY) if obligation.starts_on else today - timedelta(days=12)
    if day > today:
        return
    draft = ClauseDraft(
        lever=Lever.EXECUTION_CONDITION,
        edition_code=DEFAULT_EDITION,
        means=tuple(Means),
        article=obligation.article,
        perimeter=obligation.perimeter,
        facilitator_id=world.facilitator.person_id,
        facilitator_contact="Claire Morvan, mission insertion",
        starts_on=obligation.starts_on,
        ends_on=obligation.ends_on,
        figures=obligation.figures,
    )
    with world.acting(world.facilitator, day) as viewer:
        clause = register_clause(contract, draft, viewer.organisation_id, clock.now(), day)
        world.clauses[obligation.key] = clause
    for amended_on, hours, note in obligation.amendments:
        if amended_on <= today:
            with world.acting(world.facilitator, amended_on):
                add_event(clause, Event(EventKind.HOURS_AMENDMENT, amended_on, Decimal(hours)), clock.now(), note)


def _contract(obligation: Obligation) -> Contract:
    found = select(Contract).where(Contract.number == obligation.number, Contract.object.contains(obligation.lot))
    return db.session.scalars(found.order_by(Contract.id)).first()  # type: ignore[return-value]  # the example file holds it


def _hire(world: World, hire: Hire, today: date) -> None:
    clause = world.clauses.get(hire.clause)
    proposed_on = min(hire.starts_on - timedelta(days=10), today - timedelta(days=4))
    if clause is None or hire.starts_on - timedelta(days=10) > today:
        return
    employer = world.members[hire.employer]
    given, family = hire.name.split(" ", 1)
    proposal = Proposal(
        clause=clause,
        employer=employer.organisation,
        pledges=pledges_of([clause.id])[clause.id],
        job=hire.job,
        identity=IdentityDraft(given, family, hire.born_on, hire.sex, hire.commune, hire.level),
        work=PlacementDraft(
            contract_type=hire.contract_type,
            means=hire.means,
            starts_on=hire.starts_on,
            ends_on=hire.ends_on,
            weekly_hours=Decimal(hire.weekly),
            site=clause.perimeter,
            tutor="" if hire.means is Means.HIRING_OUT else employer.person.name,
        ),
    )
    with world.acting(employer, proposed_on):
        placement = propose_placement(proposal, clock.now(), proposed_on)
        world.placements[hire.name] = placement
    if hire.decided_on and hire.decided_on <= today:
        _decide(world, hire, placement)


def _decide(world: World, hire: Hire, placement: Placement) -> None:
    day = hire.decided_on or FIRST_DAY
    facts = DecisionFacts(
        outcome=Outcome.REFUSED if hire.refusal else Outcome.GRANTED,
        born_on=hire.born_on,
        main_category=hire.category or None,
        rsa_status=hire.rsa,
        proof_kind=None if hire.refusal else hire.proof,
        proof_seen_on=None if hire.refusal else day - timedelta(days=3),
        proof_seen_by="" if hire.refusal else "Claire Morvan",
        reason=hire.refusal,
    )
    with world.acting(world.facilitator, day) as viewer:
        sitting = Sitting(
            viewer.person_id,
            viewer.person_name,
            clock.now(),
            day,
            placement.version_id,
            world.head,
            draw_approval,
        )
        (refuse if hire.refusal else grant)(placement, facts, sitting)


def _certify(world: World, today: date) -> None:
    """The clause of the colleges is over: its final certificate, as soon as its last month was decided."""
    if today < CERTIFIED_ON:
        return
    with world.acting(world.facilitator, CERTIFIED_ON) as viewer:
        clause = world.clauses["colleges"]
        issue(clause, Order(Kind.FINAL), world.office, viewer.person_id, clock.now(), CERTIFIED_ON, draw)
