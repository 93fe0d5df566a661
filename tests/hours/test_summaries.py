"""The years kept summed equal a full recount, whatever is done, in the transaction that does it."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests import builders as a
from tests.hours.sheets import ADDRESS, decided, declared, morning, some
from tracker.hours.actions.decisions import decide_declaration
from tracker.hours.actions.declarations import save_draft, submit_month
from tracker.hours.models import Declaration, HoursLine, LedgerEntry, YearSummary
from tracker.hours.queries.months import open_month
from tracker.hours.queries.progress import line_sums_of
from tracker.hours.queries.reviews import review_of
from tracker.hours.queries.summaries import differences
from tracker.hours.rules.decisions import LineDecision, Ruling
from tracker.hours.rules.months import Answer, SentMonth
from tracker.hours.rules.states import DeclarationState, LineState
from tracker.participants.models import EligibilityDecision, Participant
from tracker.participants.rules.decisions import RsaStatus
from tracker.placements.models import Placement
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Month
from tracker.vocabulary.objections import Refused, Stale

pytestmark = pytest.mark.usefixtures("april")
TODAY = date(2026, 4, 8)
MONTHS = (Month(2025, 11), Month(2025, 12), Month(2026, 1), Month(2026, 2))
Row = dict[str, object]
NO_HOURS = dict.fromkeys(("declared_hours", "accepted_hours", "refused_hours", "counted_hours"), Decimal("0.00"))


def kept() -> dict[tuple, Row]:
    """The table as it stands, by its key."""
    return {_key(row): dict(row) for row in db.session.execute(select(YearSummary.__table__)).mappings()}


def _key(row) -> tuple:
    return row["year"], row["placement_id"], row["pledge_id"], row["decision_id"]


def recounted() -> dict[tuple, Row]:
    """The same rows added up in Python from lines and ledger, sharing nothing with the database's own recount."""
    placements = {one.id: one for one in db.session.execute(select(Placement.__table__))}
    decisions = {one.id: one for one in db.session.execute(select(EligibilityDecision.__table__))}
    lines = {one.id: one for one in db.session.execute(select(HoursLine.__table__))}
    sums: dict[tuple, Row] = defaultdict(NO_HOURS.copy)
    for line in lines.values():
        if line.state is not LineState.DRAFT:
            placement = placements[line.placement_id]
            row = sums[line.month.year, line.placement_id, placement.pledge_id, placement.decision_id]
            row["declared_hours"] += line.declared_hours
            row["accepted_hours"] += line.accepted_hours
            row["refused_hours"] += line.declared_hours if line.state is LineState.REFUSED else 0
    for entry in db.session.execute(select(LedgerEntry.__table__)):
        placement_id = lines[entry.line_id].placement_id
        sums[entry.month.year, placement_id, entry.pledge_id, entry.decision_id]["counted_hours"] += entry.hours
    return {key: _whole(key, row, placements[key[1]], decisions.get(key[3])) for key, row in sums.items()}


def _whole(key: tuple, sums: Row, placement, decision) -> Row:
    frozen = decision.frozen if decision else {}
    return {
        **dict(zip(("year", "placement_id", "pledge_id", "decision_id"), key, strict=True)),
        "participant_id": placement.participant_id,
        "employer_id": placement.employer_id,
        "contract_type": placement.contract_type.value,
        "means": placement.means.value,
        "rsa_status": decision and decision.rsa_status.value,
        "main_category": decision and decision.main_category,
        "other_categories": decision and decision.other_categories,
        "age": frozen.get("age"),
        "level": frozen.get("level"),
        "commune_code": frozen.get("commune"),
        "qpv_code": frozen.get("qpv"),
        **sums,
    }


def assert_exact() -> None:
    db.session.flush()
    assert kept() == recounted()
    assert list(differences()) == []


class Works:
    """A clause with three people at work, a pledge and a decision more, and what may be done to their hours."""

    def __init__(self, cast) -> None:
        self.cast = cast
        contract = a.a_contract(cast.other_buyer.organisation, [cast.guerin])
        self.elsewhere = a.a_pledge(a.a_clause(contract, cast.structure), cast.guerin)
        people = [a.a_participant(cast.structure, name) for name in ("Amina Diallo", "Karim Benali", "Lucas Petit")]
        early, late = a.a_decision(people[0], cast.claire.person), self._late(people[1])
        self.other_decision = a.a_decision(
            people[0], cast.claire.person, main_category="deld", other_categories=["qpv"], rsa_status=RsaStatus.NONE
        )
        self.placements = [
            a.a_placement(cast.pledge, people[0], early),
            a.a_placement(cast.pledge, people[1], late),
            a.a_placement(cast.pledge, people[2], None),
        ]
        db.session.flush()

    def _late(self, person: Participant) -> EligibilityDecision:
        return a.a_decision(person, self.cast.claire.person, decided_on=date(2025, 12, 10))

    def do(self, name: str, number: int, hours: str) -> None:
        """One step; what the rules or the database refuse changes nothing."""
        step: Callable[[int, str], object] = getattr(self, name)
        try:
            with db.session.begin_nested():
                step(number, hours)
        except (Refused, Stale, DBAPIError):
            db.session.expire_all()

    def draft(self, number: int, hours: str) -> None:
        opened = open_month(self.cast.guerin.id, MONTHS[number % 4], TODAY)
        cells = [cell for clause in opened.clauses for cell in clause.open_cells]
        sent = SentMonth({cell.key: some(hours) for cell in cells[number % 3 :]}, set())
        save_draft(opened, sent, morning(TODAY), TODAY)

    def send(self, number: int, hours: str) -> None:
        opened = open_month(self.cast.guerin.id, MONTHS[number % 4], TODAY)
        cells = [cell for clause in opened.clauses for cell in clause.open_cells]
        answers = {cell.key: Answer(Decimal(hours) / (rank + 2) // 1) for rank, cell in enumerate(cells)}
        sent = SentMonth(answers, {clause.clause_id for clause in opened.open_clauses})
        submit_month(opened, sent, None, morning(TODAY), TODAY)

    def decide(self, number: int, hours: str) -> None:
        """Rulings in turn; a second facilitator, who read the same page, comes after."""
        waiting = select(Declaration).where(Declaration.state == DeclarationState.SUBMITTED).order_by(Declaration.id)
        declaration = db.session.scalars(waiting).first()
        if declaration is None:
            return
        review, rulings = review_of(declaration), list(Ruling)
        decisions = {
            line.key: LineDecision(rulings[(number + rank) % 3 if hours != "150" else 0], message="À revoir.")
            for rank, line in enumerate(review.lines)
        }
        decide_declaration(review, decisions, review.version, None, morning(TODAY), ADDRESS)
        with pytest.raises(Stale):
            decide_declaration(review, decisions, review.version, None, morning(TODAY), ADDRESS)

    def by_hand(self, number: int, hours: str) -> None:
        """A change that no page makes, straight in SQL."""
        values = {
            "placement": self.placements[number % 3].id,
            "next": self.placements[(number + 1) % 3].id,
            "person": self.placements[(number + 1) % 3].participant_id,
            "pledge": self.elsewhere.id,
            "decision": self.other_decision.id,
            "employer": self.cast.rival.organisation_id,
            "hours": Decimal(hours),
            "kind": f"by hand {number} {hours}",
        }
        change = CHANGES[number % len(CHANGES)]
        db.session.execute(text(change), {name: value for name, value in values.items() if f":{name}" in change})
        db.session.expire_all()


SENT = "UPDATE hours_line SET state = 'submitted' WHERE state = 'draft' AND declared_hours IS NOT NULL"
CHANGES = (
    "UPDATE placement SET means = 'contracting', contract_type = 'cdi' WHERE id = :placement",
    "UPDATE placement SET pledge_id = :pledge",
    "UPDATE placement SET participant_id = :person, employer_id = :employer WHERE id IN (:placement, :next)",
    "UPDATE placement SET decision_id = :decision WHERE decision_id IS NOT NULL",
    "UPDATE placement SET decision_id = :decision, approved_on = '2025-10-01' WHERE id = :placement",
    "UPDATE hours_line SET declared_hours = declared_hours + :hours WHERE placement_id = :placement",
    "UPDATE hours_line SET state = 'draft', accepted_hours = imputed_hours",
    "UPDATE hours_line SET state = 'refused' WHERE placement_id IN (:placement, :next)",
    "UPDATE hours_line SET month = (month + interval '10 years')::date WHERE placement_id = :placement",
    "UPDATE hours_line SET placement_id = :next, part = part + 5 WHERE placement_id = :placement",
    "UPDATE hours_line SET accepted_hours = imputed_hours WHERE placement_id IN (:placement, :next)",
    SENT,
    "DELETE FROM hours_line WHERE id NOT IN (SELECT line_id FROM hours_line_version)",
    """INSERT INTO ledger_entry (line_id, line_version_id, pledge_id, clause_id, participant_id, decision_id, kind,
           month, hours, reasons, rule_version, booked_at)
       SELECT line_id, line_version_id, CASE part WHEN 1 THEN pledge_id ELSE :pledge END, clause_id, participant_id,
           decision_id, :kind || part, month, CASE part WHEN 1 THEN -1 ELSE 1 END, '[]', '1', now()
       FROM ledger_entry, generate_series(1, 2) part WHERE hours > 1""",
)
STEPS = st.tuples(
    st.sampled_from(["draft", "send", "send", "decide", "decide", "by_hand", "by_hand"]),
    st.integers(0, 51),
    st.sampled_from(["0", "12.35", "101.01", "150"]),
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=4, max_size=9))
def test_the_summary_is_the_recount_after_every_step(cast, steps) -> None:
    works = Works(cast)
    for step in [("send", 1, "150"), ("decide", 0, "150"), *steps]:
        works.do(*step)
        assert_exact()
    db.session.rollback()
    assert kept() == {}


@pytest.mark.parametrize("number", range(len(CHANGES)))
def test_each_change_made_by_hand_moves_the_summary(cast, number) -> None:
    """So that no step above is one that does nothing."""
    works = Works(cast)
    for step in (("send", 1, "150"), ("decide", 0, "150"), ("send", 2, "150"), ("decide", 1, "12.35")):
        works.do(*step)
    works.do("draft", 3, "12.35")
    if CHANGES[number].startswith("DELETE"):
        db.session.execute(text(SENT))
    before = kept()
    works.by_hand(number, "12.35")
    assert kept() != before
    assert_exact()


def test_the_summary_gives_the_sums_of_a_clause(cast) -> None:
    works = Works(cast)
    for step in (("send", 1, "150"), ("decide", 1, "12.35"), ("send", 2, "101.01"), ("draft", 3, "12.35")):
        works.do(*step)
    of_the_clause = [row for row in kept().values() if row["pledge_id"] == cast.pledge.id]
    sums = line_sums_of([cast.clause.id])[cast.clause.id]
    for name in ("declared", "accepted", "refused"):
        assert getattr(sums, name) == sum(row[f"{name}_hours"] for row in of_the_clause), name
    assert sums.declared > sums.accepted > 0
    assert sums.refused > 0


def test_what_is_rolled_back_leaves_nothing(cast, amina) -> None:
    (declaration,) = declared(cast.guerin.id, {amina: "144"})
    db.session.commit()
    before = kept()
    decided(declaration)
    assert [row["counted_hours"] for row in kept().values()] == [Decimal("144.00")]
    db.session.rollback()
    assert kept() == before
    assert [row["counted_hours"] for row in before.values()] == [Decimal("0.00")]


def test_hours_imputed_alone_recount_nothing(cast, amina) -> None:
    """The ledger's own trigger writes them on the line: the year is summed once, not twice."""
    (declaration,) = declared(cast.guerin.id, {amina: "144"})
    where = text("SELECT ctid::text FROM year_summary")
    before = db.session.scalar(where)
    db.session.execute(text("UPDATE hours_line SET accepted_hours = 100"))
    assert (moved := db.session.scalar(where)) != before
    db.session.execute(text("UPDATE hours_line SET imputed_hours = 50, declaration_id = :id"), {"id": declaration.id})
    db.session.execute(text("UPDATE placement SET job = 'maçonne'"))
    assert db.session.scalar(where) == moved
