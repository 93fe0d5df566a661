"""Many writers on the same placements and years at once: no update lost, nobody waits for ever."""

import pytest
from sqlalchemy import text

from tests.hours.sheets import decided, declared, some
from tests.hours.test_summaries import assert_exact, kept
from tests.hours.test_together import at_once, deciding
from tracker.hours.actions.declarations import save_draft, submit_month
from tracker.hours.actions.summaries import rebuild_summaries
from tracker.hours.queries.months import open_month
from tracker.hours.rules.months import SentMonth
from tracker.plumbing import clock
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Month

pytestmark = pytest.mark.usefixtures("april")
MONTHS = [Month(2025, 11), Month(2025, 12), Month(2026, 1), Month(2026, 2)]
NOBODY_TOLD = [""] * len(MONTHS)


def sending(employer_id: int, month: Month, hours: str):
    def act(ready) -> None:
        opened = open_month(employer_id, month, clock.today())
        answers = {cell.key: some(hours) for clause in opened.clauses for cell in clause.open_cells}
        sent = SentMonth(answers, {clause.clause_id for clause in opened.open_clauses})
        ready()
        submit_month(opened, sent, None, clock.now(), clock.today())

    return act


def test_months_sent_at_once_are_all_in_the_year(app, cast, crew) -> None:
    """No row stands yet: each writer would make the same ones."""
    told = at_once(app, *(sending(cast.guerin.id, month, "20") for month in MONTHS))
    assert told == NOBODY_TOLD
    assert sum(row["declared_hours"] for row in kept().values()) == 20 * len(MONTHS)
    assert_exact()


def test_months_decided_at_once_are_all_counted(app, cast, crew) -> None:
    declarations = [
        declared(cast.guerin.id, {crew.amina: "100"}, month, (Month(2026, 3)).first_day)[0] for month in MONTHS
    ]
    db.session.commit()
    told = at_once(app, *(deciding(one.id, cast.claire.person_id) for one in declarations))
    assert told == NOBODY_TOLD
    assert {row["year"]: row["counted_hours"] for row in kept().values()} == {2025: 200, 2026: 200}
    assert_exact()


@pytest.mark.parametrize("pair", [0, 1, 2, 3])
def test_months_that_know_different_lines_never_wait_for_each_other(app, cast, crew, pair) -> None:
    """One month holds a draft of one person, the other of another: each writes a known line, then a new one."""
    months = [Month(2026, 3), Month(2026, 4)]
    for month, placement in zip(months, (crew.karim, crew.lucas), strict=True):
        opened = open_month(cast.guerin.id, month, clock.today())
        cells = [cell for row in opened.open_rows if row.placement_id == placement.id for cell in row.open_cells]
        save_draft(opened, SentMonth({cell.key: some("1") for cell in cells}, set()), clock.now(), clock.today())
    db.session.commit()
    assert at_once(app, *(sending(cast.guerin.id, month, "1") for month in months)) == ["", ""]
    assert_exact()


def test_years_rebuilt_while_others_decide_are_exact(app, cast, crew) -> None:
    declarations = [
        declared(cast.guerin.id, {crew.amina: "100"}, month, (Month(2026, 3)).first_day)[0] for month in MONTHS
    ]
    db.session.commit()

    def rebuilding(ready) -> None:
        ready()
        rebuild_summaries()

    acts = [deciding(one.id, cast.claire.person_id) for one in declarations]
    assert at_once(app, rebuilding, *acts, rebuilding) == [*NOBODY_TOLD, "", ""]
    assert sum(row["counted_hours"] for row in kept().values()) == 400
    assert_exact()


def test_a_placement_put_right_while_a_month_is_decided(app, cast, amina) -> None:
    """Whoever comes second counts what the first one wrote."""
    (declaration,) = declared(cast.guerin.id, {amina: "100"})
    db.session.commit()

    def correcting(ready) -> None:
        ready()
        db.session.execute(text("UPDATE placement SET means = 'contracting'"))

    assert at_once(app, correcting, deciding(declaration.id, cast.claire.person_id)) == ["", ""]
    (row,) = kept().values()
    assert (row["means"], row["counted_hours"]) == ("contracting", 100)
    assert_exact()


def test_a_foreign_key_s_lock_never_holds_a_summary_up(cast, amina) -> None:
    """Each line added holds its placement FOR KEY SHARE: two sessions that both had one would wait for each other."""
    (declaration,) = declared(cast.guerin.id, {amina: "100"})
    db.session.commit()
    with db.engine.connect() as elsewhere:
        elsewhere.execute(text("SELECT FROM placement FOR KEY SHARE"))
        db.session.execute(text("SET LOCAL lock_timeout = '5s'"))
        decided(declaration)
        elsewhere.rollback()
    assert_exact()
