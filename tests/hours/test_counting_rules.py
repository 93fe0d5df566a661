"""What counts, and why."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.contracts.rules.means import Means
from tracker.hours.rules.counting import RULE_VERSION, Condition, Part, TrainingRule, verdict_on
from tracker.vocabulary.dates import Period

D = Decimal
N = "\u00a0"
PART = Part(
    accepted=D("151.67"),
    first_day=date(2026, 3, 1),
    last_day=date(2026, 3, 31),
    approved_on=date(2026, 3, 1),
    performance=Period(date(2026, 1, 1), date(2026, 12, 31)),
    window=Period(date(2026, 3, 1), date(2028, 2, 29)),
    means=Means.DIRECT_HIRE,
    means_allowed=frozenset({Means.DIRECT_HIRE, Means.HIRING_OUT}),
)


def test_hours_that_meet_every_condition_count_and_say_why() -> None:
    verdict = verdict_on(PART)
    assert verdict.counted == D("151.67")
    assert verdict.rule_version == RULE_VERSION
    assert [(reason.code, reason.holds) for reason in verdict.reasons] == [
        ("approval", True),
        ("performance", True),
        ("window", True),
        ("means", True),
        ("imputation", True),
    ]


@pytest.mark.parametrize(
    ("change", "against", "why"),
    [
        ({"approved_on": date(2026, 3, 2)}, "approval", "approved the day after work began"),
        ({"approved_on": None}, "approval", "never approved"),
        ({"performance": None}, "performance", "dates unknown"),
        ({"performance": Period(date(2026, 3, 2))}, "performance", "begins the day after"),
        ({"performance": Period(date(2026, 1, 1), date(2026, 3, 30))}, "performance", "ended the day before"),
        ({"window": None}, "window", "no window"),
        ({"window": Period(date(2026, 3, 2), date(2028, 3, 1))}, "window", "opens the day after"),
        ({"window": Period(date(2024, 3, 31), date(2026, 3, 30))}, "window", "ended the day before"),
        ({"means": Means.CONTRACTING}, "means", "not admitted by the clause"),
        ({"is_internship": True}, "internship", "recorded and not counted"),
    ],
)
def test_one_condition_missed_and_nothing_counts_unless_the_buyer_waives_it(
    change: dict[str, Any], against: str, why: str
) -> None:
    part = replace(PART, **change)
    verdict = verdict_on(part)
    assert verdict.counted == 0, why
    assert [reason.code for reason in verdict.against] == [against]
    waived = verdict_on(replace(part, waived={against}))
    assert waived.counted == D("151.67")
    assert any("L’acheteur a donné son accord." in reason.text for reason in waived.reasons)


@pytest.mark.parametrize(
    "change",
    [
        {"approved_on": date(2026, 3, 1)},
        {"performance": Period(date(2026, 3, 1), date(2026, 3, 31))},
        {"window": Period(date(2026, 3, 1), date(2026, 3, 31))},
        {"means": Means.HIRING_OUT},
        {"means": Means.CONTRACTING, "means_allowed": None},
        {"means_allowed": ["direct_hire"]},
    ],
)
def test_conditions_hold_to_the_very_day(change: dict[str, Any]) -> None:
    assert verdict_on(replace(PART, **change)).counted == D("151.67")


def test_a_waiver_of_another_condition_does_not_help() -> None:
    assert verdict_on(replace(PART, approved_on=None, waived={"window"})).counted == 0


@pytest.mark.parametrize(
    ("already", "counted"),
    [("0", "151.67"), ("0.01", "151.66"), ("151.67", "0"), ("200", "0")],
)
def test_what_counts_elsewhere_does_not_count_again(already: str, counted: str) -> None:
    part = replace(PART, already_imputed=D(already), waived={"imputation"})
    assert verdict_on(part).counted == D(counted)
    assert [reason.code for reason in verdict_on(part).against] == ([] if already == "0" else ["imputation"])


@pytest.mark.parametrize(
    ("rule", "left", "counted", "why"),
    [
        (TrainingRule.NONE, "100", "0", "the clause counts none"),
        (TrainingRule.ALL, "0", "70", "the clause counts all"),
        (TrainingRule.CAP, "69.99", "69.99", "a hundredth too few left"),
        (TrainingRule.CAP, "70", "70", "just what is left"),
        (TrainingRule.CAP, "0", "0", "nothing left"),
        (TrainingRule.CAP, "-5", "0", "the cap was passed already"),
    ],
)
def test_training_stands_apart(rule: TrainingRule, left: str, counted: str, why: str) -> None:
    training = replace(
        PART, accepted=D(70), means=Means.TRAINING, means_allowed=None, training=rule, training_left=D(left)
    )
    assert verdict_on(training).counted == D(counted), why
    assert verdict_on(replace(training, approved_on=None)).counted == 0
    assert verdict_on(replace(training, waived={"training"})).counted == 70


@pytest.mark.parametrize(
    ("rule", "left", "text"),
    [
        (TrainingRule.NONE, "0", "La clause ne compte aucune heure de formation."),
        (TrainingRule.CAP, "70", "La clause compte les heures de formation jusqu’à un plafond."),
        (
            TrainingRule.CAP,
            "69.99",
            f"La clause compte les heures de formation jusqu’à un plafond. Il n’en reste que 69,99{N}h.",
        ),
    ],
)
def test_a_cap_says_what_is_left_of_it(rule: TrainingRule, left: str, text: str) -> None:
    training = replace(
        PART, accepted=D(70), means=Means.TRAINING, means_allowed=None, training=rule, training_left=D(left)
    )
    assert [reason.text for reason in verdict_on(training).reasons if reason.code == "training"] == [text]


def test_the_rennes_judgment_counts_70_hours_of_490() -> None:
    months = [(date(2026, month, 1), date(2026, month, 28)) for month in range(1, 8)]
    parts = [
        replace(PART, accepted=D(70), first_day=first, last_day=last, approved_on=date(2026, 7, 1), window=None)
        for first, last in months
    ]
    opened = [replace(part, window=Period(date(2026, 7, 1), date(2028, 6, 30))) for part in parts]
    assert sum(verdict_on(part).counted for part in opened) == 70
    assert verdict_on(opened[0]).against[0].text == "Travail du 01/01/2026, avant l’accord du 01/07/2026."


def test_a_verdict_is_kept_as_plain_json_without_floats() -> None:
    kept = json.loads(json.dumps(verdict_on(replace(PART, approved_on=None)).as_json()))
    assert kept["counted"] == "0.00"
    assert kept["rule_version"] == RULE_VERSION
    assert kept["reasons"][0] == {
        "code": "approval",
        "text": "Aucun accord d’éligibilité.",
        "source": f"TA Rennes, décision publiée le 4 février 2026{N}: les heures comptent à partir de l’accord",
        "holds": False,
    }


def test_negative_hours_are_no_fact() -> None:
    with pytest.raises(ValueError, match="never negative"):
        verdict_on(replace(PART, accepted=D("-0.01")))
    with pytest.raises(ValueError, match="never negative"):
        verdict_on(replace(PART, already_imputed=D("-0.01")))


hours = st.decimals(0, 1000, places=2)
near = st.dates(date(2026, 2, 1), date(2026, 4, 30))


@st.composite
def parts(draw: st.DrawFn) -> Part:
    window_first, performance_first = draw(near), draw(near)
    return Part(
        accepted=draw(hours),
        first_day=date(2026, 3, 10),
        last_day=date(2026, 3, 20),
        approved_on=draw(st.none() | near),
        performance=draw(st.sampled_from([None, Period(performance_first)])),
        window=draw(st.sampled_from([None, Period(window_first)])),
        means=draw(st.sampled_from(Means)),
        means_allowed=draw(st.none() | st.sets(st.sampled_from(Means))),
        already_imputed=draw(hours),
        waived=draw(st.sets(st.sampled_from(Condition))),
        training=draw(st.sampled_from(TrainingRule)),
        training_left=draw(hours),
        is_internship=draw(st.booleans()),
    )


@given(parts())
def test_counted_hours_are_never_negative_nor_above_what_was_accepted(part: Part) -> None:
    assert 0 <= verdict_on(part).counted <= part.accepted


@given(parts())
def test_nothing_counts_against_a_reason_but_what_remains_of_a_share(part: Part) -> None:
    verdict = verdict_on(part)
    shared = {Condition.IMPUTATION, Condition.TRAINING}
    if any(reason.code not in shared for reason in verdict.against):
        assert verdict.counted == 0
    elif not verdict.against:
        assert verdict.counted == part.accepted


@given(parts(), st.lists(parts(), max_size=5))
def test_an_hour_never_counts_twice(part: Part, clauses: list[Part]) -> None:
    imputed = D(0)
    for clause in clauses:
        imputed += verdict_on(replace(clause, accepted=part.accepted, already_imputed=imputed)).counted
    assert imputed <= part.accepted
