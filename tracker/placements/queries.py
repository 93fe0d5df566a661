"""Who is placed with whom, in the eyes of a viewer; and the days in which the hours of a placement count."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    SQLColumnExpression,
    any_,
    false,
    func,
    literal,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.orm import contains_eager, defaultload, joinedload

from tracker.accounts.models import Organisation
from tracker.accounts.queries import Viewer, within
from tracker.accounts.rules import Role, Subject
from tracker.contracts.models import Clause, ClauseParty, Contract, ContractParty
from tracker.contracts.rules.performance import performance_of
from tracker.participants.models import EligibilityDecision, Participant, ParticipantAccess
from tracker.participants.queries import named, people_known_to
from tracker.participants.rules.decisions import Outcome
from tracker.placements.models import Placement, PlacementChange
from tracker.placements.rules import window_of
from tracker.pledges.models import Pledge
from tracker.plumbing.database import db
from tracker.plumbing.lists import Asked, Listing, Order, Page, page_of
from tracker.publics.rules import edition
from tracker.vocabulary.dates import Month, Period

WAITING = Placement.approved_on.is_(None) & Placement.refused_at.is_(None)


class Stage(StrEnum):
    """Where a placement stands, for the filter of the list."""

    WAITING = "a-l-etude"
    RUNNING = "en-cours"
    ENDED = "terminees"
    REFUSED = "refusees"

    @property
    def label(self) -> str:
        return {
            Stage.WAITING: "À l’étude",
            Stage.RUNNING: "En cours",
            Stage.ENDED: "Terminées",
            Stage.REFUSED: "Refusées",
        }[self]


STAGES = {stage.value: stage.label for stage in Stage}
LISTING = Listing(
    filters=("etat",),
    orders=(
        Order("nom", "Par nom", (Participant.sort_key, Placement.id)),
        Order("recent", "Les dernières d’abord", (Placement.starts_on.desc(), Placement.id.desc())),
    ),
)


def visible_placements(viewer: Viewer) -> Select[Placement]:
    """The placements whose names the viewer may read, with all that a row says of them, joined."""
    return _with_their_world(select(Placement).where(_seen_by(viewer), _under(viewer.subject)))


def _under(subject: Subject | None) -> ColumnElement[bool]:
    # Whoever a link let in reads the names under its clause alone; the pledge is joined by whoever asks.
    return within(subject, clause=Pledge.clause_id, pledge=Pledge.id)


def _seen_by(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.role is Role.ADMINISTRATOR:
        return true()
    if viewer.role is Role.FACILITATOR:
        return Pledge.structure_id == viewer.organisation_id
    if viewer.role is Role.EMPLOYER:
        return Placement.employer_id == viewer.organisation_id
    if viewer.role is Role.PRESCRIBER:
        return Placement.participant_id.in_(
            select(ParticipantAccess.participant_id).where(ParticipantAccess.organisation_id == viewer.organisation_id)
        )
    return false()


def _with_their_world(found: Select[Placement]) -> Select[Placement]:
    """Joined by name, so that conditions and orders may speak of them; loaded with the placement."""
    pledge = contains_eager(Placement.pledge)
    contract = pledge.contains_eager(Pledge.clause).contains_eager(Clause.contract)
    return (
        found.join(Placement.pledge)
        .join(Placement.participant)
        .outerjoin(Pledge.clause)
        .outerjoin(Clause.contract)
        .options(
            contains_eager(Placement.participant),
            pledge.joinedload(Pledge.organisation),
            contract.joinedload(Contract.buyer),
            joinedload(Placement.employer),
            joinedload(Placement.decision),
        )
    )


def placement_seen_by(viewer: Viewer, public_id: str) -> Placement | None:
    """The placement of this address when the viewer may read it."""
    found = visible_placements(viewer).where(Placement.public_id == public_id)
    return db.session.scalar(found.options(defaultload(Placement.pledge).joinedload(Pledge.structure)))


def waiting_placements(viewer: Viewer) -> Sequence[Placement]:
    """What waits for a facilitator's decision, oldest first."""
    return db.session.scalars(
        visible_placements(viewer).where(WAITING).order_by(Placement.proposed_at, Placement.id)
    ).all()


def _at(stage: Stage, today: date) -> ColumnElement[bool]:
    has_ended = func.coalesce(Placement.ends_on < today, false())
    return {
        Stage.WAITING: WAITING,
        Stage.RUNNING: Placement.approved_on.is_not(None) & ~has_ended,
        Stage.ENDED: Placement.approved_on.is_not(None) & has_ended,
        Stage.REFUSED: Placement.refused_at.is_not(None),
    }[stage]


def placements_listed(viewer: Viewer, asked: Asked, today: date) -> Page[Placement]:
    """The page of the viewer's placements that is asked; in two statements."""
    found = visible_placements(viewer).where(*named(asked.query))
    stage = asked.get("etat")
    page = page_of(found.where(_at(Stage(stage), today)) if stage in STAGES else found, LISTING, asked)
    return replace(page, rows=[row[0] for row in page.rows])


def placements_of(pledge_ids: Collection[int]) -> dict[int, list[Placement]]:
    """Every placement under each pledge, by day of start; a pledge without any has an empty list."""
    found: dict[int, list[Placement]] = {pledge_id: [] for pledge_id in pledge_ids}
    wanted = _with_their_world(select(Placement)).where(_is_one_of(Placement.pledge_id, found))
    for placement in db.session.scalars(wanted.order_by(Placement.starts_on, Placement.id)):
        found[placement.pledge_id].append(placement)
    return found


def work_of(viewer: Viewer, participant_id: int) -> Sequence[Placement]:
    """Somebody's placements that the viewer may see, newest first."""
    wanted = visible_placements(viewer).where(Placement.participant_id == participant_id)
    return db.session.scalars(wanted.order_by(Placement.starts_on.desc(), Placement.id.desc())).all()


def changes_of(placement_id: int) -> Sequence[PlacementChange]:
    """How a placement's end moved, oldest first."""
    wanted = select(PlacementChange).where(PlacementChange.placement_id == placement_id)
    return db.session.scalars(wanted.order_by(PlacementChange.id)).all()


def people_to_propose(viewer: Viewer, structure_id: int) -> Sequence[Participant]:
    """The people whom an employer may name to this structure; by a link, those it placed under its subject alone."""
    placed = select(Placement.participant_id).join(Placement.pledge).where(_seen_by(viewer), _under(viewer.subject))
    return people_known_to(viewer.organisation_id, structure_id, among=placed if viewer.subject else None)


def overlapping(participant_id: int, pledge_id: int, employer_id: int, work: Period) -> Placement | None:
    """A placement of the same person, pledge and employer that shares a day with this work, and was not refused."""
    same = select(Placement).where(
        Placement.participant_id == participant_id,
        Placement.pledge_id == pledge_id,
        Placement.employer_id == employer_id,
        Placement.refused_at.is_(None),
        or_(Placement.ends_on.is_(None), Placement.ends_on >= work.first),
    )
    if work.last is not None:
        same = same.where(Placement.starts_on <= work.last)
    return db.session.scalar(same.order_by(Placement.id).limit(1))


def employers_around(clause: Clause) -> Sequence[Organisation]:
    """Who may employ under a clause as far as it is known: pledged, party to the contract, or already employing."""
    known = (
        select(Pledge.organisation_id).where(Pledge.clause_id == clause.id),
        select(ContractParty.organisation_id).where(ContractParty.contract_id == clause.contract_id),
        select(ClauseParty.organisation_id).where(ClauseParty.clause_id == clause.id),
    )
    return db.session.scalars(
        select(Organisation).where(Organisation.id.in_(union(*known))).order_by(Organisation.sort_key, Organisation.id)
    ).all()


def is_party(clause: Clause, organisation_id: int) -> bool:
    """Whether an organisation stands on the clause's contract, or on the clause itself."""
    on_contract = select(ContractParty.id).where(
        ContractParty.contract_id == clause.contract_id, ContractParty.organisation_id == organisation_id
    )
    on_clause = select(ClauseParty.id).where(
        ClauseParty.clause_id == clause.id, ClauseParty.organisation_id == organisation_id
    )
    return bool(db.session.scalar(select(or_(on_contract.exists(), on_clause.exists()))))


def running_decision(participant_id: int, today: date) -> EligibilityDecision | None:
    """The latest decision that still lets somebody's hours count today, whoever the employer was.

    The extension of a permanent contract does not go with the person: the common window is looked at.
    """
    granted = db.session.scalar(
        select(EligibilityDecision)
        .where(EligibilityDecision.participant_id == participant_id, EligibilityDecision.outcome == Outcome.GRANTED)
        .order_by(EligibilityDecision.id.desc())
        .limit(1)
    )
    if granted is None:
        return None
    worked = db.session.scalars(select(Placement).where(Placement.decision_id == granted.id)).all()
    first = min((max(one.starts_on, granted.decided_on) for one in worked), default=granted.decided_on)
    terms = edition(granted.edition_code)
    lasts = [window_of(first, one.contract_type, None, terms, one.ends_on).last for one in worked]
    return granted if any(last is None or last >= today for last in lasts) else None


def placements_to_declare(employer_id: int, month: Month, subject: Subject | None = None) -> Sequence[Placement]:
    """The placements whose hours this employer declares for that month, by contract, clause, then name.

    Under a link's `subject` alone, when there is one.

    Approved or still waiting (hours before the approval are recorded and count for nothing), never refused. In one
    statement: participant, pledge, holder, clause, contract, buyer and decision come with each.
    """
    return db.session.scalars(
        _with_their_world(select(Placement))
        .where(
            Placement.employer_id == employer_id,
            _under(subject),
            Placement.refused_at.is_(None),
            Placement.starts_on <= month.last_day,
            or_(Placement.ends_on.is_(None), Placement.ends_on >= month.first_day),
        )
        .order_by(Contract.sort_key, Contract.id, Clause.id, Participant.sort_key, Placement.id)
    ).all()


def performance_on(clause: Clause) -> Period | None:
    """The days of performance of the clause's contract, None while they are not set."""
    return performance_of(clause.contract.notified_on, clause.starts_on, clause.ends_on)


def windows_of(placements: Iterable[Placement]) -> dict[int, Period | None]:
    """The days in which hours count, by placement; None while no decision bears it. One statement.

    The window opens on the first day worked under the decision, whoever the employer was: the earliest of its
    placements' first days, none before its approval.
    """
    wanted = {placement.id: placement for placement in placements}
    decided = {key: one for key, one in wanted.items() if one.decision_id is not None}
    if not decided:
        return dict.fromkeys(wanted)
    first_days = _first_days({one.decision_id for one in decided.values() if one.decision_id})
    return {key: _window(one, first_days) if key in decided else None for key, one in wanted.items()}


def _window(one: Placement, first_days: dict[int, date]) -> Period | None:
    # Decision, clause and contract came with the placement: nothing is asked here.
    if one.decision_id is None or one.decision is None:
        return None
    clause = one.pledge.clause
    ends_on = (clause.ends_on or clause.contract.ends_on) if clause else None
    terms = edition(one.decision.edition_code)
    return window_of(first_days[one.decision_id], one.contract_type, ends_on, terms, one.ends_on)


def _first_days(decision_ids: Collection[int]) -> dict[int, date]:
    first = func.min(func.greatest(Placement.starts_on, Placement.approved_on))
    rows = db.session.execute(
        select(Placement.decision_id, first)
        .where(_is_one_of(Placement.decision_id, decision_ids))
        .group_by(Placement.decision_id)
    )
    return {decision_id: day for decision_id, day in rows if decision_id is not None}


def _is_one_of(column: SQLColumnExpression[Any], ids: Collection[int]) -> ColumnElement[bool]:
    # One array instead of one parameter each: PostgreSQL takes 65 535 of them at most.
    return column == any_(literal(list(ids), ARRAY(Integer)))
