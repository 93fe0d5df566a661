"""A clause is registered with the hours due that its figures make, and what the CCAG demands is demanded."""

from datetime import date
from decimal import Decimal

import pytest

from tests import builders as a
from tracker.accounts.queries import journal_of
from tracker.contracts.actions.clauses import add_clause, add_event
from tracker.contracts.queries.clauses import clauses_of, events_of
from tracker.contracts.rules.clauses import ClauseDraft, Figures, objections_to_clause
from tracker.contracts.rules.levers import Ccag, Lever
from tracker.contracts.rules.means import Means
from tracker.contracts.rules.obligations import Basis, Event, EventKind, due_on
from tracker.plumbing.database import db
from tracker.vocabulary.objections import Refused

BY_AMOUNT = Figures(
    Basis.AMOUNT,
    amount=Decimal(1_000_000),
    labour_share=Decimal("0.50"),
    effort=Decimal("0.05"),
    hourly_cost=Decimal("30.00"),
)
WHOLE = {
    "lever": Lever.EXECUTION_CONDITION,
    "edition_code": "EPEC-2021",
    "means": (Means.DIRECT_HIRE,),
    "perimeter": "tout le lot",
    "facilitator_contact": "insertion@loire-et-vienne.example",
    "figures": Figures(minimum=Decimal(490)),
}
SINCE, BEFORE = date(2021, 10, 1), date(2021, 9, 30)


def codes(ccag=Ccag.TRAVAUX, notified_on=date(2026, 1, 5), **changes) -> set[tuple[str, bool]]:
    found = objections_to_clause(ClauseDraft(**WHOLE | changes), ccag, notified_on)
    return {(objection.field, objection.blocks) for objection in found}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, set()),
        ({"perimeter": " "}, {("perimeter", True)}),
        ({"perimeter": "", "notified_on": SINCE}, {("perimeter", True)}),
        ({"perimeter": "", "notified_on": BEFORE}, {("perimeter", False)}),
        ({"perimeter": "", "notified_on": None}, {("perimeter", True)}),
        ({"perimeter": "", "ccag": Ccag.NONE}, {("perimeter", False)}),
        ({"perimeter": "", "ccag": None}, {("perimeter", False)}),
        ({"facilitator_contact": "", "facilitator_id": 1}, {("facilitator_contact", True)}),
        ({"facilitator_contact": ""}, set()),
        ({"figures": Figures()}, {("due_hours", True)}),
        ({"figures": Figures(), "perimeter": ""}, {("due_hours", True), ("perimeter", True)}),
        ({"figures": Figures(minimum=Decimal("-0.01"))}, {("due_hours", True)}),
        ({"figures": Figures(minimum=Decimal(0))}, set()),
        ({"figures": Figures(minimum=Decimal(1), offered=Decimal(-1))}, {("offered_hours", True)}),
        ({"figures": BY_AMOUNT}, set()),
        ({"figures": Figures(Basis.AMOUNT, amount=Decimal(1), effort=Decimal("1.01"))},
         {("labour_share", True), ("effort", True), ("hourly_cost", True)}),
        ({"means": ()}, {("means", True)}),
        ({"deposit_day": 28}, set()),
        ({"deposit_day": 29}, {("deposit_day", True)}),
        ({"deposit_day": 0}, {("deposit_day", True)}),
        ({"starts_on": date(2026, 3, 1), "ends_on": date(2026, 3, 1)}, set()),
        ({"starts_on": date(2026, 3, 1), "ends_on": date(2026, 2, 28)}, {("ends_on", True)}),
        ({"training_cap_hours": Decimal("-1")}, {("training_cap", True)}),
    ],
)  # fmt: skip
def test_a_clause_says_all_that_it_lacks_at_once(changes, expected):
    assert codes(**changes) == expected


@pytest.mark.parametrize(
    ("figures", "hours"),
    [
        (Figures(minimum=Decimal(2000)), Decimal("2000.00")),
        (Figures(minimum=Decimal(2000), offered=Decimal(2600)), Decimal("2600.00")),
        (Figures(minimum=Decimal(2000), offered=Decimal(1500)), Decimal("2000.00")),
        (Figures(offered=Decimal(1500)), Decimal("1500.00")),
        (Figures(), None),
        (BY_AMOUNT, Decimal("833.00")),
        (Figures(Basis.AMOUNT, Decimal(5), amount=Decimal(1)), None),
        (Figures(Basis.AMOUNT, None, None, Decimal(1), Decimal(1), Decimal(1), Decimal(0)), None),
    ],
)
def test_the_hours_due_come_of_the_figures(figures, hours):
    assert figures.hours == hours


@pytest.mark.parametrize("figures", [BY_AMOUNT, Figures(minimum=Decimal("12.50"), offered=Decimal(13)), Figures()])
def test_an_event_keeps_the_sum_being_made(figures):
    assert Figures.from_inputs(figures.inputs) == figures
    assert [step.text for step in Figures.from_inputs(figures.inputs).steps] == [step.text for step in figures.steps]


@pytest.mark.parametrize("inputs", [{}, {"basis": "nothing"}, {"basis": "fixed", "minimum": "many"}])
def test_an_event_without_readable_figures_shows_no_sum(inputs):
    assert Figures.from_inputs(inputs) is None


def test_a_clause_is_registered_with_its_hours_its_sum_and_its_journal(cast):
    contract = a.a_contract(cast.buyer, [cast.guerin])
    clause = add_clause(contract, ClauseDraft(**WHOLE | {"figures": BY_AMOUNT}), cast.structure.id, a.NOW)
    db.session.commit()
    (event,) = events_of([clause.id])[clause.id]
    assert (event.kind, event.occurs_on, event.hours) == (EventKind.NOTIFIED, contract.notified_on, Decimal(833))
    assert Figures.from_inputs(event.inputs) == BY_AMOUNT
    assert [found.id for found in clauses_of(contract.id)] == [clause.id]
    entries = journal_of(("clause", clause.id), ("contract", contract.id))
    assert [(entry.verb, entry.about_kind, entry.facts["due_hours"]) for entry in entries] == [
        ("clause_registered", "contract", "833.00"),
        ("clause_registered", "clause", "833.00"),
    ]


def test_without_a_notification_the_hours_are_due_from_the_day_of_registration(cast):
    contract = a.a_contract(cast.buyer, [cast.guerin], notified_on=None, ccag=None)
    clause = add_clause(contract, ClauseDraft(**WHOLE), cast.structure.id, a.NOW)
    assert events_of([clause.id])[clause.id][0].occurs_on == a.TODAY


def test_outside_a_ccag_a_clause_may_wait_for_its_hours(cast):
    contract = a.a_contract(cast.buyer, [cast.guerin], ccag=None)
    clause = add_clause(contract, ClauseDraft(**WHOLE | {"figures": Figures()}), cast.structure.id, a.NOW)
    assert events_of([clause.id])[clause.id][0].hours is None


def test_a_refused_clause_writes_nothing(cast):
    contract = a.a_contract(cast.buyer, [cast.guerin])
    with pytest.raises(Refused) as refused:
        add_clause(contract, ClauseDraft(**WHOLE | {"perimeter": "", "means": ()}), cast.structure.id, a.NOW)
    assert {objection.field for objection in refused.value.objections} == {"perimeter", "means"}
    assert clauses_of(contract.id) == []


def test_an_amendment_of_hours_moves_what_is_due_from_its_day(cast):
    amendment = Event(EventKind.HOURS_AMENDMENT, date(2026, 2, 1), Decimal(-200))
    add_event(cast.clause, amendment, a.NOW, "avenant 2")
    events = events_of([cast.clause.id])[cast.clause.id]
    assert (due_on(events, date(2026, 1, 31)), due_on(events, date(2026, 2, 1))) == (Decimal(5200), Decimal(5000))
    with pytest.raises(Refused):
        add_event(cast.clause, Event(EventKind.HOURS_AMENDMENT, date(2026, 3, 1), Decimal(-5001)), a.NOW)


def test_a_cancelled_event_counts_no_more_than_the_one_that_cancels_it(cast):
    wrong = a.an_event(cast.clause, "500.00", kind=EventKind.HOURS_AMENDMENT, occurs_on=date(2026, 1, 1))
    a.an_event(cast.clause, None, kind=EventKind.HOURS_AMENDMENT, occurs_on=date(2026, 1, 1), cancels_id=wrong.id)
    events = events_of([cast.clause.id])[cast.clause.id]
    assert [event.is_cancelled for event in events] == [False, True, True]
    assert due_on(events, a.TODAY) == Decimal(5200)
