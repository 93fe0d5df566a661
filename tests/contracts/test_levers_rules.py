"""What a clause must say, and by which article it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tracker.contracts.rules.duty import THRESHOLDS, ThresholdKind, threshold_on
from tracker.contracts.rules.levers import Capacity, Ccag, ClauseFacts, Lever, Rhythm, particulars_missing
from tracker.vocabulary.objections import Level

WHOLE = ClauseFacts(
    ccag=Ccag.TRAVAUX,
    perimeter="Lot 2, gros œuvre",
    edition="EPEC-2021",
    due_hours=Decimal(1500),
    facilitator_contact="clauses@departement.example",
)


@pytest.mark.parametrize("lever", Lever)
def test_every_lever_has_a_name_and_an_article(lever: Lever) -> None:
    assert lever.label
    assert lever.source.text.startswith("Code de la commande publique, art. ")


def test_only_insertion_services_are_still_to_confirm() -> None:
    assert [lever for lever in Lever if not lever.source.is_confirmed] == [Lever.INSERTION_SERVICES]


def test_the_article_on_insertion_was_read_in_the_ccag_of_it_contracts_alone() -> None:
    assert [ccag for ccag in Ccag if ccag.source and ccag.source.is_confirmed] == [Ccag.TIC]


def test_a_whole_clause_lacks_nothing() -> None:
    assert particulars_missing(WHOLE) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"perimeter": " "}, "perimeter"),
        ({"edition": ""}, "edition"),
        ({"due_hours": None}, "due_hours"),
        ({"facilitator_contact": ""}, "facilitator_contact"),
    ],
)
def test_each_particular_is_demanded_under_a_ccag_of_2021(change: dict[str, str], field: str) -> None:
    (objection,) = particulars_missing(replace(WHOLE, **change))
    assert (objection.field, objection.level) == (field, Level.BLOCKS)
    assert objection.text.endswith("le CCAG de 2021 le demande.")
    assert objection.source


@pytest.mark.parametrize(
    ("ccag", "is_2021", "level", "why"),
    [
        (Ccag.TRAVAUX, True, Level.BLOCKS, "the CCAG of 2021 demands it"),
        (Ccag.TRAVAUX, False, Level.WARNS, "an older edition of the CCAG"),
        (Ccag.NONE, True, Level.WARNS, "no CCAG at all"),
        (None, True, Level.WARNS, "imported without its CCAG"),
    ],
)
def test_other_contracts_are_to_complete(ccag: Ccag | None, is_2021: bool, level: Level, why: str) -> None:
    found = particulars_missing(ClauseFacts(ccag=ccag, is_2021=is_2021))
    assert {objection.level for objection in found} == {level}, why
    assert [objection.field for objection in found] == ["perimeter", "edition", "due_hours", "facilitator_contact"]


def test_a_formula_serves_for_hours_and_no_facilitator_needs_no_contact() -> None:
    facts = replace(WHOLE, due_hours=None, formula="5 % des heures", facilitator_contact="", has_facilitator=False)
    assert particulars_missing(facts) == []


def test_a_quarter_has_three_months() -> None:
    assert [rhythm.months for rhythm in Rhythm] == [1, 3]


def test_those_who_owe_the_hours_are_the_holders() -> None:
    assert [capacity for capacity in Capacity if capacity.holds] == [
        Capacity.HOLDER,
        Capacity.CO_HOLDER,
        Capacity.LEAD,
    ]


@pytest.mark.parametrize(
    ("kind", "day", "euros"),
    [
        (ThresholdKind.WORKS_AND_CONCESSIONS, date(2025, 12, 31), 5_538_000),
        (ThresholdKind.WORKS_AND_CONCESSIONS, date(2026, 1, 1), 5_404_000),
        (ThresholdKind.STATE_SUPPLIES, date(2025, 12, 31), 143_000),
        (ThresholdKind.STATE_SUPPLIES, date(2026, 8, 22), 140_000),
        (ThresholdKind.LOCAL_SUPPLIES, date(2024, 1, 1), 221_000),
        (ThresholdKind.LOCAL_SUPPLIES, date(2026, 8, 22), 216_000),
        (ThresholdKind.NETWORK_SUPPLIES, date(2025, 1, 1), 443_000),
        (ThresholdKind.NETWORK_SUPPLIES, date(2027, 12, 31), 432_000),
    ],
)
def test_the_threshold_is_that_of_the_day(kind: ThresholdKind, day: date, euros: int) -> None:
    assert threshold_on(kind, day) == euros


def test_every_threshold_has_its_source() -> None:
    assert set(THRESHOLDS) == set(ThresholdKind)
    assert all(threshold.source_on(date(2026, 8, 22)).is_confirmed for threshold in THRESHOLDS.values())
    with pytest.raises(LookupError):
        threshold_on(ThresholdKind.LOCAL_SUPPLIES, date(2023, 12, 31))
