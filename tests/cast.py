"""The cast, by first name, in one small world: a contract of 5 200 hours and those around it."""

from dataclasses import dataclass

import pytest

from tests import builders as a
from tracker.accounts.models import Membership, Organisation
from tracker.accounts.rules import OrganisationKind, Role
from tracker.contracts.models import Clause, Contract
from tracker.pledges.models import Pledge
from tracker.plumbing.database import db


@dataclass
class Cast:
    """Claire facilitates, Hélène buys, Sophie employs; the others have no business on their clause."""

    structure: Organisation
    buyer: Organisation
    guerin: Organisation
    claire: Membership  # facilitator in charge
    helene: Membership  # procurement officer of the buyer
    sophie: Membership  # employer, holder of the contract
    rival: Membership  # employer, elsewhere
    other_buyer: Membership  # procurement officer of another buyer
    other_facilitator: Membership  # facilitator of another structure
    prescriber: Membership
    administrator: Membership
    observer: Membership
    contract: Contract
    clause: Clause
    pledge: Pledge


@pytest.fixture
def cast(app) -> Cast:
    """The world of the contract 2025-BAT-014, committed."""
    structure = a.an_organisation("Département, mission insertion", OrganisationKind.CARRYING_STRUCTURE)
    elsewhere = a.an_organisation("Autre structure", OrganisationKind.CARRYING_STRUCTURE)
    buyer = a.an_organisation("Département de Loire-et-Vienne", OrganisationKind.BUYER)
    other = a.an_organisation("Commune de Vernay", OrganisationKind.BUYER)
    guerin = a.an_organisation("Guérin Construction")
    local = a.an_organisation("Mission locale du Nord", OrganisationKind.PRESCRIBER)
    claire = a.a_membership(Role.FACILITATOR, structure, a.a_person("Claire", "Morvan"), sector="secteur Nord")
    contract = a.a_contract(buyer, [guerin])
    clause = a.a_clause(contract, structure, facilitator=claire.person)
    world = Cast(
        structure=structure,
        buyer=buyer,
        guerin=guerin,
        claire=claire,
        helene=a.a_membership(Role.OFFICER, buyer, a.a_person("Hélène", "Caradec")),
        sophie=a.a_membership(Role.EMPLOYER, guerin, a.a_person("Sophie", "Guérin")),
        rival=a.a_membership(Role.EMPLOYER, a.an_organisation("Rival Bâtiment"), a.a_person("Paul", "Rival")),
        other_buyer=a.a_membership(Role.OFFICER, other, a.a_person("Luc", "Autre")),
        other_facilitator=a.a_membership(Role.FACILITATOR, elsewhere, a.a_person("Inès", "Ailleurs")),
        prescriber=a.a_membership(Role.PRESCRIBER, local, a.a_person("Yann", "Local")),
        administrator=a.a_membership(Role.ADMINISTRATOR, structure, a.a_person("Agnès", "Règle")),
        observer=a.a_membership(Role.OBSERVER, structure, a.a_person("Omar", "Regard")),
        contract=contract,
        clause=clause,
        pledge=a.a_pledge(clause, guerin),
    )
    db.session.commit()
    return world
