"""Hours as people type them and as papers print them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.vocabulary.hours import (
    NotHours,
    format_euros,
    format_hours,
    format_number,
    format_percent,
    parse_hours,
    round_hours,
    total,
)

N = "\u00a0"
hundredths = st.decimals(0, 999_999, places=2, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("151,67", "151.67"),
        ("151.67", "151.67"),
        ("151,67 h", "151.67"),
        (f"1{N}607,50{N}h", "1607.50"),
        ("1\u202f607,5", "1607.50"),
        ("7h30", "7.50"),
        ("7 h 30", "7.50"),
        ("7:30", "7.50"),
        ("7h5", "7.08"),
        ("7h05min", "7.08"),
        ("7H30", "7.50"),
        ("7h", "7.00"),
        ("35 heures", "35.00"),
        ("0", "0.00"),
        (",5", "0.50"),
        ("12,", "12.00"),
        ("-3", "-3.00"),
        ("0h20", "0.33"),
        ("12,500", "12.50"),
    ],
)
def test_hours_are_read_as_people_type_them(typed: str, hours: str) -> None:
    assert str(parse_hours(typed)) == hours


@pytest.mark.parametrize(
    "typed",
    ["", " ", "abc", "12,345", "7h60", "1e5", "NaN", "Infinity", "12,3,4", "--3", "7h30h", "h30", "1,2h30", "−3 h x"],
)
def test_what_is_no_number_of_hours_says_so_in_french(typed: str) -> None:
    with pytest.raises(NotHours, match=r"Écrivez|minutes"):
        parse_hours(typed)


@given(hundredths)
def test_hours_are_read_back_as_they_are_printed(hours: Decimal) -> None:
    assert parse_hours(format_hours(hours)) == hours


@given(st.text(max_size=12))
def test_any_text_is_hours_or_is_told_it_is_not(text: str) -> None:
    try:
        assert parse_hours(text).as_tuple().exponent == -2
    except NotHours as told:
        assert str(told).endswith(".")  # noqa: PT017 - both endings are right, only another error is wrong


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1607.5", f"1{N}607,50{N}h"),
        ("0", f"0,00{N}h"),
        ("-12.3", f"−{N}12,30{N}h"),
        ("1234567.891", f"1{N}234{N}567,89{N}h"),
        ("-0.001", f"0,00{N}h"),
    ],
)
def test_hours_are_printed_with_no_break_spaces(value: str, text: str) -> None:
    assert format_hours(Decimal(value)) == text


def test_money_shares_and_whole_numbers_are_printed_the_french_way() -> None:
    assert format_euros(Decimal(24720)) == f"24{N}720,00{N}€"
    assert format_percent(Decimal("0.406")) == f"40,6{N}%"
    assert format_percent(Decimal("0.4"), 0) == f"40{N}%"
    assert format_number(1607, 0) == f"1{N}607"


@pytest.mark.parametrize(("value", "rounded"), [("0.005", "0.01"), ("0.0049", "0.00"), ("265.714", "265.71")])
def test_halves_of_a_hundredth_go_up(value: str, rounded: str) -> None:
    assert str(round_hours(Decimal(value))) == rounded


@given(st.lists(hundredths, max_size=50))
def test_a_total_is_exact_whatever_the_order(values: list[Decimal]) -> None:
    assert total(values) == total(reversed(values))
    assert str(total([])) == "0.00"
