"""Pledges, and how the hours due fall on the members of a grouping."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.pledges.rules import (
    Grouping,
    Measure,
    PledgeKind,
    Share,
    equal_shares,
    objections_to_pledge,
    objections_to_shares,
    weighted_shares,
)
from tracker.vocabulary.hours import total

D = Decimal


@pytest.mark.parametrize(
    ("due", "holders", "shares", "why"),
    [
        (D(1500), ["A"], [1500], "a holder alone owes everything"),
        (D(1500), ["A", "B"], [750, 750], "two halves"),
        (D(1000), ["A", "B", "C"], [334, 333, 333], "the hour left over goes to the first"),
        (D("617.25"), ["A", "B"], ["309.25", 308], "broken hours go to the first"),
        (D(1), ["A", "B"], [1, 0], "one hour is not cut"),
        (D(0), ["A", "B"], [0, 0], "nothing due"),
    ],
)
def test_equal_shares_are_whole_hours(due: Decimal, holders: list[str], shares: list[str | int], why: str) -> None:
    assert [share.hours for share in equal_shares(due, holders)] == [D(share) for share in shares], why


def test_hours_left_over_go_to_the_largest_remainders() -> None:
    shares = weighted_shares(D(10), ["A", "B", "C"], [D(18), D(25), D(57)])
    assert [share.hours for share in shares] == [2, 2, 6]
    assert weighted_shares(D(10), ["A", "B"], [D("0.26"), D("0.74")]) == [Share("A", D(3)), Share("B", D(7))]


@pytest.mark.parametrize(("holders", "weights"), [([], []), (["A"], []), (["A"], [D(0)]), (["A"], [D(1), D(1)])])
def test_shares_want_a_weight_for_each_holder(holders: list[str], weights: list[Decimal]) -> None:
    with pytest.raises(ValueError, match="weight"):
        weighted_shares(D(10), holders, weights)


@given(
    st.decimals(0, 100_000, places=2),
    st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=8).filter(lambda weights: sum(weights) > 0),
)
def test_shares_sum_to_the_hours_due_and_only_the_first_is_broken(due: Decimal, weights: list[Decimal]) -> None:
    shares = weighted_shares(due, [str(rank) for rank in range(len(weights))], weights)
    assert total(share.hours for share in shares) == due
    assert all(share.hours >= 0 for share in shares)
    assert all(share.hours == share.hours.to_integral_value() for share in shares[1:])
    assert objections_to_shares(shares, due) == []


@pytest.mark.parametrize(
    ("shares", "code"),
    [
        ([], None),
        ([D(750), D(750)], None),
        ([D(750), D("750.01")], "shares_do_not_sum"),
        ([D(750), D("749.99")], "shares_do_not_sum"),
        ([D(1501), D(-1)], "share_negative"),
    ],
)
def test_typed_shares_sum_to_the_hours_due(shares: list[Decimal], code: str | None) -> None:
    found = objections_to_shares([Share("A", hours) for hours in shares], D(1500))
    assert [objection.code for objection in found] == ([code] if code else [])


@pytest.mark.parametrize(
    ("kind", "measure", "quantity", "codes"),
    [
        (PledgeKind.PUBLIC_CLAUSE, Measure.HOURS, "0.01", []),
        (PledgeKind.PUBLIC_CLAUSE, Measure.HOURS, "0", ["pledge_of_nothing"]),
        (PledgeKind.PUBLIC_CLAUSE, Measure.HIRES, "2", ["clause_counts_hours"]),
        (PledgeKind.CHARTER, Measure.HIRES, "2", []),
    ],
)
def test_a_pledge_is_of_something(kind: PledgeKind, measure: Measure, quantity: str, codes: list[str]) -> None:
    assert [objection.code for objection in objections_to_pledge(kind, measure, D(quantity))] == codes


def test_a_charter_alone_bears_no_penalty() -> None:
    assert [kind for kind in PledgeKind if not kind.is_enforceable] == [PledgeKind.CHARTER]


def test_a_conjoint_grouping_owes_member_by_member() -> None:
    assert [grouping for grouping in Grouping if not grouping.is_one_obligation] == [Grouping.CONJOINT]


@pytest.mark.parametrize("words", [PledgeKind, Measure, Grouping])
def test_every_word_has_its_french(words: type[PledgeKind]) -> None:
    assert all(word.label for word in words)
