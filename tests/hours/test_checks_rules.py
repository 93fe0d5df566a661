"""Every check on a declared line, both sides of its bound."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.hours.rules.checks import Check, LineFacts, anomalies_of, objections_to_line, objections_to_lines
from tracker.hours.rules.law import SMIC, over_days
from tracker.hours.rules.sentences import contract_limit, likely_hours
from tracker.settings.rules import SETTINGS
from tracker.vocabulary.dates import Month, Period
from tracker.vocabulary.objections import Level, Objection

D = Decimal
N = "\u00a0"
MARCH = Month(2026, 3)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
LINE = LineFacts(
    key="7",
    month=MARCH,
    cell=MARCH.period,
    today=date(2026, 4, 10),
    placement=Period(date(2026, 1, 1)),
    performance=YEAR,
    hours=D("151.67"),
    weekly_hours=D(35),
    approved_on=date(2026, 1, 1),
    window=Period(date(2026, 1, 1), date(2027, 12, 31)),
    tutor="Paul Renaud",
    site="Collège",
    deposit_due_on=date(2026, 4, 15),
)


def codes(found: list[Objection]) -> list[str]:
    return [objection.code for objection in found]


def march(first: int, last: int) -> Period:
    return Period(date(2026, 3, first), date(2026, 3, last))


def test_a_plain_month_meets_no_objection_from_anybody() -> None:
    assert anomalies_of(LINE) == []


@pytest.mark.parametrize(
    ("change", "code", "why"),
    [
        ({"today": date(2026, 2, 28)}, "month_not_begun", "the day before the month"),
        ({"today": date(2026, 3, 1)}, None, "the first day of the month"),
        ({"performance": None}, "performance_unknown", "no month opens before the dates are set"),
        ({"performance": Period(date(2026, 3, 2))}, "outside_performance", "performance begins the day after"),
        ({"performance": Period(date(2026, 3, 1))}, None, "performance begins that day"),
        ({"performance": Period(date(2025, 1, 1), date(2026, 3, 30))}, "outside_performance", "ended the day before"),
        ({"performance": Period(date(2025, 1, 1), date(2026, 3, 31))}, None, "ended that day"),
        ({"placement": Period(date(2026, 3, 2))}, "outside_placement", "hired the day after"),
        ({"placement": Period(date(2026, 3, 1))}, None, "hired that day"),
        ({"hours": None}, "blank", "nothing typed, nothing ticked"),
        ({"hours": None, "no_hours": True}, None, "no hours is a declaration"),
        ({"no_hours": True}, "hours_and_none", "both answers"),
        ({"hours": D(0), "no_hours": True}, None, "zero, and ticked"),
        ({"hours": D(0)}, "not_positive", "zero is ticked, not typed"),
        ({"hours": D("-0.01")}, "not_positive", "less than nothing"),
        ({"hours": D("0.01")}, None, "very few hours"),
        ({"hours": D("151.675")}, "too_many_decimals", "three decimals"),
        ({"hours": D("151.670")}, None, "a last zero is no decimal"),
    ],
)
def test_what_blocks_a_submission(change: dict[str, Any], code: str | None, why: str) -> None:
    found = objections_to_line(replace(LINE, **change))
    assert codes(found) == ([code] if code else []), why
    assert all(objection.blocks for objection in found)


@pytest.mark.parametrize(
    ("hours", "is_minor", "cell", "code", "why"),
    [
        ("265.71", False, MARCH.period, "above_usual_week", "60 h a week over 31 days"),
        ("265.72", False, MARCH.period, "above_longest_week", "a hundredth above 60 h a week"),
        ("212.57", False, MARCH.period, None, "48 h a week over 31 days"),
        ("212.58", False, MARCH.period, "above_usual_week", "a hundredth above 48 h a week"),
        ("177.14", True, MARCH.period, "above_usual_week", "under 18: 40 h a week"),
        ("177.15", True, MARCH.period, "above_longest_week", "under 18: above 40 h a week"),
        ("155.00", True, MARCH.period, None, "under 18: 35 h a week"),
        ("155.01", True, MARCH.period, "above_usual_week", "under 18: above 35 h a week"),
        ("60.00", False, march(1, 7), "above_usual_week", "a week in post: 60 h"),
        ("60.01", False, march(1, 7), "above_longest_week", "a week in post: above 60 h"),
        ("48.00", False, march(1, 7), None, "a week in post: 48 h"),
        ("48.01", False, march(1, 7), "above_usual_week", "a week in post: above 48 h"),
    ],
)
def test_the_law_allows_so_many_hours_a_week_in_post(
    hours: str, is_minor: bool, cell: Period, code: str | None, why: str
) -> None:
    facts = replace(LINE, hours=D(hours), is_minor=is_minor, cell=cell, weekly_hours=None)
    assert codes(objections_to_line(facts)) == ([code] if code else []), why


def test_days_in_post_said_apart_replace_those_of_the_cell() -> None:
    facts = replace(LINE, hours=D("61"), days_in_post=7, weekly_hours=None)
    assert codes(objections_to_line(facts)) == ["above_longest_week"]


def test_the_longest_month_names_its_limit_its_article_and_what_was_meant() -> None:
    (objection, _) = objections_to_line(replace(LINE, hours=D(268)))
    assert objection.text == (
        f"268,00{N}h dépassent ce que la loi permet sur 31{N}jours (265,71{N}h). Vouliez-vous écrire 168,00{N}?"
    )
    assert objection.source is not None
    assert objection.source.text == "C. trav., art. L3121-21"
    assert objection.field == "hours-7"


@pytest.mark.parametrize(
    ("typed", "meant", "why"),
    [
        ("268", "168", "one hundred too many"),
        ("1516.7", "151.67", "the comma slipped by one"),
        ("15167", "151.67", "the comma was forgotten"),
        ("312.57", "212.57", "just lawful"),
        ("312.58", None, "a hundred less is too much, a tenth has three decimals"),
        ("100000", None, "nothing fits"),
        ("100", "10", "zero hours are never meant"),
    ],
)
def test_a_correction_is_offered_only_when_it_fits(typed: str, meant: str | None, why: str) -> None:
    assert likely_hours(D(typed), D("212.57")) == (D(meant) if meant else None), why


def test_without_a_likely_meaning_the_line_is_to_check() -> None:
    (objection, _) = objections_to_line(replace(LINE, hours=D("266.555").quantize(D("0.01")) + 100000))
    assert objection.text.endswith("Vérifiez la ligne.")


@pytest.mark.parametrize(
    ("hours", "cell", "warns", "why"),
    [
        ("166.83", MARCH.period, False, "35 × 52 ÷ 12, and a tenth"),
        ("166.84", MARCH.period, True, "a hundredth above"),
        ("38.50", march(1, 7), False, "one week, and a tenth"),
        ("38.51", march(1, 7), True, "above one week"),
        ("38.51", march(1, 8), False, "eight days touch two weeks"),
    ],
)
def test_hours_well_above_the_contract_are_worth_a_look(hours: str, cell: Period, warns: bool, why: str) -> None:
    found = objections_to_line(replace(LINE, hours=D(hours), cell=cell))
    assert codes(found) == (["above_contract"] if warns else []), why
    assert not any(objection.blocks for objection in found)


def test_the_contract_limit_never_passes_its_month() -> None:
    assert contract_limit(D(35), march(1, 29)) == contract_limit(D(35), MARCH.period) == D("166.83")


@pytest.mark.parametrize(
    ("change", "code", "why"),
    [
        ({"today": date(2026, 4, 15)}, None, "on the last day"),
        ({"today": date(2026, 4, 16)}, "late", "the day after"),
        ({"deposit_due_on": None, "today": date(2030, 1, 1)}, None, "no date was set"),
        ({"tutor": " "}, "tutor_missing", "nobody accompanies the person"),
        ({"tutor": "", "tutor_is_wanted": False}, None, "no tutor is wanted"),
        ({"tutor": "", "no_hours": True, "hours": None}, None, "no hours, no tutor"),
        ({"site": ""}, "site_missing", "where?"),
    ],
)
def test_what_warns_on_submission(change: dict[str, Any], code: str | None, why: str) -> None:
    found = objections_to_line(replace(LINE, **change))
    assert codes(found) == ([code] if code else []), why
    assert not any(objection.blocks for objection in found)


def test_lateness_speaks_of_the_whole_month() -> None:
    (late,) = objections_to_line(replace(LINE, today=date(2026, 4, 16)))
    assert late.field == ""
    assert late.text == f"Cette déclaration était attendue au plus tard le 15/04/2026{N}: 1{N}jour de retard."


@pytest.mark.parametrize(
    ("last", "hours", "jumps", "why"),
    [
        ("100", "150", False, "half more, no more than half"),
        ("100", "150.01", True, "more than half more"),
        ("100", "50", False, "half less"),
        ("100", "49.99", True, "more than half less"),
        (None, "150", False, "no last month"),
        ("0", "150", False, "nothing last month"),
    ],
)
def test_a_jump_is_looked_at_only_where_the_administrator_wants_it(
    last: str | None, hours: str, jumps: bool, why: str
) -> None:
    facts = replace(LINE, last_month_hours=D(last) if last else None, hours=D(hours))
    assert codes(objections_to_line(facts)) == [], "off by default"
    wanted = replace(facts, levels={"jump": Level.WARNS})
    assert codes(objections_to_line(wanted)) == (["jump"] if jumps else []), why


@pytest.mark.parametrize(
    ("change", "code", "blocks", "why"),
    [
        ({"other_employers_hours": D("114.04")}, None, False, "265,71 h in all"),
        ({"other_employers_hours": D("114.05")}, "person_month", True, "a hundredth above in all"),
        ({"other_employers_hours": D(300), "hours": None, "no_hours": True}, None, False, "no hours here"),
        ({"overlaps": True}, "overlap", False, "two placements on those days"),
        ({"overlaps": True, "hours": None, "no_hours": True}, None, False, "no hours here either"),
        ({"approved_on": date(2026, 3, 1)}, None, False, "approved on the first day"),
        ({"approved_on": date(2026, 3, 2)}, "before_approval", False, "approved the day after"),
        ({"approved_on": None}, "before_approval", False, "not approved"),
        ({"approved_on": None, "hours": None, "no_hours": True}, None, False, "no hours, nothing to count"),
        ({"window": Period(date(2024, 1, 1), date(2026, 3, 31))}, None, False, "the window ends that day"),
        ({"window": Period(date(2024, 1, 1), date(2026, 3, 30))}, "after_window", False, "it ended the day before"),
        (
            {"window": Period(date(2024, 1, 1), date(2026, 3, 30)), "hours": None, "no_hours": True},
            None,
            False,
            "ended, and no hours",
        ),
        ({"window": None}, None, False, "no window is open yet"),
        ({"window": Period(date(2024, 1, 1))}, None, False, "a window without end"),
    ],
)
def test_what_only_the_facilitator_sees(change: dict[str, Any], code: str | None, blocks: bool, why: str) -> None:
    facts = replace(LINE, **change)
    assert [(found.code, found.blocks) for found in anomalies_of(facts)] == ([(code, blocks)] if code else []), why
    assert objections_to_line(facts) == [], "an employer never sees it"


def test_hours_that_do_not_count_are_recorded_and_it_is_said() -> None:
    (anomaly,) = anomalies_of(replace(LINE, approved_on=date(2026, 3, 12)))
    assert anomaly.text == (f"151,67{N}h avant l’accord du 12/03/2026{N}: enregistrées, elles comptent pour zéro.")
    assert anomaly.settled_by == "L’accord écrit de l’acheteur."


def test_a_person_above_the_law_here_alone_is_told_once() -> None:
    found = anomalies_of(replace(LINE, hours=D(268), weekly_hours=None))
    assert codes(found) == ["above_longest_week"]


def test_the_worst_comes_first() -> None:
    found = anomalies_of(replace(LINE, hours=D(268), tutor="", overlaps=True, other_employers_hours=D(1)))
    assert [objection.blocks for objection in found] == [True, True, False, False, False]


def test_a_warning_may_be_made_to_block_but_a_block_is_never_lowered() -> None:
    levels = {"site_missing": Level.BLOCKS, "above_longest_week": Level.WARNS, "tutor_missing": Level.OFF}
    facts = replace(LINE, hours=D(268), weekly_hours=None, tutor="", site="", levels=levels)
    assert [(found.code, found.blocks) for found in objections_to_line(facts)] == [
        ("above_longest_week", True),
        ("site_missing", True),
    ]


@pytest.mark.parametrize(
    ("month", "cell", "text"),
    [
        (MARCH, MARCH.period, f"Indiquez les heures de mars, ou cochez «{N}Aucune heure ce mois-ci{N}»."),
        (Month(2026, 4), None, f"Indiquez les heures d’avril, ou cochez «{N}Aucune heure ce mois-ci{N}»."),
        (Month(2026, 8), None, f"Indiquez les heures d’août, ou cochez «{N}Aucune heure ce mois-ci{N}»."),
        (
            MARCH,
            march(1, 11),
            f"Indiquez les heures du 01/03/2026 au 11/03/2026, ou cochez «{N}Aucune heure ces jours-là{N}».",
        ),
    ],
)
def test_a_blank_cell_is_asked_for_in_words(month: Month, cell: Period | None, text: str) -> None:
    facts = replace(LINE, month=month, cell=cell or month.period, hours=None, today=date(2026, 12, 1))
    assert objections_to_line(replace(facts, deposit_due_on=None))[0].text == text


def test_the_same_line_twice_is_refused_and_what_is_common_is_said_once() -> None:
    late = replace(LINE, today=date(2026, 4, 16))
    found = objections_to_lines([late, replace(late, key="8"), replace(late, key="8")])
    assert [(objection.code, objection.field) for objection in found] == [("late", ""), ("twice", "hours-8")]


def test_every_check_has_its_row() -> None:
    assert all(check.label and check.source.text and check.settled_by for check in Check)


def test_the_settings_hold_the_level_of_every_warning_an_administrator_may_change() -> None:
    settable = {key.removeprefix("level_"): one.default for key, one in SETTINGS.items() if key.startswith("level_")}
    always = {Check.BEFORE_APPROVAL, Check.AFTER_WINDOW}
    changeable = {check for check in Check if check.level is not Level.BLOCKS} - always
    assert settable == {check.value: check.level.value for check in changeable}


@given(
    st.decimals(-10, 1000, places=3),
    st.booleans(),
    st.sampled_from([MARCH.period, march(1, 1), march(5, 20)]),
    st.integers(0, 300),
)
def test_hours_that_pass_submission_are_lawful(hours: Decimal, is_minor: bool, cell: Period, others: int) -> None:
    facts = replace(LINE, hours=hours, is_minor=is_minor, cell=cell, other_employers_hours=D(others))
    if not any(objection.blocks for objection in objections_to_line(facts)):
        assert 0 < hours <= over_days(D(40 if is_minor else 60), cell.days)
    assert set(objections_to_line(facts)) <= set(anomalies_of(facts))


def test_the_smic_is_that_of_2026() -> None:
    assert SMIC.on(date(2026, 1, 1)) == D("12.02")
    with pytest.raises(LookupError):
        SMIC.on(date(2025, 12, 31))
