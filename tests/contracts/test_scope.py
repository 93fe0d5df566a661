"""Who sees which contract and which clause: nobody sees what is not theirs, and what is not theirs is not there."""

import pytest

from tests import builders as a
from tracker.accounts.queries import viewer_of
from tracker.accounts.rules import OrganisationKind, Role
from tracker.contracts.models import ClauseParty, Contract, ContractParty
from tracker.contracts.queries import clauses, contracts
from tracker.contracts.rules.levers import Capacity
from tracker.plumbing.database import db


def viewing(membership):
    return viewer_of(membership.person.fs_uniquifier, membership.id, a.TODAY)


def seen(membership) -> tuple[bool, bool]:
    """Whether the contract, and the clause, of the cast are there for this person."""
    viewer = viewing(membership)
    contract = contracts.contract_seen_by(viewer, seen.contract_id)
    clause = clauses.clause_seen_by(viewer, seen.clause_id)
    listed = db.session.scalars(contracts.visible_contracts(viewer).where(Contract.id == seen.contract_id)).all()
    assert bool(listed) == (contract is not None)
    return contract is not None, clause is not None


@pytest.fixture(autouse=True)
def world(cast):
    seen.contract_id, seen.clause_id = cast.contract.id, cast.clause.id


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("claire", (True, True)),
        ("helene", (True, True)),
        ("sophie", (True, True)),
        ("administrator", (True, True)),
        ("observer", (True, True)),
        ("rival", (False, False)),
        ("other_buyer", (False, False)),
        ("other_facilitator", (False, False)),
        ("prescriber", (False, False)),
    ],
)
def test_each_of_the_cast_sees_what_is_theirs(cast, who, sees):
    assert seen(getattr(cast, who)) == sees


def test_a_contract_that_nobody_facilitates_is_there_for_every_facilitator(cast):
    fresh = a.a_contract(cast.buyer, [cast.guerin])
    for who in (cast.claire, cast.other_facilitator):
        assert contracts.contract_seen_by(viewing(who), fresh.id)
    a.a_clause(fresh, cast.structure)
    assert contracts.contract_seen_by(viewing(cast.claire), fresh.id)
    assert not contracts.contract_seen_by(viewing(cast.other_facilitator), fresh.id)


def test_a_contract_shared_by_two_structures_shows_each_its_own_clause(cast):
    other = a.a_clause(cast.contract, cast.other_facilitator.organisation)
    assert seen(cast.other_facilitator) == (True, False)
    assert [one.id for one in clauses.clauses_of(cast.contract.id, viewing(cast.other_facilitator))] == [other.id]
    assert [one.id for one in clauses.clauses_of(cast.contract.id)] == [cast.clause.id, other.id]


def test_a_subcontractor_declared_on_the_contract_sees_nothing_by_that_alone(cast):
    rival = cast.rival.organisation
    db.session.add(
        ContractParty(contract_id=cast.contract.id, organisation=rival, capacity=Capacity.SUBCONTRACTOR, rank=2)
    )
    db.session.flush()
    assert seen(cast.rival) == (False, False)


def test_an_employer_with_a_placement_on_the_clause_sees_it(cast):
    rival_id = cast.rival.organisation_id
    party = ClauseParty(clause_id=cast.clause.id, organisation_id=rival_id, capacity=Capacity.EMPLOYER)
    db.session.add(party)
    other = a.a_clause(cast.contract, cast.structure)
    assert seen(cast.rival) == (True, True)
    assert clauses.clause_seen_by(viewing(cast.rival), other.id) is None


@pytest.mark.parametrize(("siren", "sees"), [("same", True), ("other", False)])
def test_a_buyer_sees_the_contracts_of_its_other_establishments(cast, siren, sees):
    stem = cast.buyer.siret[:9] if siren == "same" else a.a_siret()[:9]
    annex = a.an_organisation("Annexe", OrganisationKind.BUYER, siret=f"{stem}99999")
    officer = a.a_membership(Role.OFFICER, annex)
    assert seen(officer) == (sees, sees)


def test_an_organisation_found_to_double_the_buyer_is_the_buyer(cast):
    other = cast.other_buyer.organisation
    double = a.an_organisation("Double", OrganisationKind.BUYER, siret=None, same_as_id=other.id)
    contract = a.a_contract(double, [cast.guerin])
    assert contracts.contract_seen_by(viewing(cast.other_buyer), contract.id)


def test_two_organisations_without_siret_are_not_one_entity(cast):
    one = a.an_organisation("Sans numéro", OrganisationKind.BUYER, identifier="A1")
    other = a.an_organisation("Sans numéro non plus", OrganisationKind.BUYER, identifier="B2")
    one.siret = other.siret = None
    contract = a.a_contract(one, [cast.guerin])
    assert contracts.contract_seen_by(viewing(a.a_membership(Role.OFFICER, one)), contract.id)
    assert not contracts.contract_seen_by(viewing(a.a_membership(Role.OFFICER, other)), contract.id)


def test_holders_come_for_many_contracts_at_once_in_their_order(cast):
    grouped = a.a_contract(cast.buyer, [cast.guerin, cast.rival.organisation])
    none = a.a_contract(cast.buyer, [])
    found = contracts.holders_of([cast.contract.id, grouped.id, none.id])
    assert [party.organisation.name for party in found[grouped.id]] == ["Guérin Construction", "Rival Bâtiment"]
    assert [party.capacity for party in found[grouped.id]] == [Capacity.LEAD, Capacity.CO_HOLDER]
    assert (len(found[cast.contract.id]), found[none.id]) == (1, [])
    assert contracts.holders_of([]) == clauses.events_of([]) == {}
