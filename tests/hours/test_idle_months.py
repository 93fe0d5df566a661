"""A holder owes each month of its contract, also those in which nobody worked: « aucune heure » is a declaration."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests import builders as a
from tests.hours.sheets import declared
from tracker.accounts.models import JournalEntry
from tracker.contracts.models import ContractParty
from tracker.contracts.rules.levers import Capacity
from tracker.contracts.rules.obligations import EventKind
from tracker.hours.actions.idle import declare_idle_months
from tracker.hours.models import Declaration
from tracker.hours.queries.idle import idle_months_of
from tracker.hours.queries.months import performance_on
from tracker.hours.rules.owed import IdleMonths, Post, months_owed, objections_to_idle_months
from tracker.hours.rules.states import DeclarationState
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Month, Period
from tracker.vocabulary.objections import Stale

PAGE = "/declarations/sans-heure"
TODAY = date(2026, 4, 8)
SEPTEMBER, MARCH = Month(2025, 9), Month(2026, 3)
ALL = list(Period(SEPTEMBER.first_day, MARCH.last_day).months())


def idle(cast, today: date = TODAY) -> list[Month]:
    return [month for one in idle_months_of(cast.guerin.id, today) for month in one.months]


def ticked(cast, *months: Month) -> dict[str, object]:
    return {f"months-{cast.clause.id}": [str(month) for month in months], "honour": "1"}


def test_a_holder_owes_every_whole_month_since_the_notification(cast) -> None:
    assert idle(cast) == ALL


@pytest.mark.parametrize(
    ("today", "last", "why"),
    [
        (date(2026, 10, 31), Month(2026, 9), "the last month of the contract runs until its last day"),
        (date(2026, 11, 1), Month(2026, 10), "then it is owed"),
        (date(2027, 6, 1), Month(2026, 10), "nothing is owed after the contract"),
        (date(2025, 10, 1), SEPTEMBER, "a month is owed once over"),
    ],
)
def test_no_month_is_owed_before_it_is_over_nor_after_the_contract(cast, today, last, why) -> None:
    assert idle(cast, today)[-1] == last, why


def test_nothing_is_owed_in_the_month_of_the_notification_before_it_is_over(cast) -> None:
    assert idle(cast, date(2025, 9, 30)) == []


def test_the_query_says_what_the_rule_says(cast) -> None:
    for start, end in ((15, 10), (1, 31), (30, 30)):
        cast.clause.starts_on = cast.contract.notified_on = date(2025, 11, start)
        cast.clause.ends_on = date(2026, 3, end)
        db.session.flush()
        for today in (date(2026, 3, 9), date(2026, 3, 30), date(2026, 3, 31), date(2026, 4, 1)):
            owed = months_owed([Post(1, performance_on(cast.clause))], performance_on(cast.clause), today)
            assert idle(cast, today) == [month for _, month in owed], (start, end, today)


@given(st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.dates(date(2025, 1, 1), date(2027, 12, 31)))
def test_whoever_is_in_post_owes_no_month_that_the_holder_does_not(day, today) -> None:
    performance = Period(date(2025, 9, 15), date(2026, 10, 31))
    of_the_holder = months_owed([Post(1, performance)], performance, today)
    assert set(months_owed([Post(1, Period(day))], performance, today)) <= set(of_the_holder)


def test_a_month_with_somebody_in_post_is_declared_on_its_own_page(cast, amina) -> None:
    amina.ends_on = date(2025, 11, 1)
    db.session.commit()
    assert idle(cast) == ALL[3:]


def test_somebody_refused_was_never_in_post(cast, amina) -> None:
    amina.approved_on = amina.decision_id = amina.decision = None
    amina.refused_at, amina.refusal_reason = a.NOW, "hors liste"
    db.session.commit()
    assert idle(cast) == ALL


def test_whoever_lends_people_leaves_the_holder_its_own_month(cast) -> None:
    bilal = a.a_participant(cast.structure, "Bilal Cherif")
    lender = a.an_organisation("Relais Intérim")
    a.a_placement(cast.pledge, bilal, a.a_decision(bilal, cast.claire.person), employer=lender)
    db.session.commit()
    assert idle(cast) == ALL
    assert idle_months_of(lender.id, TODAY) == []


def test_the_lead_of_a_grouping_answers_for_it(cast) -> None:
    second = a.an_organisation("Vertès")
    party = db.session.scalars(select(ContractParty)).one()
    party.capacity = Capacity.CO_HOLDER
    db.session.add(ContractParty(contract_id=cast.contract.id, organisation=second, capacity=Capacity.LEAD, rank=2))
    db.session.commit()
    assert idle(cast) == []
    assert [one.months for one in idle_months_of(second.id, TODAY)] == [tuple(ALL)]


@pytest.mark.parametrize(
    ("day", "is_cancelled", "first"),
    [
        (date(2026, 3, 31), False, MARCH),
        (date(2026, 3, 1), False, MARCH),
        (date(2026, 2, 28), False, Month(2026, 2)),
        (date(2026, 3, 1), True, SEPTEMBER),
    ],
)
def test_an_opening_balance_covers_the_months_before_it(cast, day, is_cancelled, first) -> None:
    balance = a.an_event(cast.clause, "0.00", kind=EventKind.OPENING_BALANCE, occurs_on=day)
    if is_cancelled:
        a.an_event(cast.clause, "0.00", kind=EventKind.OPENING_BALANCE, occurs_on=day, cancels_id=balance.id)
    db.session.commit()
    assert idle(cast)[0] == first


def test_months_without_anybody_are_confirmed_in_one_act(client, cast, april) -> None:
    page = client.acting_for(cast.sophie).get(PAGE)
    assert page.text.count(" checked") == len(ALL)
    assert int(page.headers["X-Statements"]) <= 12
    answer = client.send(PAGE, ticked(cast, *ALL))
    assert answer.status_code == 302
    sent = db.session.scalars(select(Declaration).order_by(Declaration.month)).all()
    assert [(one.month, one.state, one.attested) for one in sent] == [
        (month, DeclarationState.ACCEPTED, True) for month in ALL
    ]
    assert {one.submitted_by_id for one in sent} == {cast.sophie.person_id}
    verbs = select(func.count()).where(JournalEntry.verb == "declaration_submitted", JournalEntry.about_id != 0)
    assert db.session.scalar(verbs) == len(ALL)
    assert idle(cast) == []
    assert "Aucun mois à confirmer" in client.get(PAGE).text
    follow = client.acting_for(cast.claire).get(f"/declarations/suivi/{sent[0].public_id}")
    assert "Aucune heure" in follow.text


def test_a_month_left_unticked_stays_to_declare(client, cast, april) -> None:
    client.acting_for(cast.sophie).send(PAGE, ticked(cast, *ALL[:-1]))
    assert idle(cast) == [MARCH]


@pytest.mark.parametrize(
    ("months", "honour", "said"),
    [
        ([], "1", "Cochez les mois où personne n’a travaillé"),
        (ALL, "", "Cochez cette attestation pour transmettre ces mois."),
        (["2026-13", "mars", "2031-01"], "1", "Cochez les mois où personne n’a travaillé"),
    ],
)
def test_nothing_is_declared_without_a_tick_and_an_oath(client, cast, april, months, honour, said) -> None:
    fields = {f"months-{cast.clause.id}": [str(month) for month in months], "honour": honour}
    answer = client.acting_for(cast.sophie).send(PAGE, {name: value for name, value in fields.items() if value})
    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.scalar(select(func.count()).select_from(Declaration)) == 0


def test_every_objection_to_idle_months_is_said_at_once() -> None:
    assert [one.code for one in objections_to_idle_months({1: []}, False)] == ["no_month_ticked", "not_attested"]
    assert objections_to_idle_months({1: [], 2: [MARCH]}, True) == []


def test_a_month_where_somebody_now_works_is_no_longer_empty(cast, amina) -> None:
    with pytest.raises(Stale, match="quelqu’un y est maintenant à l’emploi"):
        declare_idle_months(cast.guerin.id, {cast.clause.id: [MARCH]}, True, None, a.NOW, TODAY)


def test_somebody_else_s_month_is_no_business_of_a_rival(client, cast, april) -> None:
    assert "Aucun mois à confirmer" in client.acting_for(cast.rival).get(PAGE).text
    with pytest.raises(Stale):
        declare_idle_months(cast.rival.organisation_id, {cast.clause.id: [MARCH]}, True, None, a.NOW, TODAY)


def test_somebody_placed_afterwards_opens_the_month_again(client, cast, april) -> None:
    client.acting_for(cast.sophie).send(PAGE, ticked(cast, *ALL))
    person = a.a_participant(cast.structure, "Amina Diallo")
    placement = a.a_placement(cast.pledge, person, a.a_decision(person, cast.claire.person), starts_on=date(2026, 3, 2))
    db.session.commit()
    (declaration,) = declared(cast.guerin.id, {placement: "120"})
    assert declaration.state is DeclarationState.SUBMITTED
    assert db.session.scalar(select(func.count()).where(Declaration.month == MARCH)) == 1


def test_the_desk_says_it_once_a_clause(client, cast, april) -> None:
    page = client.acting_for(cast.sophie).get("/").text.replace("\u00a0", " ")
    assert "marché avec des mois sans personne" in page
    assert "7 mois à confirmer, entre septembre 2025 et mars 2026." in page
    assert f"{PAGE}#marche-{cast.clause.id}" in page


def test_one_month_is_said_by_its_name() -> None:
    assert IdleMonths(1, "Collège", "", (MARCH,)).said == "mars 2026"
