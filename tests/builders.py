"""Full, valid objects for tests, each made in one call; what a test does not name is a plain case.

They write rows as the actions would, without asking the rules: a test of a rule's refusal starts from a sound world.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from stdnum import luhn

from tracker.accounts.models import Membership, Organisation, Person
from tracker.accounts.rules import OrganisationKind, Role
from tracker.contracts.models import Clause, Contract, ContractParty, ObligationEvent
from tracker.contracts.rules.levers import Capacity, Ccag, Lever, Rhythm
from tracker.contracts.rules.obligations import EventKind
from tracker.participants.models import EligibilityDecision, IdentityVersion, Participant, ParticipantAccess
from tracker.participants.rules.decisions import Outcome, RsaStatus
from tracker.participants.rules.identity import IDENTITY_FIELDS, EducationLevel, Sex
from tracker.placements.models import Placement
from tracker.placements.rules import ContractType, Means
from tracker.pledges.models import Pledge
from tracker.plumbing.database import db
from tracker.vocabulary.words import search_key, sort_key

NOW = datetime(2026, 4, 8, 8, 0, tzinfo=UTC)
TODAY = date(2026, 4, 8)
_numbers = count(1)


def a_siret() -> str:
    """A valid SIRET that no other call gives."""
    stem = f"9{next(_numbers):07d}"
    siren = f"{stem}{luhn.calc_check_digit(stem)}"
    return f"{siren}0001{luhn.calc_check_digit(f'{siren}0001')}"


def _kept(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row


def an_organisation(
    name: str = "Guérin Construction", kind: Any = OrganisationKind.COMPANY, **more: Any
) -> Organisation:
    """An organisation with a valid SIRET."""
    siret = more.pop("siret", None) or a_siret()
    row = {"identifier": siret, "siret": siret, "name": name, "sort_key": sort_key(name), "created_at": NOW}
    return _kept(Organisation(kind=kind, **{**row, **more}))


def a_person(given_name: str = "Claire", family_name: str = "Morvan", **more: Any) -> Person:
    """A person who may sign in, without a password."""
    number = next(_numbers)
    row = {"email": f"personne{number}@exemple.test", "fs_uniquifier": f"unique-{number}", "created_at": NOW}
    return _kept(Person(given_name=given_name, family_name=family_name, **{**row, **more}))


def a_membership(role: Role, organisation: Organisation, person: Person | None = None, **more: Any) -> Membership:
    """A person acting for an organisation since 2020."""
    row = {"role": role, "organisation": organisation, "person": person or a_person(), "started_on": date(2020, 1, 1)}
    return _kept(Membership(**{**row, **more}))


def a_contract(buyer: Organisation, holders: list[Organisation], **more: Any) -> Contract:
    """A contract notified on 01/09/2025, running 14 months, with its holders."""
    number = next(_numbers)
    row = {
        "number": f"2025-BAT-{number:03d}",
        "object": "Réhabilitation énergétique du collège Jean-Zay, lot 1",
        "ccag": Ccag.TRAVAUX,
        "cpv": "45210000",
        "notified_on": date(2025, 9, 1),
        "published_on": date(2025, 9, 15),
        "starts_on": date(2025, 9, 1),
        "ends_on": date(2026, 10, 31),
        "duration_months": 14,
        "amount": Decimal("1500000.00"),
        "created_at": NOW,
    }
    contract = Contract(buyer=buyer, **{**row, **more})
    names = " ".join(f"{one.name} {one.siret}" for one in holders)
    contract.search_text = search_key(contract.number, contract.object, names, buyer.name)
    contract.sort_key = sort_key(contract.object)
    _kept(contract)
    for rank, holder in enumerate(holders, start=1):
        capacity = Capacity.HOLDER if len(holders) == 1 else Capacity.LEAD if rank == 1 else Capacity.CO_HOLDER
        _kept(ContractParty(contract_id=contract.id, organisation=holder, capacity=capacity, rank=rank))
    return contract


def a_clause(contract: Contract, structure: Organisation, due: str | None = "5200.00", **more: Any) -> Clause:
    """An execution condition of 5 200 hours, every means allowed, in performance as its contract."""
    row = {
        "lever": Lever.EXECUTION_CONDITION,
        "article": "CCAP, article 8.2",
        "perimeter": "tout le lot",
        "edition_code": "EPEC-2021",
        "means": [means.value for means in Means],
        "rhythm": Rhythm.MONTHLY,
        "starts_on": contract.starts_on,
        "ends_on": contract.ends_on,
        "registered_at": NOW,
    }
    clause = _kept(Clause(contract=contract, structure=structure, **{**row, **more}))
    if due is not None:
        an_event(clause, due)
    return clause


def an_event(clause: Clause, hours: str | None, **more: Any) -> ObligationEvent:
    """An event of a clause: its notification, unless said otherwise."""
    row = {"kind": EventKind.NOTIFIED, "occurs_on": date(2025, 9, 1), "inputs": {}, "recorded_at": NOW}
    return _kept(ObligationEvent(clause_id=clause.id, hours=hours and Decimal(hours), **{**row, **more}))


def a_pledge(clause: Clause, employer: Organisation, **more: Any) -> Pledge:
    """What a holder undertook on a clause."""
    row = {"structure_id": clause.structure_id, "made_on": date(2025, 9, 1), "created_at": NOW}
    return _kept(Pledge(clause=clause, organisation=employer, **{**row, **more}))


def a_participant(structure: Organisation, name: str = "Amina Diallo", **more: Any) -> Participant:
    """Somebody born in 1990, without an employer yet, in a first version."""
    given, family = name.split(" ", 1)
    row = {
        "sort_key": sort_key(f"{family} {given}"),
        "born_on": date(1990, 5, 17),
        "sex": Sex.FEMALE,
        "commune_code": "37261",
        "level": EducationLevel.LEVEL_3,
        "created_at": NOW,
    }
    person = _kept(Participant(structure_id=structure.id, given_name=given, family_name=family, **{**row, **more}))
    identity = {name: getattr(person, name) for name in IDENTITY_FIELDS}
    _kept(IdentityVersion(participant_id=person.id, number=1, recorded_at=person.created_at, **identity))
    return person


def a_decision(participant: Participant, by: Person, **more: Any) -> EligibilityDecision:
    """A person granted as a recipient of the RSA, on 01/09/2025."""
    row = {
        "edition_code": "EPEC-2021",
        "outcome": Outcome.GRANTED,
        "main_category": "rsa",
        "rsa_status": RsaStatus.RECIPIENT,
        "proof_kind": "rsa",
        "proof_seen_on": date(2025, 8, 28),
        "proof_seen_by": "Claire Morvan",
        "frozen": {"age": 35, "commune": "37261", "qpv": None, "level": "3"},
        "decided_on": date(2025, 9, 1),
        "decided_by_id": by.id,
        "decided_at": NOW,
    }
    return _kept(EligibilityDecision(participant=participant, **{**row, **more}))


def a_placement(
    pledge: Pledge, participant: Participant, decision: EligibilityDecision | None, **more: Any
) -> Placement:
    """A full-time fixed-term contract from 15/09/2025, approved on the day of the decision, or waiting without one."""
    row = {
        "employer": pledge.organisation,
        "contract_type": ContractType.CDD,
        "means": Means.DIRECT_HIRE,
        "job": "ouvrière polyvalente",
        "weekly_hours": Decimal("35.00"),
        "site": "Collège Jean-Zay",
        "tutor": "Marc Guérin",
        "starts_on": date(2025, 9, 15),
        "proposed_at": NOW,
        "approved_on": decision and decision.decided_on,
    }
    organisation_id = more.get("employer", pledge.organisation).id
    _kept(ParticipantAccess(participant_id=participant.id, organisation_id=organisation_id))
    return _kept(Placement(pledge=pledge, participant=participant, decision=decision, **{**row, **more}))
