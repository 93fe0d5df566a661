"""Which months are owed before a final certificate, and how shares are printed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tracker.certificates.rules import (
    IssueFacts,
    Kind,
    objections_to_issue,
    outcome,
    percent_of,
    shares_of,
)
from tracker.hours.rules.owed import Post, months_owed
from tracker.vocabulary.dates import Month, Period

D = Decimal
PERFORMANCE = Period(date(2026, 1, 15), date(2026, 4, 10))
JANUARY, FEBRUARY, MARCH, APRIL = (Month(2026, number) for number in (1, 2, 3, 4))


@pytest.mark.parametrize(
    ("first", "last", "today", "owed", "why"),
    [
        ((2026, 1, 20), (2026, 2, 1), (2026, 6, 1), [JANUARY, FEBRUARY], "one day of a month makes it owed"),
        ((2026, 1, 20), (2026, 1, 31), (2026, 6, 1), [JANUARY], "the day before is another month's"),
        ((2025, 11, 1), (2026, 1, 14), (2026, 6, 1), [], "before the performance"),
        ((2025, 11, 1), (2026, 1, 15), (2026, 6, 1), [JANUARY], "its first day"),
        ((2026, 4, 1), None, (2026, 6, 1), [APRIL], "an open post ends with the performance"),
        ((2026, 4, 11), None, (2026, 6, 1), [], "after the performance"),
        ((2026, 3, 1), None, (2026, 4, 10), [MARCH], "the last month runs as long as the contract does"),
        ((2026, 3, 1), None, (2026, 4, 11), [MARCH, APRIL], "the contract is over: its last month is owed"),
        ((2026, 3, 1), None, (2026, 3, 31), [], "the month is not over"),
        ((2026, 3, 1), None, (2026, 4, 1), [MARCH], "it is over"),
    ],
)
def test_an_employer_owes_each_month_over_in_which_it_had_somebody_in_post(first, last, today, owed, why) -> None:
    post = Post(7, Period(date(*first), date(*last) if last else None))
    assert months_owed([post], PERFORMANCE, date(*today)) == [(7, month) for month in owed], why


def test_a_month_is_owed_once_by_each_employer() -> None:
    days = Period(date(2026, 2, 1), date(2026, 2, 28))
    posts = [Post(2, days), Post(1, days), Post(1, days)]
    assert months_owed(posts, PERFORMANCE, date(2026, 6, 1)) == [(1, FEBRUARY), (2, FEBRUARY)]


def test_shares_are_parts_of_their_sum() -> None:
    assert shares_of({"a": D(1), "b": D(3)}) == {"a": D("0.25"), "b": D("0.75")}
    assert shares_of({"a": D(0)}) == {}
    assert shares_of({}) == {}


@pytest.mark.parametrize(("share", "printed"), [("0.11845", "11.8"), ("0.1185", "11.9"), ("1", "100.0"), ("0", "0.0")])
def test_a_share_is_printed_to_the_tenth(share: str, printed: str) -> None:
    assert percent_of(D(share)) == D(printed)


@pytest.mark.parametrize(
    ("counted", "printed"),
    [("1499.99", "99.9"), ("1500.00", "100.0"), ("1500.01", "100.0"), ("750.00", "50.0"), ("1607.50", "107.2")],
)
def test_the_printed_rate_says_100_only_when_nothing_is_missing(counted: str, printed: str) -> None:
    assert outcome(D(1500), D(counted)).percent == D(printed)


def test_no_rate_is_printed_when_nothing_is_due() -> None:
    assert outcome(D(0), D(5)).percent is None


@pytest.mark.parametrize("kind", list(Kind))
def test_a_certificate_is_delivered_to_somebody(kind: Kind) -> None:
    facts = IssueFacts(date(2026, 7, 1), date(2026, 1, 1), date(2026, 6, 30), D(10), D(10))
    assert objections_to_issue(kind, facts) == []
    assert [one.code for one in objections_to_issue(kind, replace(facts, has_holder=False))] == ["holder_missing"]
