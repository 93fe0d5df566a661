"""Who comes on the first of the month: employers with their people in post, facilitators, certificates to verify."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_security import hash_password

from tests import builders as a
from tests.certificates.world import OFFICE, a_month
from tracker.accounts.models import Membership, Organisation
from tracker.accounts.rules import OrganisationKind, Role
from tracker.certificates.actions import Order, issue
from tracker.certificates.rules import Kind
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Month

FIRST_OF_THE_MONTH = date(2026, 7, 1)
LAST_MONTH = Month(2026, 6)
PASSWORD = "a password of the soak"


@dataclass(frozen=True)
class Size:
    """How many come, for how many months of 2026 each employer is late (the last one included), and who serves them."""

    employers: int
    people: int
    months: int
    facilitators: int
    certificates: int
    clauses: int = 2
    web_workers: int = 2
    come_back_pace: tuple[float, float] = (8, 20)

    @property
    def lines(self) -> int:
        """How many lines will be sent and decided."""
        return self.employers * self.clauses * self.people * self.months


def settle(size: Size) -> dict[str, Any]:
    """Writes this world, committed; what the visitors know of it: addresses, a password, months, codes."""
    structure = a.an_organisation("Mission insertion", OrganisationKind.CARRYING_STRUCTURE)
    buyer = a.an_organisation("Département de Loire-et-Vienne", OrganisationKind.BUYER)
    password = hash_password(PASSWORD)
    facilitators = [
        _member(Role.FACILITATOR, structure, f"facilitatrice{rank}", password) for rank in range(size.facilitators)
    ]
    firms = [a.an_organisation(f"Entreprise {rank:02}") for rank in range(size.employers)]
    employers = [_member(Role.EMPLOYER, firm, f"employeur{rank}", password) for rank, firm in enumerate(firms)]
    for rank, firm in enumerate(firms):
        for number in range(size.clauses):
            _clause_at_work(buyer, structure, firm, facilitators[0], f"Chantier {rank:02}-{number}", size.people)
    codes = [_certified(buyer, structure, facilitators[0], rank) for rank in range(size.certificates)]
    officer = _member(Role.OFFICER, buyer, "acheteuse", password)
    db.session.commit()
    return {
        "password": PASSWORD,
        "employers": [{"email": one.person.email, "id": one.organisation_id} for one in employers],
        "facilitators": [{"email": one.person.email} for one in facilitators],
        "passers": [{"email": officer.person.email}],
        "months": [str(LAST_MONTH - back) for back in reversed(range(size.months))],
        "certificates": codes,
        "lines": size.lines,
    }


def _member(role: Role, organisation: Organisation, name: str, password: str) -> Membership:
    person = a.a_person(name.capitalize(), "Durand", email=f"{name}@soak.test", password=password)
    return a.a_membership(role, organisation, person)


def _clause_at_work(
    buyer: Organisation, structure: Organisation, firm: Organisation, by: Membership, name: str, people: int
) -> None:
    clause = a.a_clause(a.a_contract(buyer, [firm], object=name), structure, facilitator=by.person)
    pledge = a.a_pledge(clause, firm)
    for rank in range(people):
        person = a.a_participant(structure, f"Camille Martin{rank}")
        a.a_placement(pledge, person, a.a_decision(person, by.person))


def _certified(buyer: Organisation, structure: Organisation, by: Membership, rank: int) -> dict[str, str]:
    """A clause of nobody who comes, with a month counted and its certificate."""
    firm = a.an_organisation(f"Attestée {rank:02}")
    clause = a.a_clause(
        a.a_contract(buyer, [firm], object=f"Chantier attesté {rank:02}"), structure, facilitator=by.person
    )
    person = a.a_participant(structure, "Dominique Petit")
    a_month(a.a_placement(a.a_pledge(clause, firm), person, a.a_decision(person, by.person)), Month(2026, 1), "140.00")
    on = FIRST_OF_THE_MONTH
    issued = issue(clause, Order(Kind.INTERIM), OFFICE, by.person_id, a.NOW, on, lambda facts: facts["code"].encode())
    return {"number": issued.number, "check": issued.check_code, "code": issued.code}
