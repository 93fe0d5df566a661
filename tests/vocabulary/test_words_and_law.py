"""Identifiers, figures of law, objections and words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.vocabulary.identifiers import Siret, format_siret, is_siret, tidy_identifier
from tracker.vocabulary.law import InForce, Source
from tracker.vocabulary.objections import Level, Objection, Refused, refuse_if_any
from tracker.vocabulary.words import plural, search_key
from tracker.vocabulary.working_time import (
    LONGEST_WEEK,
    LONGEST_WEEK_OF_MINORS,
    USUAL_LONGEST_WEEK,
    USUAL_WEEK_OF_MINORS,
)

N = "\u00a0"


@pytest.mark.parametrize(
    ("text", "is_valid", "why"),
    [
        ("73282932000074", True, "a right sum"),
        ("73282932000075", False, "a wrong sum"),
        ("35600000049837", True, "La Poste's own sum"),
        ("7328293200007", False, "13 digits"),
        ("732829320000741", False, "15 digits"),
        ("732 829 320 00074", False, "not tidied"),
        ("٧٣٢٨٢٩٣٢٠٠٠٠٧٤", False, "other digits than ours"),
        ("", False, "nothing"),
    ],
)
def test_a_siret_is_fourteen_digits_with_a_right_sum(text: str, is_valid: bool, why: str) -> None:
    assert is_siret(text) is is_valid, why


def test_a_siret_is_read_through_spaces_and_dots() -> None:
    siret = Siret.parse(f"732{N}829.320-00074 ")
    assert str(siret) == "73282932000074"
    assert siret.siren == "732829320"
    with pytest.raises(ValueError, match="SIRET"):
        Siret.parse("73282932000075")


def test_a_siret_is_printed_in_groups_and_anything_else_as_it_stands() -> None:
    assert format_siret("73282932000074") == f"732{N}829{N}320{N}00074"
    assert format_siret("FR12") == "FR12"


@given(st.text(max_size=20))
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    assert tidy_identifier(tidy_identifier(text)) == tidy_identifier(text)


RATE = InForce(
    "Taux d’essai",
    "€",
    {
        date(2025, 1, 1): (Decimal(1), Source("un texte", read_on=date(2026, 11, 1))),
        date(2026, 1, 1): (Decimal(2), Source("un autre texte")),
    },
)


@pytest.mark.parametrize(
    ("day", "value"),
    [(date(2025, 1, 1), 1), (date(2025, 12, 31), 1), (date(2026, 1, 1), 2), (date(2030, 1, 1), 2)],
)
def test_a_figure_of_law_is_that_of_the_day(day: date, value: int) -> None:
    assert RATE.on(day) == value


def test_a_figure_has_no_value_before_its_first_day() -> None:
    with pytest.raises(LookupError, match="Taux d’essai"):
        RATE.on(date(2024, 12, 31))


def test_a_source_nobody_read_is_to_confirm() -> None:
    assert RATE.source_on(date(2025, 6, 1)).is_confirmed
    assert not RATE.source_on(date(2026, 6, 1)).is_confirmed


def test_the_legal_weeks_are_60_48_40_and_35_hours() -> None:
    day = date(2026, 3, 1)
    weeks = (LONGEST_WEEK, USUAL_LONGEST_WEEK, LONGEST_WEEK_OF_MINORS, USUAL_WEEK_OF_MINORS)
    assert [week.on(day) for week in weeks] == [60, 48, 40, 35]
    assert [week.source_on(day).text for week in weeks] == [
        "C. trav., art. L3121-21",
        "C. trav., art. L3121-20",
        "C. trav., art. L3162-1",
        "C. trav., art. L3162-1",
    ]


def test_a_warning_refuses_nothing_and_a_refusal_says_everything() -> None:
    warning = Objection("late", "C’est tard.", level=Level.WARNS)
    blocking = Objection("blank", "C’est vide.")
    refuse_if_any([warning])
    with pytest.raises(Refused, match=r"C’est tard\. C’est vide\.") as refused:
        refuse_if_any([warning, blocking])
    assert refused.value.objections == (warning, blocking)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Évêché n° 2", "eveche n 2"),
        ("Cœur-de-Ville", "coeur de ville"),
        ("L’Haÿ-les-Roses", "l hay les roses"),
        ("  ", ""),
        ("ŒUVRE", "oeuvre"),
    ],
)
def test_search_forgets_accents_case_and_signs(text: str, key: str) -> None:
    assert search_key(text) == key


@given(st.text(max_size=30))
def test_a_key_is_its_own_key(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)


def test_search_joins_what_is_known() -> None:
    assert search_key("Bât’il", None, "Tours") == "bat il tours"


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, f"0{N}jour"), (1, f"1{N}jour"), (2, f"2{N}jours"), (1200, f"1{N}200{N}jours")],
)
def test_zero_and_one_are_singular(count: int, text: str) -> None:
    assert plural(count, "jour") == text
    assert plural(2, "mois", "mois") == f"2{N}mois"
