"""Our own file in the official format: invented contracts that serve the demonstration, with every kind of dirt."""

import json
from collections import Counter
from datetime import date

import pytest

from tests.contracts.decp import EXAMPLE, drafts_of, read_path, rejects_of
from tracker.contracts.exchange.drafts import ContractDraft, ContractKind
from tracker.contracts.rules.identity import OTHER_HOLDERS, Created, Incoming, Known, Match, after
from tracker.vocabulary.identifiers import is_siret


@pytest.fixture(scope="module")
def drafts() -> list[ContractDraft]:
    return drafts_of(read_path(EXAMPLE))


def test_two_records_are_rejected_and_the_others_go_on(drafts):
    rejects = rejects_of(read_path(EXAMPLE))
    assert [(one.rank, one.path, one.path_in_record, one.reason) for one in rejects] == [
        (42, "marches.marche[41]", "acheteur.id", "Acheteur sans identifiant"),
        (43, "marches.marche[42]", "objet", "Objet absent"),
    ]
    assert len(drafts) == 42
    assert drafts[-1].kind is ContractKind.CONCESSION


def test_the_contracts_of_the_pictures_are_there(drafts):
    found = {(one.number, one.lot): [holder.name for holder in one.holders] for one in drafts}
    assert found["2025-BAT-014", "1"] == ["Guérin Construction"]
    assert found["2025-BAT-014", "3"] == ["Menuiserie Aubry et Fils"]
    assert found["2025-BAT-014", "5"] == ["Thermélec", "Socovent"]
    assert found["2024-EV-006", "2"] == ["Vertès Paysage"]
    assert found["2025-NET-003", ""] == ["Propreté du Val"]


def test_every_kind_of_dirt_is_there(drafts):
    fields = Counter((remark.kind.value, remark.field.split("[")[0]) for one in drafts for remark in one.remarks)
    assert fields == {
        ("missing", "amount"): 1,
        ("missing", "duration_months"): 2,
        ("missing", "holders"): 1,
        ("missing", "notified_on"): 1,
        ("repaired", "amount"): 2,
        ("repaired", "cpv"): 2,
        ("repaired", "duration_months"): 1,
        ("repaired", "holders"): 2,
        ("repaired", "notified_on"): 2,
        ("repaired", "number"): 1,
        ("repaired", "object"): 3,
        ("repaired", "published_on"): 2,
        ("wrong", "amount"): 4,
        ("wrong", "cpv"): 1,
        ("wrong", "holders"): 1,
        ("wrong", "modifications"): 1,
        ("wrong", "notified_on"): 1,
        ("wrong", "object"): 2,
        ("wrong", "place_code"): 1,
        ("wrong", "published_on"): 1,
    }


def test_about_half_have_a_social_clause(drafts):
    assert sum(draft.has_social_clause is True for draft in drafts) == 21
    assert all(draft.has_social_clause is not None for draft in drafts)


def test_its_contracts_were_notified_from_2024_to_october_2026(drafts):
    days = [draft.notified_on for draft in drafts if draft.notified_on]
    assert date(2024, 1, 1) <= min(days)
    assert max(days) <= date(2026, 10, 31)


def test_its_publications_are_forty_contracts(drafts):
    shelves: dict[tuple[str, str], list[Known]] = {}
    verdicts: list[Match] = []
    for draft in drafts:
        shelf = shelves.setdefault((draft.buyer_identifier, draft.number), [])
        record = Incoming(draft.holder_keys, draft.object_key, draft.published_on, draft.digest)
        shelf[:], verdict = after(shelf, record)
        verdicts.append(verdict)
    assert Counter(type(verdict).__name__ for verdict in verdicts) == {"Created": 40, "Updated": 1, "Unchanged": 1}
    assert [verdict.flag for verdict in verdicts if isinstance(verdict, Created) and verdict.flag] == [
        OTHER_HOLDERS
    ] * 2


def test_its_numbers_are_plainly_invented():
    text = EXAMPLE.read_text()
    numbers = {part for part in text.split('"') if len(part) == 14 and part.isdigit()}
    assert numbers
    for number in numbers:
        assert is_siret(number)
        assert number.startswith(("00001", "2299", "2199", "2599", "2799")), number


def test_it_follows_the_official_shape():
    content = json.loads(EXAMPLE.read_text())
    assert list(content["marches"]) == ["marche", "contrat-concession"]
    assert all(list(holder) == ["titulaire"] for one in content["marches"]["marche"] for holder in one["titulaires"])
