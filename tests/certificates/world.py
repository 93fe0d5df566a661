"""A finished contract as drawn: 1 500 h due, 1 607,50 h counted by three means, every month decided."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests import builders as a
from tests.cast import Cast
from tracker.accounts.models import Organisation, Person
from tracker.certificates.actions import Office, Order, issue
from tracker.certificates.models import Certificate
from tracker.certificates.rules import Kind
from tracker.contracts.models import Clause
from tracker.contracts.rules.obligations import EventKind
from tracker.hours.models import Declaration, HoursLine, HoursLineVersion, LedgerEntry
from tracker.hours.rules.states import DeclarationState, LineState
from tracker.placements.models import Placement
from tracker.placements.rules import Means
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Month, Period

TODAY = a.TODAY
NOW = a.NOW
OFFICE = Office("Département de Loire-et-Vienne", b"only for tests")
PAPER = b"%PDF-1.7 a paper"
ZERO = Decimal("0.00")
MARCH = Month(2026, 3)


def a_month(
    placement: Placement,
    month: Month,
    declared: str,
    accepted: str | None = None,
    counted: str | None = None,
    state: DeclarationState = DeclarationState.ACCEPTED,
) -> Declaration:
    """A placement's month, declared and decided; everything declared is accepted and counted unless said otherwise."""
    clause = placement.pledge.clause
    declaration = db.session.query(Declaration).filter_by(
        employer_id=placement.employer_id, clause_id=clause.id, month=month
    ).one_or_none() or a_declaration(clause, placement.employer, month, state)
    is_decided = state in (DeclarationState.ACCEPTED, DeclarationState.PARTLY_REFUSED)
    taken = Decimal(accepted if accepted is not None else declared) if is_decided else ZERO
    line_state = (LineState.ACCEPTED if taken else LineState.REFUSED) if is_decided else LineState(state.value)
    line = HoursLine(
        declaration=declaration,
        placement=placement,
        month=month,
        from_on=max(month.first_day, placement.starts_on),
        to_on=month.last_day,
        state=line_state,
        declared_hours=Decimal(declared),
        accepted_hours=taken,
    )
    version = HoursLineVersion(line=line, number=1, hours=Decimal(declared), submitted_at=NOW, submitted_by_id=None)
    db.session.add_all([line, version])
    db.session.flush()
    if is_decided:
        booked = Decimal(counted) if counted is not None else taken
        db.session.add(_entry(placement, line, version, booked))
        db.session.flush()
    return declaration


def _entry(placement: Placement, line: HoursLine, version: HoursLineVersion, hours: Decimal) -> LedgerEntry:
    return LedgerEntry(
        line_id=line.id,
        line_version_id=version.id,
        pledge_id=placement.pledge_id,
        clause_id=placement.pledge.clause_id,
        participant_id=placement.participant_id,
        decision_id=placement.decision_id,
        month=line.month,
        hours=hours,
        reasons=[],
        rule_version="1",
        booked_at=NOW,
    )


def a_declaration(clause: Clause, employer: Organisation, month: Month, state: DeclarationState) -> Declaration:
    """A month sent on a clause."""
    declaration = Declaration(
        employer=employer,
        clause=clause,
        month=month,
        state=state,
        attested=state is not DeclarationState.DRAFT,
        submitted_at=None if state is DeclarationState.DRAFT else NOW,
        created_at=NOW,
    )
    db.session.add(declaration)
    db.session.flush()
    return declaration


def a_worker(cast: Cast, name: str, means: Means = Means.DIRECT_HIRE, **more: Any) -> Placement:
    """Somebody in post on the clause from January to March 2026."""
    participant = a.a_participant(cast.structure, name)
    decision = a.a_decision(participant, cast.claire.person)
    row = {"means": means, "starts_on": date(2026, 1, 5), "ends_on": date(2026, 3, 31), **more}
    return a.a_placement(cast.pledge, participant, decision, **row)


def ended(cast: Cast, idle_until: Month = MARCH) -> Clause:
    """The cast's clause, over since 31/03/2026; its holder declared « aucune heure » up to that month included."""
    clause = cast.clause
    clause.ends_on = cast.contract.ends_on = date(2026, 3, 31)
    db.session.flush()
    return idle(clause, cast.guerin, idle_until)


def idle(clause: Clause, holder: Organisation, until: Month = MARCH) -> Clause:
    """The clause, its holder having declared « aucune heure » from the notification to that month."""
    for month in Period(clause.contract.notified_on, until.last_day).months():
        a_declaration(clause, holder, month, DeclarationState.ACCEPTED)
    return clause


def as_drawn(cast: Cast) -> Clause:
    """The certificate's picture, in rows: due 1 500, declared 1 652, refused 44,50, counted 1 607,50, three people."""
    clause = ended(cast, idle_until=Month(2025, 12))
    a.an_event(clause, "-3800.00", kind=EventKind.HOURS_AMENDMENT, occurs_on=date(2025, 9, 20))
    a.an_event(clause, "100.00", kind=EventKind.HOURS_AMENDMENT, occurs_on=date(2025, 11, 18))
    hired = a_worker(cast, "Amina Diallo")
    lent = a_worker(cast, "Bilal Cherif", Means.HIRING_OUT, employer=a.an_organisation("Relais Intérim"))
    other = a_worker(cast, "Chloé Robin", Means.CONTRACTING, employer=a.an_organisation("Chantier école"))
    for number, hours in ((1, "300.00"), (2, "300.00"), (3, "305.00")):
        a_month(hired, Month(2026, number), hours)
    for number, hours in ((1, "200.00"), (2, "200.00"), (3, "112.50")):
        a_month(lent, Month(2026, number), hours)
    a_month(a_worker(cast, "Driss Amar", Means.HIRING_OUT, employer=lent.employer), Month(2026, 3), "44.50", "0")
    for number, hours in ((1, "90.00"), (2, "50.00"), (3, "50.00")):
        a_month(other, Month(2026, number), hours)
    db.session.commit()
    return clause


def an_issue(cast: Cast, clause: Clause | None = None, draw: Any = None, **more: Any) -> Certificate:
    """A final certificate delivered by Claire, with a paper that cost nothing to draw unless one is given."""
    order = Order(**{"kind": Kind.FINAL, **more})
    drawn = draw or (lambda facts: PAPER + facts["code"].encode())
    certificate = issue(clause or cast.clause, order, OFFICE, person_of(cast).id, NOW, TODAY, drawn)
    db.session.commit()
    return certificate


def person_of(cast: Cast) -> Person:
    """Claire, who signs."""
    return cast.claire.person
