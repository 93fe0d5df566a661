"""Who is eligible, and with which paper."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.publics.rules import DEFAULT_EDITION, EDITIONS, Category, Proof, edition

EPEC = edition(DEFAULT_EDITION)


def test_the_default_list_is_that_of_epec() -> None:
    assert EPEC.code == "EPEC-2021"
    assert (EPEC.window_months, EPEC.cdi_cap_years) == (24, 4)
    assert EPEC.source.is_confirmed
    assert not EPEC.window_source.is_confirmed


def test_an_unknown_list_or_category_is_not_found() -> None:
    with pytest.raises(LookupError):
        edition("PLIE-1999")
    with pytest.raises(LookupError):
        EPEC.category("astronaut")
    assert not EPEC.has("astronaut")
    assert EPEC.has("deld")


@pytest.mark.parametrize("code", EDITIONS)
def test_every_category_has_a_name_and_a_proof_of_its_own_code(code: str) -> None:
    categories = edition(code).categories
    assert len({category.code for category in categories}) == len(categories)
    assert all(category.label and category.proofs for category in categories)
    assert [category.code for category in categories if category.is_rsa] == ["rsa"]


@pytest.mark.parametrize(
    ("category", "age", "allowed", "why"),
    [
        ("youth", 25, True, "under 26"),
        ("youth", 26, False, "26 is no longer under 26"),
        ("senior", 49, False, "not yet 50"),
        ("senior", 50, True, "fifty years lived"),
        ("deld", 17, True, "no rule of age"),
    ],
)
def test_some_categories_look_at_the_age(category: str, age: int, allowed: bool, why: str) -> None:
    assert EPEC.category(category).allows_age(age) is allowed, why


def test_the_rule_of_age_is_said_in_french() -> None:
    assert EPEC.category("youth").age_rule == "avant 26 ans"
    assert EPEC.category("senior").age_rule == "à partir de 50 ans"
    assert (
        Category("x", "X", (Proof.IDENTITY,), least_age=18, below_age=30).age_rule
        == "à partir de 18 ans et avant 30 ans"
    )
    assert EPEC.category("deld").age_rule == ""


@pytest.mark.parametrize(
    ("proof", "issued_on", "day", "is_recent", "why"),
    [
        (Proof.RSA, date(2026, 3, 12), date(2026, 6, 11), True, "a day under 3 months"),
        (Proof.RSA, date(2026, 3, 12), date(2026, 6, 12), False, "3 months are not under 3 months"),
        (Proof.ADDRESS, date(2026, 1, 31), date(2026, 7, 30), True, "a day under 6 months"),
        (Proof.ADDRESS, date(2026, 1, 31), date(2026, 7, 31), False, "6 months"),
        (Proof.CHILD_PROTECTION, date(2025, 3, 12), date(2026, 3, 11), True, "a day under 12 months"),
        (Proof.CHILD_PROTECTION, date(2025, 3, 12), date(2026, 3, 12), False, "12 months"),
        (Proof.RQTH, date(2016, 1, 1), date(2026, 1, 1), True, "as long as it is in force"),
    ],
)
def test_a_proof_serves_while_it_is_young(proof: Proof, issued_on: date, day: date, is_recent: bool, why: str) -> None:
    assert proof.is_recent_on(issued_on, day) is is_recent, why


@pytest.mark.parametrize(
    ("months", "proofs"),
    [
        (3, {Proof.RSA, Proof.ASS, Proof.AAH, Proof.DELD, Proof.LONE_PARENT}),
        (6, {Proof.ADDRESS, Proof.JUDICIAL}),
        (12, {Proof.CHILD_PROTECTION}),
        (None, {Proof.RQTH, Proof.PERMIT, Proof.IDENTITY}),
    ],
)
def test_greatest_ages_are_those_of_the_iae_order(months: int | None, proofs: set[Proof]) -> None:
    assert {proof.months for proof in proofs} == {months}
