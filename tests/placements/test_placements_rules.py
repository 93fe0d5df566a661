"""Placements, and the window in which their hours count."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.placements.rules import (
    ContractType,
    Means,
    PlacementDraft,
    Sector,
    counts_until,
    objections_to_placement,
    window_of,
)
from tracker.publics.rules import DEFAULT_EDITION, edition
from tracker.vocabulary.dates import Period, months_later

D = Decimal
EPEC = edition(DEFAULT_EDITION)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
DRAFT = PlacementDraft(
    contract_type=ContractType.CDD,
    means=Means.DIRECT_HIRE,
    starts_on=date(2026, 3, 12),
    ends_on=date(2026, 9, 11),
    weekly_hours=D(35),
    site="Chantier du collège",
    tutor="Paul Renaud",
)


def test_a_whole_placement_meets_no_objection() -> None:
    assert objections_to_placement(DRAFT, YEAR, {Means.DIRECT_HIRE}) == []


def test_all_that_a_blank_placement_lacks_is_said_at_once() -> None:
    found = objections_to_placement(PlacementDraft())
    assert [objection.field for objection in found] == [
        "contract_type",
        "means",
        "starts_on",
        "weekly_hours",
        "site",
    ]


@pytest.mark.parametrize(
    ("change", "code", "blocks", "why"),
    [
        ({"ends_on": date(2026, 3, 11)}, "ends_before_start", True, "ends the day before"),
        ({"ends_on": date(2026, 3, 12)}, None, False, "a contract of one day"),
        ({"ends_on": None}, "end_missing", False, "a CDD has an end"),
        ({"ends_on": None, "contract_type": ContractType.CDI}, None, False, "a CDI has none"),
        ({"starts_on": date(2025, 12, 31)}, "starts_before_performance", False, "the day before performance"),
        ({"starts_on": date(2026, 1, 1)}, None, False, "its first day"),
        ({"ends_on": date(2027, 1, 1)}, "ends_after_performance", False, "the day after performance"),
        ({"ends_on": date(2026, 12, 31)}, None, False, "its last day"),
        (
            {"starts_on": date(2027, 1, 1), "ends_on": date(2027, 6, 30)},
            "outside_performance",
            True,
            "wholly after performance",
        ),
        ({"weekly_hours": D(0)}, "weekly_hours_not_positive", True, "no hours"),
        ({"weekly_hours": D("0.01")}, None, False, "very few hours"),
        ({"weekly_hours": D(48)}, None, False, "the usual longest week"),
        ({"weekly_hours": D("48.01")}, "weekly_hours_above_usual", False, "above 48 h"),
        ({"weekly_hours": D(60)}, "weekly_hours_above_usual", False, "the longest week"),
        ({"weekly_hours": D("60.01")}, "weekly_hours_above_law", True, "above 60 h"),
        ({"means": Means.TRAINING}, "means_not_allowed", False, "the clause does not admit it"),
        ({"was_existing_staff": True}, "existing_staff", False, "already on the staff"),
        ({"contract_type": ContractType.INTERNSHIP}, "internship", False, "recorded, not counted"),
        ({"tutor": " "}, "tutor_missing", False, "a direct hire has a tutor"),
        ({"tutor": "", "means": Means.HIRING_OUT}, None, False, "hired-out people have theirs elsewhere"),
        ({"site": ""}, "site_missing", False, "where?"),
        (
            {"means": Means.HIRING_OUT, "contract_type": ContractType.CDDI},
            "hiring_out_by_cddi",
            False,
            "an ETTI never signs a CDDI",
        ),
    ],
)
def test_each_part_of_a_placement_is_looked_at(
    change: dict[str, Any], code: str | None, blocks: bool, why: str
) -> None:
    found = objections_to_placement(replace(DRAFT, **change), YEAR, {Means.DIRECT_HIRE, Means.HIRING_OUT})
    assert [(objection.code, objection.blocks) for objection in found] == ([(code, blocks)] if code else []), why


def test_a_contract_without_dates_and_a_clause_without_list_object_to_nothing() -> None:
    draft = replace(DRAFT, starts_on=date(2040, 1, 1), ends_on=date(2041, 1, 1), means=Means.TRAINING)
    assert objections_to_placement(draft) == []


FIRST = date(2026, 3, 12)


@pytest.mark.parametrize(
    ("contract_type", "contract_end", "placement_end", "last", "why"),
    [
        (ContractType.CDD, None, None, date(2028, 3, 11), "24 months end the day before the anniversary"),
        (ContractType.CDD, date(2030, 1, 1), None, date(2028, 3, 11), "a CDD gains nothing from a long contract"),
        (ContractType.CDD, date(2026, 6, 1), date(2026, 6, 1), date(2028, 3, 11), "the window outlives the contract"),
        (ContractType.CDI, None, None, date(2028, 3, 11), "the contract's end is unknown"),
        (ContractType.CDI, date(2028, 3, 10), None, date(2028, 3, 11), "the contract ends first: 24 months"),
        (ContractType.CDI, date(2028, 3, 12), None, date(2028, 3, 12), "the contract ends later"),
        (ContractType.CDI, date(2030, 3, 11), None, date(2030, 3, 11), "4 years to the day"),
        (ContractType.CDI, date(2030, 3, 12), None, date(2030, 3, 11), "4 years at most"),
        (ContractType.CDI_INCLUSION, date(2029, 1, 1), None, date(2029, 1, 1), "a CDI of any kind"),
        (ContractType.APPRENTICESHIP, None, date(2029, 8, 31), date(2029, 8, 31), "its contract, even longer"),
        (ContractType.PROFESSIONALISATION, None, date(2027, 3, 11), date(2027, 3, 11), "its contract, even shorter"),
        (ContractType.APPRENTICESHIP, date(2030, 1, 1), None, date(2028, 3, 11), "24 months until its end is known"),
    ],
)
def test_the_window_lasts_what_its_contract_allows(
    contract_type: ContractType, contract_end: date | None, placement_end: date | None, last: date, why: str
) -> None:
    assert window_of(FIRST, contract_type, contract_end, EPEC, placement_end) == Period(FIRST, last), why


def test_a_window_opened_on_a_29_february_ends_on_the_last_of_february() -> None:
    window = window_of(date(2028, 2, 29), ContractType.CDD, None, EPEC)
    assert window.last == date(2030, 2, 28)


def test_the_edition_sets_the_terms_of_the_window() -> None:
    shorter = replace(EPEC, window_months=12, cdi_cap_years=2)
    assert window_of(FIRST, ContractType.CDD, None, shorter).last == date(2027, 3, 11)
    assert window_of(FIRST, ContractType.CDI, date(2035, 1, 1), shorter).last == date(2028, 3, 11)


@given(
    st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    st.sampled_from(ContractType),
    st.none() | st.integers(-2000, 4000),
    st.none() | st.integers(-100, 2000),
)
def test_a_window_holds_its_first_day_and_never_passes_four_years_but_for_work_study(
    first: date, contract_type: ContractType, contract_days: int | None, placement_days: int | None
) -> None:
    contract_end = None if contract_days is None else first + timedelta(days=contract_days)
    placement_end = None if placement_days is None else first + timedelta(days=placement_days)
    window = window_of(first, contract_type, contract_end, EPEC, placement_end)
    assert first in window
    assert window.last is not None
    if not contract_type.is_work_study:
        assert months_later(first, 23) < window.last <= months_later(first, 48)


def test_an_employer_is_told_until_when_hours_count() -> None:
    window = Period(FIRST, date(2028, 3, 11))
    assert counts_until(window, YEAR) == date(2026, 12, 31)
    assert counts_until(window, Period(date(2026, 1, 1))) == date(2028, 3, 11)
    assert counts_until(window, YEAR, date(2026, 9, 11)) == date(2026, 9, 11)
    assert counts_until(None, None) is None


@pytest.mark.parametrize("words", [ContractType, Means, Sector])
def test_every_word_has_its_french(words: Any) -> None:
    assert len({word.label for word in words}) == len(words)
