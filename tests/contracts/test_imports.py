"""A published file becomes contracts: each record once, whatever its dirt, and the others go on."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from threading import Barrier

import pytest
from sqlalchemy import event, func, select

from tests import builders as a
from tests.contracts.decp import EXAMPLE
from tests.contracts.published import BUYER, a_file, a_record, real_file, take
from tracker.accounts.models import JournalEntry, Organisation
from tracker.contracts.actions.imports import ImportCounts
from tracker.contracts.models import Contract, ContractParty, ContractPublication
from tracker.contracts.queries.contracts import holders_of, publications_of
from tracker.contracts.rules.identity import OTHER_HOLDERS, TWICE_A_DAY
from tracker.contracts.rules.levers import Capacity, Ccag
from tracker.plumbing import sessions
from tracker.plumbing.database import db
from tracker.plumbing.sessions import Actor

SHARED_HOLDER = [{"titulaire": {"id": "55208131766522", "typeIdentifiant": "SIRET"}}]


def counts(report) -> dict[str, int]:
    return asdict(report.counts)


def number_of(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def the_contract() -> Contract:
    return db.session.scalars(select(Contract)).one()


@pytest.mark.parametrize(
    ("name", "created", "updated", "unchanged"),
    [("e-marchespublics.json", 467, 1, 2), ("data.gouv.fr_pes.json", 1140, 6, 2), ("decp-2024-20.json", 20, 0, 0)],
)
def test_real_files_are_taken_whole_and_once(app, name, created, updated, unchanged):
    content = real_file(name).read_bytes()
    first, second = counts(take(content)), counts(take(content))
    read = created + updated + unchanged
    assert {**first, "repaired": 0, "with_social_clause": 0} == {
        "read": read, "created": created, "updated": updated, "unchanged": unchanged, "rejected": 0, "repaired": 0,
        "with_social_clause": 0,
    }  # fmt: skip
    assert (second["read"], second["unchanged"]) == (read, read)
    assert second["created"] == second["updated"] == second["rejected"] == 0
    assert number_of(Contract) == created


@pytest.mark.parametrize(("edition", "read", "social"), [("1.5.0", 12, 0), ("2.0.0", 12, 3), ("2.0.3", 10, 10)])
def test_the_official_examples_are_taken_whole_and_once(app, edition, read, social):
    files = sorted((real_file(f"schema-{edition}") / "exemples" / "json").glob("*.json"))
    first, second = ([take(path.read_bytes()).counts for path in files] for _ in range(2))
    assert sum(one.read for one in first) == read
    assert sum(one.rejected for one in first) == 0
    assert sum(one.with_social_clause for one in first) == social
    assert sum(one.unchanged for one in second) == read


def test_a_record_becomes_a_contract_with_its_buyer_its_holder_and_its_history(app):
    record = a_record(acheteur={"id": BUYER, "nom": "Région Centre"}, titulaires=SHARED_HOLDER)
    assert counts(take(a_file(record))) | {"repaired": 0} == {
        "read": 1, "created": 1, "updated": 0, "unchanged": 0, "rejected": 0, "repaired": 0, "with_social_clause": 1,
    }  # fmt: skip
    contract = the_contract()
    assert (contract.buyer.identifier, contract.buyer.name) == (BUYER, "Région Centre")
    assert (contract.number, contract.ccag, contract.cpv) == ("2026-001", Ccag.FCS, "77310000")
    assert (contract.amount, contract.notified_on) == (Decimal("120000.00"), date(2026, 2, 10))
    assert (contract.has_social_clause, contract.duration_months) == (True, 24)
    (holder,) = holders_of([contract.id])[contract.id]
    assert (holder.organisation.siret, holder.capacity) == ("55208131766522", Capacity.HOLDER)
    (publication,) = publications_of(contract.id)
    assert publication.record["objet"] == record["objet"]
    entry = db.session.scalars(select(JournalEntry)).one()
    assert (entry.verb, entry.about_kind, entry.about_id) == ("contract_imported", "contract", contract.id)


def test_holders_of_a_grouping_stand_in_the_order_published(app):
    holders = [{"titulaire": {"id": a.a_siret(), "typeIdentifiant": "SIRET"}} for _ in range(3)]
    take(a_file(a_record(titulaires=holders)))
    found = holders_of([the_contract().id])[the_contract().id]
    assert [party.organisation.identifier for party in found] == [one["titulaire"]["id"] for one in holders]
    assert {party.capacity for party in found} == {Capacity.CO_HOLDER}


def test_a_contract_needs_only_its_buyer_its_number_and_its_object(app):
    take(a_file({"id": "7", "objet": "Nettoyage", "acheteur": {"id": BUYER}}))
    contract = the_contract()
    assert (contract.notified_on, contract.amount, contract.duration_months) == (None, None, None)
    assert {remark["kind"] for remark in contract.remarks} >= {"missing"}


def test_an_absurd_amount_is_kept_as_text(app):
    take(a_file(a_record(montant=1.0e17)))
    assert (the_contract().amount, the_contract().amount_text) == (None, "1e17")


def test_an_invalid_siret_stays_visible(app):
    take(a_file(a_record(titulaires=[{"titulaire": {"id": "12345678901234", "typeIdentifiant": "SIRET"}}])))
    (holder,) = holders_of([the_contract().id])[the_contract().id]
    assert (holder.organisation.identifier, holder.organisation.siret) == ("12345678901234", None)
    assert any("SIRET non valide" in remark["text"] for remark in the_contract().remarks)


def test_a_later_publication_replaces_and_an_earlier_one_joins_the_history(app):
    first = a_record(titulaires=SHARED_HOLDER)
    later = first | {"montant": 130000.0, "datePublicationDonnees": "2026-05-01"}
    earlier = first | {"montant": 110000.0, "datePublicationDonnees": "2026-01-01"}
    take(a_file(first))
    assert counts(take(a_file(later)))["updated"] == 1
    assert counts(take(a_file(earlier)))["unchanged"] == 1
    contract = the_contract()
    assert (contract.amount, contract.version_id) == (Decimal("130000.00"), 2)
    assert [one.published_on for one in publications_of(contract.id)] == [
        date(2026, 5, 1), date(2026, 2, 20), date(2026, 1, 1),
    ]  # fmt: skip
    again = counts(take(a_file(first, later, earlier)))
    assert (again["unchanged"], number_of(ContractPublication)) == (3, 3)


def test_what_people_added_survives_a_later_publication(cast):
    record = a_record(titulaires=SHARED_HOLDER)
    take(a_file(record))
    contract = db.session.scalars(select(Contract).where(Contract.number == "2026-001")).one()
    clause = a.a_clause(contract, cast.structure)
    contract.ends_on = date(2028, 2, 9)
    db.session.commit()
    take(a_file(record | {"objet": "Entretien corrigé", "datePublicationDonnees": "2026-05-01"}))
    db.session.refresh(contract)
    assert (contract.object, contract.ends_on, clause.contract_id) == (
        "Entretien corrigé", date(2028, 2, 9), contract.id,
    )  # fmt: skip


@pytest.mark.parametrize("together", [True, False], ids=["in one file", "in two files"])
def test_the_same_number_with_other_holders_is_another_contract_to_look_at(app, together):
    one, other = a_record("M-1"), a_record("M-1")
    for content in [a_file(one, other)] if together else [a_file(one), a_file(other)]:
        take(content)
    assert db.session.scalars(select(Contract.doubt)).all() == [OTHER_HOLDERS, OTHER_HOLDERS]


def test_two_contents_of_one_day_are_flagged_on_the_one_contract(app):
    record = a_record(titulaires=SHARED_HOLDER)
    found = take(a_file(record, record | {"montant": 1.0}))
    assert (found.counts.created, found.counts.updated) == (1, 1)
    assert (the_contract().doubt, the_contract().amount) == (TWICE_A_DAY, Decimal("1.00"))


def test_a_contract_published_without_holders_receives_them_later(app):
    record = a_record(titulaires=[])
    take(a_file(record))
    take(a_file(record | {"titulaires": SHARED_HOLDER, "datePublicationDonnees": "2026-05-01"}))
    take(a_file(record | {"datePublicationDonnees": "2026-06-01"}))
    assert [party.organisation.siret for party in holders_of([the_contract().id])[the_contract().id]] == [
        "55208131766522"
    ]


def test_a_name_learnt_later_is_found_by_the_search_of_earlier_contracts(app):
    take(a_file(a_record(titulaires=SHARED_HOLDER)))
    holder = {"id": "55208131766522", "typeIdentifiant": "SIRET", "denominationSociale": "Électricité Générale"}
    take(a_file(a_record("2026-002", titulaires=[{"titulaire": holder}])))
    assert all("electricite generale" in text for text in db.session.scalars(select(Contract.search_text)))
    assert number_of(Organisation) == 2


def test_a_record_that_cannot_be_taken_is_reported_and_the_others_go_on(app):
    lacking = a_record("lacking")
    del lacking["objet"]
    found = take(a_file(a_record("1"), lacking, "nothing", a_record("4")))
    assert (found.counts.created, found.counts.rejected, found.counts.read) == (2, 2, 4)
    assert [(one.rank, one.path) for one in found.rejects] == [(2, "marches.marche[1]"), (3, "marches.marche[2]")]
    assert found.rejects[0].path_in_record == "objet"


def test_a_record_that_the_database_refuses_does_not_lose_its_batch(app):
    # No index of PostgreSQL holds a key that long; random digits keep it from being compressed.
    endless = random.Random(1).randbytes(9_000).hex()
    found = take(a_file(*(a_record(str(n)) for n in range(7)), a_record(endless), a_record("9")))
    assert (found.counts.created, found.counts.rejected) == (8, 1)
    assert (found.rejects[0].rank, found.rejects[0].reason) == (8, "La base de données refuse cet enregistrement")
    assert number_of(Contract) == number_of(ContractParty) == 8


def test_a_file_that_breaks_keeps_what_came_before(app):
    whole = a_file(a_record("1"), a_record("2"), a_record("3"))
    found = take(whole[: whole.rindex(b'"id": "3"')])
    assert (found.counts.created, found.counts.rejected, found.is_unreadable) == (2, 1, False)
    assert take(b"<html>").is_unreadable


@pytest.mark.parametrize(
    ("buyer", "is_taken"),
    [(BUYER, True), ("13000548100051", True), ("21370261500011", False), (None, True)],
)
def test_a_buyer_takes_its_own_contracts_alone_whatever_its_establishment(app, buyer, is_taken):
    found = take(a_file(a_record()), buyer=buyer)
    assert (found.counts.created, found.counts.rejected) == ((1, 0) if is_taken else (0, 1))
    if not is_taken:
        reason = "Ce marché est celui d’un autre acheteur (SIRET 130\u00a0005\u00a0481\u00a000010)"
        assert (found.rejects[0].reason, found.rejects[0].path_in_record) == (reason, "acheteur.id")


@pytest.fixture
def statements(app):
    """The SQL statements sent from now on."""
    seen = []

    def keep(_connection, _cursor, statement, *_):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", keep)
    yield seen
    event.remove(db.engine, "before_cursor_execute", keep)


@pytest.mark.parametrize("records", [1, 40])
def test_a_batch_costs_the_same_statements_whatever_its_size(statements, records):
    take(a_file(*(a_record(str(n)) for n in range(records))))
    assert len(statements) == 14


def test_batches_meet_each_other_s_contracts(app):
    record = a_record(titulaires=SHARED_HOLDER)
    versions = [record | {"montant": float(n), "datePublicationDonnees": f"2026-03-{n:02d}"} for n in range(1, 8)]
    found = take(a_file(*versions), batch=2)
    assert (found.counts.created, found.counts.updated) == (1, 6)
    assert the_contract().amount == Decimal("7.00")


def test_one_file_imported_twice_at_once_makes_each_contract_once(app):
    # Buyer and holder are known: adding them would already make one import wait for the other.
    take(a_file(a_record("known", titulaires=SHARED_HOLDER)))
    records = [a_record(str(number), titulaires=SHARED_HOLDER) for number in range(30)]
    content, ready = a_file(*records), Barrier(2)

    def run() -> ImportCounts:
        with app.app_context(), sessions.acting_as(Actor("import")):
            ready.wait()
            return take(content, batch=5).counts

    with ThreadPoolExecutor() as pool:
        found = [future.result() for future in [pool.submit(run), pool.submit(run)]]
    assert sum(one.created for one in found) == sum(one.unchanged for one in found) == number_of(Contract) - 1 == 30


def test_the_example_of_the_house_is_taken_with_its_dirt_and_once(app):
    content = EXAMPLE.read_bytes()
    first, second = counts(take(content)), counts(take(content))
    assert first == {
        "read": 44, "created": 40, "updated": 1, "unchanged": 1, "rejected": 2,
        "repaired": 9, "with_social_clause": 21,
    }  # fmt: skip
    assert second == first | {"created": 0, "updated": 0, "unchanged": 42}
