"""What a certificate concludes, when it may be issued, and what makes it verifiable."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.certificates.rules import (
    CROCKFORD,
    IssueFacts,
    Kind,
    OpenMonth,
    Standing,
    certificate_number,
    check_code,
    is_check_code,
    new_code,
    objections_to_end,
    objections_to_issue,
    outcome,
)
from tracker.vocabulary.dates import Month
from tracker.vocabulary.frozen import canonical, fingerprint
from tracker.vocabulary.objections import Objection

D = Decimal
N = "\u00a0"
KEY = b"only for these tests"


@pytest.mark.parametrize(
    ("counted", "is_met", "balance", "surplus", "sentence"),
    [
        (
            "1499.99",
            False,
            "0.01",
            "0",
            f"Objectif non atteint{N}: il manque 0,01{N}h sur 1{N}500,00{N}h dues.",
        ),
        ("1500", True, "0", "0", f"Objectif atteint{N}: 1{N}500,00{N}h validées pour 1{N}500,00{N}h dues."),
        ("1607.5", True, "0", "107.5", f"Objectif atteint{N}: 1{N}607,50{N}h validées pour 1{N}500,00{N}h dues."),
    ],
)
def test_only_counted_hours_make_the_result(
    counted: str, is_met: bool, balance: str, surplus: str, sentence: str
) -> None:
    result = outcome(D(1500), D(counted))
    assert (result.is_met, result.balance, result.surplus) == (is_met, D(balance), D(surplus))
    assert result.sentence == sentence


def test_the_rate_is_counted_over_due() -> None:
    assert outcome(D(490), D(70)).rate == D(70) / D(490)
    assert outcome(D(0), D(70)).rate is None


MARCH = OpenMonth("Batival", Month(2026, 3))
FACTS = IssueFacts(
    today=date(2026, 7, 1), starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 30), due=D(1500), counted=D(1607)
)


def codes(found: list[Objection]) -> list[str]:
    return [objection.code for objection in found]


@pytest.mark.parametrize(
    ("kind", "change", "expected", "why"),
    [
        (Kind.FINAL, {}, [], "ended the day before, all months settled"),
        (Kind.FINAL, {"ends_on": date(2026, 7, 1)}, ["not_ended"], "it ends today"),
        (Kind.INTERIM, {"ends_on": date(2027, 7, 1)}, [], "an interim one does not wait"),
        (Kind.FINAL, {"open_months": (MARCH, MARCH)}, ["month_open", "month_open"], "each open month is named"),
        (Kind.INTERIM, {"open_months": (MARCH, MARCH)}, ["months_open"], "said once, as a warning"),
        (Kind.INTERIM, {"starts_on": None}, ["dates_missing"], "no dates"),
        (Kind.FINAL, {"ends_on": None}, ["dates_missing"], "no end"),
        (Kind.INTERIM, {"due": D(0)}, ["due_missing"], "nothing due"),
        (Kind.INTERIM, {"has_signatory": False}, ["signatory_missing"], "nobody signs"),
        (Kind.FINAL, {"counted": D(0)}, [], "an objective missed is certified too"),
    ],
)
def test_what_forbids_a_certificate(kind: Kind, change: dict[str, Any], expected: list[str], why: str) -> None:
    found = objections_to_issue(kind, replace(FACTS, **change))
    assert codes(found) == expected, why
    assert [objection.blocks for objection in found] == [code != "months_open" for code in expected]


def test_an_open_month_says_who_must_act() -> None:
    assert MARCH.text == f"Batival, mars 2026{N}: à déclarer"
    assert replace(MARCH, is_declared=True).text == f"Batival, mars 2026{N}: à valider"


def test_a_certificate_ends_for_a_written_reason() -> None:
    assert codes(objections_to_end("  ")) == ["reason_missing"]
    assert objections_to_end("Erreur d’heures") == []


def test_facts_have_one_text_whatever_their_order() -> None:
    one = {"due": D("1500.00"), "on": date(2026, 3, 1), "month": Month(2026, 3), "holder": {"name": "É", "rank": 1}}
    other = dict(reversed(list(one.items()))) | {"holder": {"rank": 1, "name": "É"}}
    assert canonical(one) == ('{"due":"1500.00","holder":{"name":"É","rank":1},"month":"2026-03","on":"2026-03-01"}')
    assert fingerprint(one) == fingerprint(other)
    assert len(fingerprint(one)) == 64


def test_a_hundredth_of_an_hour_changes_the_fingerprint() -> None:
    assert fingerprint({"due": D("1500.00")}) != fingerprint({"due": D("1500.01")})


@pytest.mark.parametrize("facts", [{"due": 1.5}, {"rows": [{"hours": 0.1}]}, {"what": object()}, {"what": {1, 2}}])
def test_floats_and_strange_things_are_no_facts(facts: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        fingerprint(facts)


def test_the_number_is_the_year_and_the_rank() -> None:
    assert certificate_number(2026, 42) == "AR-2026-0042"


def test_a_check_code_never_changes_for_a_key() -> None:
    assert check_code("2026-00042", KEY) == check_code("2026-00042", KEY)
    assert check_code("2026-00042", KEY) != check_code("2026-00043", KEY)
    assert check_code("2026-00042", KEY) != check_code("2026-00042", b"another key")


@given(st.text(min_size=1, max_size=20), st.binary(min_size=1, max_size=40))
def test_a_check_code_is_ten_signs_that_cannot_be_misread(number: str, key: bytes) -> None:
    code = check_code(number, key)
    assert len(code) == 10
    assert set(code) <= set(CROCKFORD)
    assert not set(code) & set("ILOU")
    assert is_check_code(code, number, key)


@given(st.integers(0, 10**6))
def test_a_check_code_is_taken_as_people_type_it(rank: int) -> None:
    number = certificate_number(2026, rank)
    code = check_code(number, KEY)
    typed = f" {code[:5].lower()}-{code[5:]} ".replace("0", "o").replace("1", "l")
    assert is_check_code(typed, number, KEY)
    assert not is_check_code(typed, certificate_number(2027, rank), KEY)


@pytest.mark.parametrize("typed", ["", "0000000000", "É", "ABCDEFGHJKMN"])
def test_any_other_text_is_no_check_code(typed: str) -> None:
    assert not is_check_code(typed, "2026-00042", KEY)


def test_a_public_code_holds_128_bits_in_small_letters() -> None:
    code = new_code(bytes(range(16)))
    assert len(code) == 26
    assert set(code) <= set("abcdefghijklmnopqrstuvwxyz234567")
    assert new_code(bytes(15) + b"\x01") != new_code(bytes(16))
    with pytest.raises(ValueError, match="128 bits"):
        new_code(bytes(15))


def test_every_word_has_its_french() -> None:
    assert [kind.label for kind in Kind] == ["intermédiaire", "définitive"]
    assert [standing.label for standing in Standing] == ["valide", "remplacée", "révoquée"]
