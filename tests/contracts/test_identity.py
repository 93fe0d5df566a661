"""Which contract a published record is: tables of what is known, and the law that a second import changes nothing."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.contracts.rules.identity import (
    OTHER_HOLDERS,
    SEVERAL,
    TWICE_A_DAY,
    UNDATED,
    Created,
    Incoming,
    Known,
    Older,
    Unchanged,
    Updated,
    after,
    match,
)

MONDAY, TUESDAY, WEDNESDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)
GUERIN, AUBRY, BOTH = frozenset({"guerin"}), frozenset({"aubry"}), frozenset({"guerin", "aubry"})
NOBODY: frozenset[str] = frozenset()


def known(holders=GUERIN, object_="toits", on=TUESDAY, digests=("first",)):
    return Known(holders, object_, on, frozenset(digests))


def record(holders=GUERIN, object_="toits", on=TUESDAY, digest="new"):
    return Incoming(holders, object_, on, digest)


@pytest.mark.parametrize(
    ("shelf", "incoming", "verdict"),
    [
        ([], record(), Created()),
        ([known()], record(digest="first"), Unchanged(0)),
        ([known(digests=("first", "old"))], record(digest="old"), Unchanged(0)),
        ([known(AUBRY, "murs"), known()], record(AUBRY, "sols", digest="first"), Unchanged(0)),
        # same holders, same object
        ([known()], record(on=WEDNESDAY), Updated(0)),
        ([known()], record(on=TUESDAY), Updated(0, TWICE_A_DAY)),
        ([known()], record(on=MONDAY), Older(0)),
        ([known()], record(on=None), Older(0)),
        ([known(on=None)], record(on=MONDAY), Updated(0)),
        ([known(on=None)], record(on=None), Updated(0)),
        # same holders, other object
        ([known()], record(object_="murs", on=WEDNESDAY), Updated(0)),
        ([known()], record(object_="murs", on=MONDAY), Older(0)),
        ([known()], record(object_="murs", on=TUESDAY), Created()),
        ([known()], record(object_="murs", on=None), Created(UNDATED)),
        ([known(on=None)], record(object_="murs", on=MONDAY), Created(UNDATED)),
        ([known(on=None)], record(object_="murs", on=None), Created()),
        # several lots of one holder
        ([known(), known(object_="murs")], record(object_="murs", on=WEDNESDAY), Updated(1)),
        ([known(), known(object_="murs")], record(object_="sols", on=WEDNESDAY), Created(SEVERAL)),
        ([known(), known(object_="murs")], record(object_="sols", on=TUESDAY), Created()),
        # other holders
        ([known()], record(AUBRY), Created(OTHER_HOLDERS)),
        ([known()], record(AUBRY, on=WEDNESDAY), Created(OTHER_HOLDERS)),
        ([known()], record(BOTH), Created(OTHER_HOLDERS)),
        ([known(), known(AUBRY)], record(AUBRY, on=WEDNESDAY), Updated(1)),
        # holders to complete
        ([known(NOBODY)], record(on=WEDNESDAY), Updated(0)),
        ([known()], record(NOBODY, on=WEDNESDAY), Updated(0)),
        ([known(NOBODY)], record(object_="murs", on=WEDNESDAY), Created(OTHER_HOLDERS)),
        ([known(), known(AUBRY)], record(NOBODY, on=WEDNESDAY), Created(OTHER_HOLDERS)),
        ([known(NOBODY), known()], record(on=WEDNESDAY), Updated(1)),
    ],
)
def test_a_record_is_the_contract_it_says(shelf, incoming, verdict):
    assert match(shelf, incoming) == verdict


def test_the_latest_publication_is_what_stays():
    shelf = [known(on=TUESDAY, digests=("first",))]
    shelf, _ = after(shelf, record(object_="toits et murs", on=WEDNESDAY, digest="second"))
    assert shelf == [known(object_="toits et murs", on=WEDNESDAY, digests=("first", "second"))]
    shelf, verdict = after(shelf, record(on=MONDAY, digest="older"))
    assert verdict == Older(0)
    assert shelf == [known(object_="toits et murs", on=WEDNESDAY, digests=("first", "second", "older"))]


RECORDS = st.builds(
    Incoming,
    st.sampled_from([GUERIN, AUBRY, BOTH, NOBODY]),
    st.sampled_from(["toits", "murs", "sols"]),
    st.sampled_from([None, MONDAY, TUESDAY, WEDNESDAY]),
    st.sampled_from(list("abcdefgh")),
)


def imported(shelf, records):
    verdicts = []
    for one in records:
        shelf, verdict = after(shelf, one)
        verdicts.append(verdict)
    return shelf, verdicts


@settings(deadline=None)
@given(st.lists(RECORDS, max_size=12), st.randoms(use_true_random=False))
def test_a_second_import_creates_and_updates_nothing_in_whatever_order(records, random):
    shelf, _ = imported([], records)
    again = random.sample(records, len(records))
    left, verdicts = imported(shelf, again)
    assert all(isinstance(verdict, Unchanged) for verdict in verdicts)
    assert left == shelf


@settings(deadline=None)
@given(st.lists(RECORDS, max_size=12))
def test_every_record_is_found_under_one_contract(records):
    shelf, verdicts = imported([], records)
    assert sum(isinstance(verdict, Created) for verdict in verdicts) == len(shelf)
    digests = [digest for contract in shelf for digest in contract.digests]
    assert sorted(digests) == sorted({one.digest for one in records})


@settings(deadline=None)
@given(st.lists(RECORDS, max_size=12))
def test_two_contracts_never_share_holders_and_object(records):
    shelf, _ = imported([], records)
    keys = [(contract.holders, contract.object_key) for contract in shelf]
    assert len(keys) == len(set(keys))


@settings(deadline=None)
@given(st.permutations([MONDAY, TUESDAY, WEDNESDAY, None]))
def test_publications_of_one_contract_end_the_same_in_whatever_order(days):
    shelf, _ = imported([], [record(on=day, digest=str(day)) for day in days])
    assert shelf == [known(on=WEDNESDAY, digests=tuple(str(day) for day in days))]
