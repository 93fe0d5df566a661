"""Settings: defaults, dated changes, and what may be typed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tracker.hours.rules.progress import AHEAD, WATCHED
from tracker.publics.rules import DEFAULT_EDITION, edition
from tracker.settings.rules import (
    SETTINGS,
    Change,
    levels_on,
    number_on,
    objections_to_value,
    read_value,
    setting,
    value_on,
)
from tracker.vocabulary.objections import Level

D = Decimal
N = "\u00a0"
DAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("window_months", f"24{N}mois"),
        ("cdi_cap_years", f"4{N}ans"),
        ("deposit_day", f"15{N}du mois"),
        ("fte_divisor", f"1{N}607{N}h"),
        ("national_fte_divisor", f"1{N}600{N}h"),
        ("rsa_word", "allocataires du RSA"),
        ("link_days", f"7{N}jours"),
        ("confirm_days", f"5{N}jours ouvrés"),
    ],
)
def test_defaults_are_those_of_the_field(key: str, shown: str) -> None:
    assert setting(key).shown(setting(key).default) == shown


def test_what_no_source_confirmed_is_said_to_be_so() -> None:
    assert setting("window_months").note == "à confirmer"
    assert setting("cdi_cap_years").note == ""
    assert setting("retention_months").note == "à confirmer"


def test_the_default_list_of_publics_agrees_with_the_settings() -> None:
    epec = edition(DEFAULT_EDITION)
    assert number_on("window_months", DAY) == epec.window_months
    assert number_on("cdi_cap_years", DAY) == epec.cdi_cap_years


def test_progress_agrees_with_the_settings() -> None:
    assert number_on("ahead_percent", DAY) == AHEAD * 100
    assert number_on("watch_percent", DAY) == WATCHED * 100


CHANGES = [
    Change("window_months", date(2026, 9, 1), D(36)),
    Change("window_months", date(2026, 6, 1), D(30)),
    Change("rsa_word", date(2026, 6, 1), "bénéficiaires du RSA"),
]


@pytest.mark.parametrize(
    ("day", "months"),
    [(date(2026, 5, 31), 24), (date(2026, 6, 1), 30), (date(2026, 8, 31), 30), (date(2026, 9, 1), 36)],
)
def test_a_setting_is_that_of_the_day(day: date, months: int) -> None:
    assert number_on("window_months", day, CHANGES) == months


def test_words_are_no_number_and_unknown_settings_are_not_found() -> None:
    assert value_on("rsa_word", DAY, CHANGES) == "bénéficiaires du RSA"
    with pytest.raises(TypeError, match="rsa_word"):
        number_on("rsa_word", DAY)
    with pytest.raises(LookupError):
        value_on("colour", DAY)


def test_levels_of_checks_are_settings_too() -> None:
    changes = [Change("level_site_missing", DAY, Level.BLOCKS.value)]
    assert levels_on(DAY)["site_missing"] is Level.WARNS
    assert levels_on(DAY)["jump"] is Level.OFF
    assert levels_on(DAY, changes)["site_missing"] is Level.BLOCKS


@pytest.mark.parametrize(
    ("key", "typed", "code", "why"),
    [
        ("window_months", "0", "setting_out_of_bounds", "under the least"),
        ("window_months", "1", None, "the least"),
        ("window_months", "60", None, "the most"),
        ("window_months", "61", "setting_out_of_bounds", "above the most"),
        ("window_months", "deux ans", "setting_not_a_number", "words"),
        ("window_months", "NaN", "setting_not_a_number", "no number at all"),
        ("fte_divisor", f"1{N}607,5", None, "as the French write it"),
        ("rsa_word", "  ", "setting_blank", "nothing"),
        ("rsa_word", "bénéficiaires", None, "any words"),
        ("level_late", "bloquante", None, "a level"),
        ("level_late", "fatale", "setting_unknown_choice", "no level"),
    ],
)
def test_what_is_typed_stays_within_bounds(key: str, typed: str, code: str | None, why: str) -> None:
    assert [objection.code for objection in objections_to_value(key, typed)] == ([code] if code else []), why


def test_a_number_is_read_as_typed() -> None:
    assert read_value("fte_divisor", f" 1{N}607,5 ") == D("1607.5")
    assert read_value("rsa_word", " bénéficiaires ") == "bénéficiaires"


@pytest.mark.parametrize("key", SETTINGS)
def test_every_default_may_be_typed(key: str) -> None:
    assert SETTINGS[key].label
    assert objections_to_value(key, str(SETTINGS[key].default)) == []
