"""Where a clause stands, where it goes, and the sentence that says so."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.hours.rules.progress import Crew, State, crew_for, months_between, progress, projection
from tracker.vocabulary.dates import Month
from tracker.vocabulary.hours import FULL_TIME_MONTH

D = Decimal
N = "\u00a0"


def test_what_is_pending_is_declared_and_not_decided() -> None:
    now = progress(due=D(1500), declared=D(800), accepted=D(500), counted=D(450), refused=D(100))
    assert (now.pending, now.remaining, now.surplus, now.rate) == (200, 1050, 0, D("0.3"))


def test_over_achievement_is_a_surplus() -> None:
    now = progress(due=D(1500), declared=D("1607.50"), accepted=D("1607.50"), counted=D("1607.50"))
    assert (now.remaining, now.surplus, now.state) == (0, D("107.50"), State.MET)
    assert now.sentence == f"Objectif atteint{N}: 1{N}607,50{N}h validées pour 1{N}500,00{N}h dues."


@pytest.mark.parametrize(
    ("counted", "expected", "projected", "state", "why"),
    [
        ("0", "0", None, State.NOT_STARTED, "nothing is expected yet"),
        ("0", "100", None, State.BEHIND, "something was"),
        ("79.99", "100", None, State.BEHIND, "under four fifths"),
        ("80", "100", None, State.WATCH, "four fifths"),
        ("99.99", "100", None, State.WATCH, "nearly all"),
        ("100", "100", None, State.ON_COURSE, "what was expected"),
        ("109.99", "100", None, State.ON_COURSE, "a little more"),
        ("110", "100", None, State.AHEAD, "a tenth more"),
        ("110", "100", "1499.99", State.WATCH, "the pace falls"),
        ("110", "100", "1500", State.AHEAD, "the pace holds"),
        ("1499.99", "1500", None, State.WATCH, "a hundredth is missing"),
        ("1500", "1500", None, State.MET, "all is there"),
        ("10", None, None, State.ON_COURSE, "no dates to compare with"),
        ("10", None, "900", State.WATCH, "the pace alone says it"),
    ],
)
def test_a_clause_stands_against_what_was_expected(
    counted: str, expected: str | None, projected: str | None, state: State, why: str
) -> None:
    now = progress(
        due=D(1500),
        declared=D(counted),
        accepted=D(counted),
        counted=D(counted),
        expected=D(expected) if expected else None,
        projected=D(projected) if projected else None,
    )
    assert now.state is state, why
    assert now.state.label


def test_a_shortfall_is_said_in_people_and_months() -> None:
    now = progress(due=D(1500), declared=D(700), accepted=D(700), counted=D(700), projected=D(1088), months_left=D(2))
    assert now.shortfall == 412
    assert now.sentence == (f"À ce rythme, il manque 412{N}h à la fin{N}: 3{N}personnes à mi-temps pendant 2{N}mois.")


@pytest.mark.parametrize(
    ("due", "declared", "counted", "projected", "months_left", "sentence"),
    [
        (0, 0, 0, None, None, f"Heures dues{N}: à compléter."),
        (1500, 0, 0, None, 12, f"Aucune heure n’est encore déclarée pour 1{N}500,00{N}h dues."),
        (1500, 0, 700, None, 12, f"Il reste 800,00{N}h à valider."),
        (1500, 700, 0, None, 12, f"Il reste 1{N}500,00{N}h à valider."),
        (1500, 700, 700, None, 12, f"Il reste 800,00{N}h à valider."),
        (1500, 700, 700, 900, 0, f"Le marché est terminé{N}: il manque 800,00{N}h."),
        (
            1500,
            700,
            700,
            "1599.20",
            6,
            f"À ce rythme, l’objectif est atteint{N}: 1{N}600{N}h projetées pour 1{N}500,00{N}h dues.",
        ),
    ],
)
def test_the_sentence_says_what_to_know_first(
    due: int, declared: int, counted: int, projected: str | int | None, months_left: int | None, sentence: str
) -> None:
    now = progress(
        due=D(due),
        declared=D(declared),
        accepted=D(declared),
        counted=D(counted),
        projected=None if projected is None else D(projected),
        months_left=None if months_left is None else D(months_left),
    )
    assert now.sentence == sentence


def test_nothing_due_has_no_rate() -> None:
    now = progress(due=D(0), declared=D(10), accepted=D(0), counted=D(0))
    assert now.rate is None
    assert now.state is State.NOT_STARTED


@pytest.mark.parametrize(
    ("hours", "months", "crew"),
    [
        ("412", "2", Crew(3, True, 2)),
        ("412", "2.9", Crew(3, True, 2)),
        ("412", "1", Crew(3, False, 1)),
        ("412", "0.4", Crew(3, False, 1)),
        ("412", "12", Crew(1, True, 6)),
        ("151.67", "1", Crew(1, False, 1)),
        ("151.68", "1", Crew(3, True, 1)),
        ("0.01", "6", Crew(1, True, 1)),
    ],
)
def test_a_crew_makes_up_the_shortfall_before_the_end(hours: str, months: str, crew: Crew) -> None:
    assert crew_for(D(hours), D(months)) == crew


def test_a_crew_of_one_is_singular() -> None:
    assert Crew(1, False, 1).text == f"1{N}personne à temps plein pendant 1{N}mois"


def test_no_crew_is_sent_for_nothing() -> None:
    with pytest.raises(ValueError, match="no hours"):
        crew_for(D(0), 3)


@given(st.decimals("0.01", 100_000, places=2), st.integers(1, 60))
def test_a_crew_is_enough_and_no_half_time_too_many(hours: Decimal, months: int) -> None:
    crew = crew_for(hours, months)
    halves = crew.people * (1 if crew.is_half_time else 2)
    assert crew.months <= months
    assert halves * crew.months * FULL_TIME_MONTH / 2 >= hours
    assert (halves - 1) * months * FULL_TIME_MONTH / 2 < hours


MONTHS = {Month(2026, number): D(100) for number in (1, 2, 3)}


@pytest.mark.parametrize(
    ("by_month", "today", "ends_on", "projected", "why"),
    [
        (MONTHS, date(2026, 4, 20), date(2026, 12, 31), "1200", "three months of a hundred, nine to come"),
        (MONTHS, date(2026, 4, 20), date(2026, 4, 15), "300", "the end has come"),
        (MONTHS, date(2026, 4, 20), date(2026, 4, 20), "300", "it ends today"),
        (MONTHS, date(2026, 4, 20), None, None, "no end is known"),
        ({}, date(2026, 4, 20), date(2026, 12, 31), None, "no whole month yet"),
        ({Month(2026, 4): D(50)}, date(2026, 4, 20), date(2026, 12, 31), None, "only the month that runs"),
        ({Month(2026, 3): D(100)}, date(2026, 4, 20), date(2026, 5, 31), "300", "begun last month"),
        (MONTHS, date(2026, 5, 10), date(2026, 12, 31), "1200", "April's papers are not due yet"),
        (MONTHS, date(2026, 6, 10), date(2026, 6, 30), "433.33", "an idle April slows the pace"),
        (
            MONTHS | {Month(2026, 4): D(20)},
            date(2026, 4, 20),
            date(2026, 12, 31),
            "1200",
            "the month that runs is not counted twice",
        ),
        (MONTHS, date(2026, 4, 20), date(2026, 6, 15), "550", "half a month is half a month"),
        (
            {Month(2025, 12): D(900)} | MONTHS,
            date(2026, 4, 20),
            date(2026, 12, 31),
            "2100",
            "the pace looks three months back, no more",
        ),
    ],
)
def test_the_pace_of_three_whole_months_goes_on_to_the_end(
    by_month: dict[Month, Decimal], today: date, ends_on: date | None, projected: str | None, why: str
) -> None:
    counted = sum(by_month.values(), D(0))
    assert projection(counted, by_month, today, ends_on) == (D(projected) if projected else None), why


@given(
    st.dictionaries(st.builds(Month, st.just(2026), st.integers(1, 12)), st.decimals(0, 5000, places=2), max_size=12),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.dates(date(2026, 1, 1), date(2028, 12, 31)),
)
def test_a_projection_is_never_below_what_counts_already(
    by_month: dict[Month, Decimal], today: date, ends_on: date
) -> None:
    counted = sum(by_month.values(), D(0))
    projected = projection(counted, by_month, today, ends_on)
    assert projected is None or projected >= counted


@pytest.mark.parametrize(
    ("day", "ends_on", "months"),
    [
        (date(2026, 3, 31), date(2026, 12, 31), "9"),
        (date(2026, 3, 31), date(2026, 4, 15), "0.5"),
        (date(2026, 3, 31), date(2026, 3, 31), "0"),
        (date(2026, 4, 1), date(2026, 3, 31), "0"),
        (date(2025, 12, 31), date(2026, 1, 31), "1"),
    ],
)
def test_months_to_come_are_counted_in_days_of_their_own_month(day: date, ends_on: date, months: str) -> None:
    assert months_between(day, ends_on) == D(months)
