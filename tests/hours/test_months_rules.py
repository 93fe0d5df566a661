"""Cells of a month over time, deposits, notes, and the words of a decision."""

from datetime import date
from decimal import Decimal

import pytest

from tracker.contracts.rules.performance import performance_of
from tracker.hours.rules.decisions import (
    LineDecision,
    Motive,
    Ruling,
    StandingLine,
    objections_to_decisions,
    standing_of,
    tally_of,
)
from tracker.hours.rules.deposits import deposit_due_on
from tracker.hours.rules.months import Answer, Cell, ClauseMonth, OpenMonth, Row, SentMonth, cells_to_declare
from tracker.hours.rules.notes import days_in_french, detail_of, notes_of, remark_of
from tracker.hours.rules.states import DeclarationState, LineState
from tracker.hours.rules.submissions import objections_to_draft, objections_to_submission
from tracker.vocabulary.dates import Month, Period

N = "\u00a0"
MARCH = Month(2026, 3)
WHOLE = MARCH.period
BEFORE, AFTER = Period(date(2026, 3, 1), date(2026, 3, 11)), Period(date(2026, 3, 12), date(2026, 3, 31))


def cell(part: int, days: Period, state: LineState = LineState.DRAFT, version: int = 0, line_id: int = 7) -> Cell:
    return Cell(f"amina-{part}", part, days, line_id, version, state, Decimal("10.00"))


def seen(cells) -> list[tuple[int, Period, int | None]]:
    return [(one.part, one.days, one.line_id) for one in cells]


@pytest.mark.parametrize(
    ("wanted", "known", "expected"),
    [
        pytest.param([WHOLE], [], [(0, WHOLE, None)], id="one cell alone is part 0"),
        pytest.param([BEFORE, AFTER], [], [(1, BEFORE, None), (2, AFTER, None)], id="two cells are parts 1 and 2"),
        pytest.param([WHOLE], [cell(0, WHOLE)], [(0, WHOLE, 7)], id="a draft stays with its days"),
        pytest.param(
            [BEFORE, AFTER], [cell(0, WHOLE)], [(1, BEFORE, None), (2, AFTER, None)], id="a draft of other days goes"
        ),
        pytest.param(
            [BEFORE, AFTER],
            [cell(0, WHOLE, LineState.SUBMITTED, 1)],
            [(0, WHOLE, 7)],
            id="what was sent is not asked again",
        ),
        pytest.param(
            [BEFORE, AFTER],
            [cell(0, WHOLE, LineState.RETURNED, 1)],
            [(0, BEFORE, 7), (1, AFTER, None)],
            id="what came back is asked again in two parts",
        ),
        pytest.param(
            [WHOLE],
            [cell(1, BEFORE, LineState.ACCEPTED, 1)],
            [(1, BEFORE, 7), (2, AFTER, None)],
            id="the days left around what was accepted",
        ),
    ],
)
def test_the_cells_of_a_month_follow_its_bounds_and_keep_what_was_sent(wanted, known, expected) -> None:
    assert seen(cells_to_declare("amina", wanted, known)) == expected


def test_hours_typed_for_other_days_are_not_kept() -> None:
    first, second = cells_to_declare("amina", [BEFORE, AFTER], [cell(0, WHOLE, LineState.RETURNED, 1)])
    assert (first.hours, first.version, second.hours) == (None, 1, None)


@pytest.mark.parametrize(
    ("month", "months", "day", "due"),
    [
        (MARCH, 1, 15, date(2026, 4, 15)),
        (Month(2026, 12), 1, 28, date(2027, 1, 28)),
        (Month(2026, 1), 3, 15, date(2026, 4, 15)),
        (MARCH, 3, 1, date(2026, 4, 1)),
        (Month(2026, 4), 3, 15, date(2026, 7, 15)),
        (Month(2026, 12), 3, 10, date(2027, 1, 10)),
    ],
)
def test_a_month_is_due_after_the_end_of_its_deposit(month, months, day, due) -> None:
    assert deposit_due_on(month, months, day) == due


@pytest.mark.parametrize(
    ("notified_on", "starts_on", "ends_on", "first"),
    [
        (date(2026, 1, 5), date(2026, 2, 1), date(2026, 12, 31), date(2026, 1, 5)),
        (date(2026, 2, 1), date(2026, 1, 5), date(2026, 12, 31), date(2026, 1, 5)),
        (None, date(2026, 2, 1), date(2026, 12, 31), date(2026, 2, 1)),
        (date(2026, 1, 5), None, date(2026, 12, 31), date(2026, 1, 5)),
        (None, None, date(2026, 12, 31), None),
        (date(2026, 1, 5), date(2026, 2, 1), None, None),
        (date(2027, 1, 5), None, date(2026, 12, 31), None),
    ],
)
def test_performance_needs_a_beginning_and_an_end(notified_on, starts_on, ends_on, first) -> None:
    found = performance_of(notified_on, starts_on, ends_on)
    assert (found and found.first) == first


def a_row(*cells: Cell, **more) -> Row:
    facts = {"person": "Amina Diallo", "job": "CDD, coffreuse", "period": Period(date(2025, 9, 15))}
    known = {"born_on": date(1990, 1, 1), "approved_on": date(2025, 9, 1), "site": "ici", "tutor": "Marc"}
    return Row(1, "amina", **{**facts, **known, **more}, cells=cells)


IN_PERFORMANCE = Period(date(2025, 9, 1), date(2026, 12, 31))


def a_month(row: Row, performance: Period = IN_PERFORMANCE) -> OpenMonth:
    return OpenMonth(3, MARCH, (ClauseMonth(5, "Collège", "", performance, date(2026, 4, 15), (row,)),))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        ({"approved_on": None}, "L’accord est attendu."),
        ({"approved_on": date(2026, 3, 12)}, "L’accord date du 12/03/2026. Indiquez à part"),
        ({"approved_on": date(2026, 3, 1)}, ""),
        ({"window": Period(date(2024, 3, 21), date(2026, 3, 20))}, "prises en compte jusqu’au 20/03/2026. Indiquez"),
        ({"window": Period(date(2024, 3, 21), date(2026, 3, 31))}, ""),
        ({"window": Period(date(2024, 2, 1), date(2026, 2, 28))}, "étaient prises en compte jusqu’au 28/02/2026."),
    ],
)
def test_what_the_page_says_before_one_types(changes, said) -> None:
    opened = a_month(a_row(cell(0, WHOLE), **changes))
    (clause,) = opened.clauses
    found = " ".join(notes_of(MARCH, clause, clause.rows[0]))
    assert said in found
    assert bool(said) == bool(found)


def test_the_end_of_the_contract_within_the_month_is_said() -> None:
    opened = a_month(a_row(cell(0, WHOLE)), Period(date(2025, 9, 1), date(2026, 3, 20)))
    (clause,) = opened.clauses
    (said,) = notes_of(MARCH, clause, clause.rows[0])
    assert said.startswith("Le marché s’exécute du 01/09/2025 au 20/03/2026.")
    assert remark_of(clause, clause.rows[0], cell(2, Period(date(2026, 3, 21), date(2026, 3, 31)))).startswith(
        "Jours hors"
    )


@pytest.mark.parametrize(
    ("approved_on", "until", "said"),
    [
        (None, None, "CDD, coffreuse, accord en attente"),
        (date(2025, 9, 1), date(2026, 3, 20), "CDD, coffreuse, heures prises en compte jusqu’au 20/03/2026"),
        (date(2025, 9, 1), None, "CDD, coffreuse"),
    ],
)
def test_the_employer_reads_until_when_and_never_why(approved_on, until, said) -> None:
    assert detail_of(a_row(approved_on=approved_on, counts_until=until)) == said


def test_one_day_is_said_as_one_day() -> None:
    assert days_in_french(Period(date(2026, 3, 31), date(2026, 3, 31))) == "le 31/03"


TODAY = date(2026, 4, 8)


def codes(found) -> list[str]:
    return [objection.code for objection in found if objection.blocks]


@pytest.mark.parametrize(
    ("answer", "attested", "expected"),
    [
        (Answer(Decimal("10.00")), {5}, []),
        (Answer(no_hours=True), {5}, []),
        (Answer(Decimal("10.00")), set(), ["not_attested"]),
        (Answer(), {5}, ["blank"]),
        (Answer(), set(), ["not_attested"]),
        (Answer(Decimal("0.00")), {5}, ["not_positive"]),
    ],
)
def test_what_stops_a_month_from_being_sent(answer, attested, expected) -> None:
    opened = a_month(a_row(cell(0, WHOLE)))
    assert codes(objections_to_submission(opened, SentMonth({"amina-0": answer}, attested), TODAY)) == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(), []),
        (Answer(Decimal("0.00")), []),
        (Answer(Decimal("265.71")), []),
        (Answer(Decimal("265.72")), ["above_longest_week"]),
        (Answer(Decimal("-0.01")), ["not_positive"]),
        (Answer(Decimal("10.00"), no_hours=True), ["hours_and_none"]),
    ],
)
def test_what_stops_even_a_draft(answer, expected) -> None:
    opened = a_month(a_row(cell(0, WHOLE)))
    assert codes(objections_to_draft(opened, SentMonth({"amina-0": answer}), TODAY)) == expected


def test_a_text_that_is_no_number_blocks_by_itself() -> None:
    opened = a_month(a_row(cell(0, WHOLE)))
    sent = SentMonth({"amina-0": Answer()}, {5}, unreadable={"amina-0"})
    assert codes(objections_to_submission(opened, sent, TODAY)) == ["unreadable"]
    assert codes(objections_to_draft(opened, sent, TODAY)) == ["unreadable"]


def test_what_a_page_saw_changes_with_the_version_and_with_the_cells() -> None:
    (one,) = a_month(a_row(cell(0, WHOLE))).clauses
    (cut,) = a_month(a_row(cell(0, BEFORE), cell(1, AFTER))).clauses
    assert one.token != cut.token
    assert one.token == a_month(a_row(cell(0, WHOLE))).clauses[0].token
    with pytest.raises(LookupError):
        a_month(a_row()).clause(6)


@pytest.mark.parametrize(
    ("decision", "is_blocked", "field"),
    [
        (LineDecision(), False, "decision-a"),
        (LineDecision(Ruling.ACCEPT), False, None),
        (LineDecision(Ruling.ACCEPT), True, "message-a"),
        (LineDecision(Ruling.ACCEPT, message="Bulletins vus."), True, None),
        (LineDecision(Ruling.RETURN), False, "message-a"),
        (LineDecision(Ruling.RETURN, Motive.TOO_MANY), False, None),
        (LineDecision(Ruling.REFUSE, Motive.OTHER), False, "message-a"),
        (LineDecision(Ruling.REFUSE, Motive.OTHER, "Hors du chantier."), False, None),
        (LineDecision(Ruling.REFUSE, message="  "), False, "message-a"),
    ],
)
def test_a_reason_is_owed_for_whatever_is_not_a_plain_yes(decision, is_blocked, field) -> None:
    found = objections_to_decisions({"a": decision}, ["a"], {"a"} if is_blocked else set())
    assert [objection.field for objection in found] == ([field] if field else [])


@pytest.mark.parametrize(
    ("decision", "reason"),
    [
        (
            LineDecision(Ruling.REFUSE, Motive.BEFORE_APPROVAL, "Voir le courrier."),
            "Heures avant l’accord. Voir le courrier.",
        ),
        (LineDecision(Ruling.REFUSE, Motive.OTHER, "Voir le courrier."), "Voir le courrier."),
        (LineDecision(Ruling.REFUSE, Motive.BEFORE_APPROVAL), "Heures avant l’accord"),
    ],
)
def test_a_reason_is_the_motive_then_the_words(decision, reason) -> None:
    assert decision.reason == reason


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([(LineState.DRAFT, False)], DeclarationState.DRAFT),
        ([(LineState.SUBMITTED, True), (LineState.DRAFT, False)], DeclarationState.SUBMITTED),
        ([(LineState.ACCEPTED, True), (LineState.DRAFT, True)], DeclarationState.RETURNED),
        ([(LineState.ACCEPTED, True), (LineState.REFUSED, True)], DeclarationState.PARTLY_REFUSED),
        ([(LineState.REFUSED, True), (LineState.SUBMITTED, True)], DeclarationState.SUBMITTED),
        ([], DeclarationState.ACCEPTED),
    ],
)
def test_a_declaration_stands_as_its_sent_lines(lines, expected) -> None:
    assert standing_of([StandingLine(*line) for line in lines]) is expected


def test_the_tally_holds_every_hour() -> None:
    rulings = [("312.00", Ruling.ACCEPT), ("119.00", Ruling.RETURN), ("98.00", Ruling.REFUSE), ("0.50", None)]
    found = tally_of((Decimal(hours), ruling) for hours, ruling in rulings)
    assert (found.accepted, found.returned, found.refused, found.undecided) == (312, 119, 98, Decimal("0.50"))
    assert found.declared == Decimal("529.50")
