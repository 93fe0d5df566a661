"""What waits for whom, gathered from every room; one statement for each kind of thing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload

from tracker.accounts.queries import Viewer, within
from tracker.accounts.rules import Role
from tracker.contracts.models import Clause, Contract, ObligationEvent
from tracker.contracts.queries.clauses import visible_clauses
from tracker.contracts.queries.contracts import visible_contracts
from tracker.desk.rules import Side, Task, TaskKind
from tracker.hours.models import Declaration, HoursLine
from tracker.hours.queries.idle import idle_months_of
from tracker.hours.queries.months import months_to_declare
from tracker.hours.rules.states import DeclarationState
from tracker.placements.queries import waiting_placements
from tracker.plumbing.database import db
from tracker.plumbing.formats import day_of, french_date
from tracker.plumbing.outbox import Message
from tracker.vocabulary.hours import ZERO, format_hours
from tracker.vocabulary.words import plural

SIDES = {
    Role.FACILITATOR: Side.FACILITATOR,
    Role.ADMINISTRATOR: Side.FACILITATOR,
    Role.EMPLOYER: Side.EMPLOYER,
    Role.OFFICER: Side.OFFICER,
    Role.PRESCRIBER: Side.PRESCRIBER,
}
# What each role's desk gathers; an observer's waits for nothing.
WORKS_ON_CLAUSES = frozenset({Role.FACILITATOR, Role.ADMINISTRATOR, Role.OFFICER})

_CLAUSE_AND_MONTH = select(Declaration.clause_id, Declaration.month)


def side_of(viewer: Viewer) -> Side | None:
    """The side this viewer acts for; an observer acts for none."""
    return SIDES.get(viewer.role)


def tasks_of(viewer: Viewer, today: date) -> list[Task]:
    """Everything that waits and that this viewer may see, in eight statements at most."""
    found: list[Task] = []
    if viewer.role is Role.EMPLOYER:
        found += _months(viewer, today)
        found += _idle_months(viewer, today)
    if viewer.role in (Role.EMPLOYER, Role.FACILITATOR, Role.ADMINISTRATOR):
        found += _declarations(viewer)
    if viewer.role in (Role.EMPLOYER, Role.PRESCRIBER, Role.FACILITATOR, Role.ADMINISTRATOR):
        found += _eligibilities(viewer)
    if viewer.role in WORKS_ON_CLAUSES:
        found += _clauses(viewer)
    if viewer.role is Role.OFFICER:
        found += _contracts(viewer, today)
    return found


def _months(viewer: Viewer, today: date) -> Iterator[Task]:
    """What is to declare, but for what came back: that waits as a correction, once."""
    mine = (Declaration.employer_id == viewer.organisation_id, Declaration.state == DeclarationState.RETURNED)
    returned = {(clause_id, month) for clause_id, month in db.session.execute(_CLAUSE_AND_MONTH.where(*mine))}
    for one in months_to_declare(viewer.organisation_id, today, viewer.subject):
        if (one.clause_id, one.month) in returned:
            continue
        over_on = one.month.last_day
        late = ("En retard", "stop") if today > one.due_on else None
        under_way = ("Mois en cours", "") if today <= over_on else None
        yield Task(
            kind=TaskKind.MONTH,
            name=f"{one.month.in_french.capitalize()}, {one.title}",
            page=("hours.declare_month", {"month": str(one.month)}),
            why=f"{plural(one.placements, 'personne')}, à transmettre au plus tard le {french_date(one.due_on)}.",
            side=Side.EMPLOYER,
            since=min(over_on, today),
            flag=late or under_way,
        )


def _idle_months(viewer: Viewer, today: date) -> Iterator[Task]:
    """One task a clause, however many months its holder has to confirm."""
    for one in idle_months_of(viewer.organisation_id, today, viewer.subject):
        yield Task(
            kind=TaskKind.IDLE,
            name=one.title,
            page=("hours.declare_idle_months", {"_anchor": f"marche-{one.clause_id}"}),
            why=f"{plural(len(one.months), 'mois', 'mois')} à confirmer, {one.said}.",
            side=Side.EMPLOYER,
            since=min(one.since, today),
        )


@dataclass(frozen=True)
class _Sent:
    """A declaration that waits, with its people and hours."""

    declaration: Declaration
    people: int
    hours: str


def _declarations(viewer: Viewer) -> Iterator[Task]:
    people = func.count(HoursLine.placement_id.distinct())
    rows = db.session.execute(
        select(Declaration, people, func.coalesce(func.sum(HoursLine.declared_hours), ZERO))
        .join(Declaration.clause)
        .join(Clause.contract)
        .outerjoin(HoursLine, HoursLine.declaration_id == Declaration.id)
        .options(contains_eager(Declaration.clause).contains_eager(Clause.contract), joinedload(Declaration.employer))
        .where(Declaration.state.in_((DeclarationState.SUBMITTED, DeclarationState.RETURNED)), _declared_by(viewer))
        .where(within(viewer.subject, clause=Clause.id))
        .group_by(Declaration.id, Clause.id, Contract.id)
    )
    for declaration, count, hours in rows:
        yield _declaration_task(viewer, _Sent(declaration, count, format_hours(hours or ZERO)))


def _declared_by(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.role is Role.EMPLOYER:
        return Declaration.employer_id == viewer.organisation_id
    return Clause.structure_id == viewer.organisation_id if viewer.role is Role.FACILITATOR else true()


def _declaration_task(viewer: Viewer, sent: _Sent) -> Task:
    declaration = sent.declaration
    is_returned = declaration.state is DeclarationState.RETURNED
    moment = declaration.decided_at if is_returned else declaration.submitted_at
    page: tuple[str, dict[str, object]] = ("hours.show_declaration", {"public_id": declaration.public_id})
    if is_returned and viewer.role is Role.EMPLOYER:
        page = ("hours.declare_month", {"month": str(declaration.month)})
    elif not is_returned and viewer.role is not Role.EMPLOYER:
        page = ("hours.decide_declaration", {"public_id": declaration.public_id})
    return Task(
        kind=TaskKind.CORRECTION if is_returned else TaskKind.DECLARATION,
        name=f"{declaration.employer.name}, {declaration.month.in_french}",
        page=page,
        why=f"{declaration.clause.contract.title}\u00a0: {plural(sent.people, 'personne')}, {sent.hours}.",
        side=Side.EMPLOYER if is_returned else Side.FACILITATOR,
        since=day_of(moment or declaration.created_at),
    )


def _eligibilities(viewer: Viewer) -> Iterator[Task]:
    decides = viewer.role in (Role.FACILITATOR, Role.ADMINISTRATOR)
    for placement in waiting_placements(viewer):
        yield Task(
            kind=TaskKind.ELIGIBILITY,
            name=placement.participant.name,
            page=(
                "placements.decide_eligibility" if decides else "placements.show_placement",
                {"public_id": placement.public_id},
            ),
            why=f"Embauche le {french_date(placement.starts_on)} chez {placement.employer.name}.",
            side=Side.FACILITATOR,
            since=day_of(placement.proposed_at),
        )


def _clauses(viewer: Viewer) -> Iterator[Task]:
    # A value, looked up by index for each clause of the viewer: a question would have every event of the base read.
    due = select(func.sum(ObligationEvent.hours)).where(ObligationEvent.clause_id == Clause.id).scalar_subquery()
    incomplete = or_(
        Clause.starts_on.is_(None), Clause.ends_on.is_(None), Clause.facilitator_id.is_(None), due.is_(None)
    )
    found = visible_clauses(viewer).where(incomplete).options(joinedload(Clause.contract))
    for clause in db.session.scalars(found):
        missing = [
            word
            for word, is_missing in (
                ("dates d’exécution", clause.starts_on is None or clause.ends_on is None),
                ("personne en charge", clause.facilitator_id is None),
            )
            if is_missing
        ]
        yield Task(
            kind=TaskKind.CLAUSE,
            name=clause.contract.title,
            page=("records.show_clause", {"clause_id": clause.id}),
            why=f"À compléter\u00a0: {', '.join(missing) or 'heures dues'}.",
            side=Side.OFFICER,
            since=day_of(clause.registered_at),
        )


def _contracts(viewer: Viewer, today: date) -> Iterator[Task]:
    found = visible_contracts(viewer).where(Contract.has_social_clause.is_(True), ~Contract.bears_clause)
    for contract in db.session.scalars(found.order_by(Contract.notified_on, Contract.id).limit(MOST_CONTRACTS)):
        yield Task(
            kind=TaskKind.CONTRACT,
            name=contract.title,
            page=("pledges.register_clause", {"contract_id": contract.id}),
            why=f"Marché {contract.number}\u00a0: les données publiées annoncent une clause sociale.",
            side=Side.OFFICER,
            since=min(today, max(day_of(contract.created_at), contract.notified_on or date.min)),
        )


# A first import brings hundreds: the oldest stand on the desk, the list of contracts filters the others.
MOST_CONTRACTS = 20


def last_messages(limit: int = 50) -> Sequence[Message]:
    """The last messages written, newest first."""
    return db.session.scalars(select(Message).order_by(Message.id.desc()).limit(limit)).all()
