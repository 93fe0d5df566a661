"""Two people at the same moment, each in a transaction of their own: one acts, the other is told; nothing twice."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from tests.hours.sheets import ACCEPT, ADDRESS, MARCH, declared, line_of, some
from tracker.accounts.rules import WayIn
from tracker.hours.actions.decisions import decide_declaration
from tracker.hours.actions.declarations import save_draft, submit_month
from tracker.hours.models import Declaration, HoursLineVersion, LedgerEntry
from tracker.hours.queries.months import open_month
from tracker.hours.queries.reviews import review_of
from tracker.hours.rules.months import SentMonth
from tracker.hours.rules.states import LineState
from tracker.plumbing import clock, sessions
from tracker.plumbing.database import db
from tracker.plumbing.outbox import Message
from tracker.vocabulary.objections import Stale

pytestmark = pytest.mark.usefixtures("april")


def at_once(app, *acts: Callable[[Callable[[], None]], None]) -> list[str]:
    """Runs each act in a thread; every one reads first, waits for the others, then writes. Gives what was told."""
    gate, told = threading.Barrier(len(acts), timeout=20), []

    def run(act) -> None:
        with app.app_context(), sessions.acting_as(sessions.Actor(WayIn.COMMAND)):
            try:
                act(gate.wait)
                db.session.commit()
                told.append("")
            except Stale as stale:
                db.session.rollback()
                told.append(stale.changed)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(told)


def count_of(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def deciding(declaration_id: int, person_id: int):
    def act(ready) -> None:
        review = review_of(db.session.get_one(Declaration, declaration_id))
        decisions = {line.key: ACCEPT for line in review.lines}
        ready()
        decide_declaration(review, decisions, review.version, person_id, clock.now(), ADDRESS)

    return act


def test_two_facilitators_at_once_one_decides_and_the_other_is_told(app, cast, amina) -> None:
    (declaration,) = declared(cast.guerin.id, {amina: "144"}, by=cast.sophie.person_id)
    db.session.commit()
    people = (cast.claire.person_id, cast.administrator.person_id)
    told = at_once(app, *(deciding(declaration.id, person_id) for person_id in people))
    assert told[0] == ""
    assert "a décidé le" in told[1]
    assert "1\u00a0ligne acceptée" in told[1]
    assert (count_of(LedgerEntry), count_of(Message)) == (1, 1)
    assert line_of(amina).imputed_hours == 144


def writing(employer_id: int, hours: str, act_of):
    def act(ready) -> None:
        opened = open_month(employer_id, MARCH, clock.today())
        answers = {cell.key: some(hours) for clause in opened.clauses for cell in clause.open_cells}
        sent = SentMonth(answers, {clause.clause_id for clause in opened.clauses})
        ready()
        act_of(opened, sent)

    return act


def sending(opened, sent) -> None:
    submit_month(opened, sent, None, clock.now(), clock.today())


def keeping(opened, sent) -> None:
    save_draft(opened, sent, clock.now(), clock.today())


@pytest.mark.parametrize("is_kept_before", [False, True])
def test_two_windows_at_once_one_sends_and_the_other_is_told(app, cast, amina, is_kept_before) -> None:
    if is_kept_before:
        writing(cast.guerin.id, "10", keeping)(lambda: None)
        db.session.commit()
    acts = [writing(cast.guerin.id, hours, act) for hours, act in (("144", sending), ("145", sending))]
    told = at_once(app, *acts)
    assert told[0] == ""
    assert "a changé depuis que cette page est ouverte" in told[1]
    assert (count_of(Declaration), count_of(HoursLineVersion)) == (1, 1)
    assert line_of(amina).state is LineState.SUBMITTED


def test_a_decision_and_a_correction_never_mix(app, cast, amina) -> None:
    """A declaration waits; whoever sends somebody new at that moment makes the facilitator look again."""
    (declaration,) = declared(cast.guerin.id, {amina: "144"})
    db.session.commit()
    people = (cast.claire.person_id,) * 4
    told = at_once(app, *(deciding(declaration.id, person_id) for person_id in people))
    assert told.count("") == 1
    assert count_of(LedgerEntry) == 1
