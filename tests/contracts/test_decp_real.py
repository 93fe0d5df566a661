"""The real files and the official examples, read where they lie: every record taken, each dirt counted."""

import json
from collections import Counter
from decimal import Decimal
from functools import cache

import pytest

from tests.contracts.decp import SHARED, drafts_of, read_path, rejects_of, shared
from tracker.contracts.exchange.drafts import ContractDraft, ContractKind, Edition, RemarkKind
from tracker.contracts.rules.identity import Created, Incoming, Known, Unchanged, Updated, after

E_MARCHES = "e-marchespublics.json"
PES = "data.gouv.fr_pes.json"
SAMPLE = "decp-2024-20.json"


@cache
def drafts_in(name: str) -> list[ContractDraft]:
    return drafts_of(read_path(shared(name)))


def remark_counts(name: str) -> dict[tuple[str, str], int]:
    """How many remarks of each kind on each field, ranks within lists left out."""
    found: Counter[tuple[str, str]] = Counter()
    for draft in drafts_in(name):
        for remark in draft.remarks:
            found[remark.kind.value, "".join(sign for sign in remark.field if sign not in "[]0123456789")] += 1
    return dict(found)


@pytest.mark.parametrize(("name", "records"), [(E_MARCHES, 470), (PES, 1148), (SAMPLE, 20)])
def test_every_real_record_is_taken(name, records):
    read = read_path(shared(name))
    assert len(drafts_of(read)) == records
    assert rejects_of(read) == []


def test_the_dirt_of_e_marchespublics():
    assert remark_counts(E_MARCHES) == {
        ("repaired", "holders.identifier"): 1,
        ("repaired", "object"): 4,
    }


def test_the_dirt_of_the_protocol_of_exchange():
    assert remark_counts(PES) == {
        ("repaired", "cpv"): 1131,
        ("repaired", "notified_on"): 1148,
        ("repaired", "published_on"): 1148,
        ("repaired", "modifications.on"): 8,
        ("repaired", "modifications.published_on"): 8,
        ("repaired", "object"): 16,
        ("wrong", "amount"): 6,
        ("wrong", "cpv"): 17,
        ("wrong", "holders.identifier"): 1,
        ("wrong", "object"): 7,
        ("wrong", "place_code"): 102,
    }


def test_the_dirt_of_the_second_edition():
    assert remark_counts(SAMPLE) == {("repaired", "cpv"): 1, ("wrong", "published_on"): 18}


def test_amounts_found_in_the_wild_are_said_not_believed():
    amounts = Counter(draft.amount_text for draft in drafts_in(PES) if draft.amount is None)
    assert amounts == {"99999999": 3, "999999999": 1, "0": 2}


def test_amounts_are_believed_up_to_a_hundred_million():
    drafts = drafts_in(E_MARCHES)
    assert max(draft.amount for draft in drafts if draft.amount) == Decimal("116400000.00")


def test_no_first_edition_says_whether_it_has_a_clause():
    for name in (E_MARCHES, PES):
        drafts = drafts_in(name)
        assert {(draft.format, draft.has_social_clause) for draft in drafts} == {(Edition.ONE, None)}


def test_the_lots_are_read_in_the_objects():
    drafts = [draft for name in (E_MARCHES, PES, SAMPLE) for draft in drafts_in(name)]
    assert sum(bool(draft.lot) for draft in drafts) == 706


def official(edition: str) -> list[str]:
    folder = SHARED / f"schema-{edition}" / "exemples" / "json"
    return sorted(f"schema-{edition}/exemples/json/{path.name}" for path in folder.glob("*.json"))


@pytest.mark.parametrize(("edition", "files"), [("1.5.0", 9), ("2.0.0", 9), ("2.0.3", 4)])
def test_every_official_example_is_read_whole(edition, files):
    shared(f"schema-{edition}")
    names = official(edition)
    assert len(names) == files
    for name in names:
        read = read_path(shared(name))
        text = shared(name).read_text()
        assert rejects_of(read) == [], name
        assert len(read) == text.count('"objet":'), name
        assert read, name


def test_the_official_clauses_are_found():
    found = {
        name.rsplit("/", 1)[-1]: [draft.has_social_clause for draft in drafts_in(name)]
        for edition in ("2.0.0", "2.0.3")
        for name in official(edition)
    }
    if not found:
        shared("schema-2.0.3")
    assert found["mar-avec-modifications.json"] == [True]
    assert found["paquet.json"] == [False, False]
    assert found["marches_concessions.json"] == [True] * 4


def test_official_modifications_and_subcontracts_are_read():
    market, concession = (
        drafts_of(read_path(shared(f"schema-2.0.3/exemples/json/{name}")))[0]
        for name in ("marches_avec_modifications.json", "concessions_avec_modifications.json")
    )
    assert market.subcontract_count == 1
    assert [one.amount for one in market.modifications] == [Decimal("123457.87")]
    assert [holder.identifier for holder in market.modifications[0].holders] == ["868768687576575"]
    assert concession.kind is ContractKind.CONCESSION
    assert [(str(one.on), one.amount) for one in concession.modifications] == [("2023-04-19", Decimal("25.00"))]


def taken(names: list[str], shelves: dict[tuple[str, str], list[Known]]) -> Counter[tuple[str, bool]]:
    """The verdicts on every record of the files, and which of them call for a person; the shelves are filled."""
    verdicts: Counter[tuple[str, bool]] = Counter()
    for name in names:
        for draft in drafts_in(name):
            shelf = shelves.setdefault((draft.buyer_identifier, draft.number), [])
            record = Incoming(draft.holder_keys, draft.object_key, draft.published_on, draft.digest)
            shelf[:], verdict = after(shelf, record)
            flag = verdict.flag if isinstance(verdict, Created | Updated) else None
            verdicts[type(verdict).__name__, flag is not None] += 1
    return verdicts


def test_the_real_records_are_so_many_contracts_and_the_second_import_none():
    shelves: dict[tuple[str, str], list[Known]] = {}
    assert taken([E_MARCHES, PES], shelves) == {
        ("Created", False): 1583,
        ("Created", True): 24,
        ("Updated", False): 6,
        ("Updated", True): 1,
        ("Unchanged", False): 4,
    }
    assert len(shelves) == 1581
    assert sum(map(len, shelves.values())) == 1607
    assert taken([PES, E_MARCHES], shelves) == {(Unchanged.__name__, False): 1618}


def test_a_real_record_is_kept_whole():
    published = json.loads(shared(E_MARCHES).read_text())["marches"]
    for record, draft in zip(published, drafts_in(E_MARCHES), strict=True):
        assert draft.raw == record


def test_a_repair_is_never_silent():
    for draft in drafts_in(PES):
        dates = [remark for remark in draft.remarks if remark.field == "notified_on"]
        assert [(one.kind, one.raw) for one in dates] == [(RemarkKind.REPAIRED, draft.raw["dateNotification"])]
