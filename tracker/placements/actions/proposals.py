"""An employer proposes somebody for a clause: identity and placement are judged together, and written together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.dialects.postgresql import insert

from tracker.accounts.actions import write_journal
from tracker.accounts.models import Organisation
from tracker.contracts.models import Clause, ClauseParty
from tracker.contracts.rules.levers import Capacity
from tracker.contracts.rules.means import Means
from tracker.participants.actions import add_participant, give_access
from tracker.participants.models import Participant
from tracker.participants.rules.identity import IdentityDraft, objections_to_identity
from tracker.placements import queries
from tracker.placements.models import Placement
from tracker.placements.rules import PlacementDraft, objections_to_placement
from tracker.pledges.models import Pledge
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Period, format_day
from tracker.vocabulary.objections import Objection, refuse_if_any

# A first day further away than this is a mistyped year.
FARTHEST = timedelta(days=10 * 366)
NO_PLEDGE = "Ce marché n’a pas encore de titulaire connu : sa clause ne porte aucun engagement."
WHICH_HOLDER = "Choisissez le titulaire pour qui cette personne travaille."
WRONG_YEAR = "Cette date est à plus de dix ans d’aujourd’hui. Vérifiez l’année."

NOBODY = IdentityDraft()


@dataclass(frozen=True)
class Proposal:
    """Whom an employer proposes, for what work, on which clause.

    `participant` is somebody known already, None for the person of `identity`; `holder` the pledge chosen on the page
    when the employer made none and several stand; `unclear` what could not be understood of the page.
    """

    clause: Clause
    employer: Organisation | None
    pledges: Sequence[Pledge]
    work: PlacementDraft
    job: str = ""
    identity: IdentityDraft = NOBODY
    participant: Participant | None = None
    holder: Pledge | None = None
    unclear: Sequence[Objection] = ()

    @property
    def pledge(self) -> Pledge | None:
        """The employer's own; else that of the only holder, or of the one chosen."""
        own = [one for one in self.pledges if self.employer and one.organisation_id == self.employer.id]
        only = list(self.pledges) if len(self.pledges) == 1 else []
        return next(iter([*own, *only]), self.holder)


def objections_to_proposal(proposal: Proposal, today: date) -> list[Objection]:
    """Everything wrong in the identity, the work and the pledge, at once."""
    identity = [] if proposal.participant else objections_to_identity(proposal.identity, today)
    return [*proposal.unclear, *identity, *_work_objections(proposal, today), *_pledge_objections(proposal)]


def _work_objections(proposal: Proposal, today: date) -> Iterator[Objection]:
    work, clause = proposal.work, proposal.clause
    wrong = [name for name in ("starts_on", "ends_on") if _is_far(getattr(work, name), today)]
    yield from (Objection("year_mistyped", WRONG_YEAR, name) for name in wrong)
    # The figures of law of such a day may not be known: the rest is judged as of today.
    if "starts_on" in wrong:
        work = replace(work, starts_on=today)
    if wrong:
        work = replace(work, ends_on=None)
    allowed = [Means(means) for means in clause.means]
    yield from objections_to_placement(work, queries.performance_on(clause), allowed)
    yield from _twice(proposal, work)


def _is_far(day: date | None, today: date) -> bool:
    return day is not None and abs(day - today) > FARTHEST


def _twice(proposal: Proposal, work: PlacementDraft) -> Iterator[Objection]:
    pledge, person, employer = proposal.pledge, proposal.participant, proposal.employer
    if not (pledge and person and employer and work.starts_on) or (work.ends_on and work.ends_on < work.starts_on):
        return
    found = queries.overlapping(person.id, pledge.id, employer.id, Period(work.starts_on, work.ends_on))
    if found:
        said = Period(found.starts_on, found.ends_on).in_french
        text = f"{person.name} est déjà à l’emploi sur cette clause {said}. Vérifiez les dates."
        yield Objection("placed_twice", text, "starts_on")


def _pledge_objections(proposal: Proposal) -> Iterator[Objection]:
    if not proposal.pledges:
        yield Objection("no_pledge", NO_PLEDGE)
    elif proposal.pledge is None and proposal.employer:
        yield Objection("holder_missing", WHICH_HOLDER, "holder")


def doubts_about(placement: Placement) -> list[Objection]:
    """What a placement as written still lacks, or what makes its hours doubtful."""
    clause = placement.pledge.clause
    work = PlacementDraft(
        contract_type=placement.contract_type,
        means=placement.means,
        starts_on=placement.starts_on,
        ends_on=placement.ends_on,
        weekly_hours=placement.weekly_hours,
        site=placement.site,
        tutor=placement.tutor,
    )
    if clause is None:
        return objections_to_placement(work)
    return objections_to_placement(work, queries.performance_on(clause), [Means(one) for one in clause.means])


def propose_placement(proposal: Proposal, now: datetime, today: date) -> Placement:
    """Writes the person when new, who may read the name, and the placement, which waits for a decision.

    Raises Refused with every objection at once.
    """
    refuse_if_any(objections_to_proposal(proposal, today))
    pledge, employer, clause = proposal.pledge, proposal.employer, proposal.clause
    if pledge is None or employer is None:
        raise ValueError("a proposal without objection has a pledge and an employer")
    person = proposal.participant or add_participant(proposal.identity, clause.structure_id, now, today)
    give_access(person.id, employer.id)
    _join_clause(clause, employer.id)
    placement = _written(proposal, pledge, person, employer, now)
    person.last_event_on = today
    starts_on = format_day(placement.starts_on)
    write_journal("placement_proposed", "placement", placement.id, starts_on=starts_on)
    write_journal("placement_proposed", "participant", person.id, placement=placement.id)
    write_journal("placement_proposed", "clause", clause.id, placement=placement.id)
    return placement


def _join_clause(clause: Clause, employer_id: int) -> None:
    if queries.is_party(clause, employer_id):
        return
    row = {"clause_id": clause.id, "organisation_id": employer_id, "capacity": Capacity.EMPLOYER}
    db.session.execute(insert(ClauseParty).values(row).on_conflict_do_nothing())
    write_journal("employer_joined", "clause", clause.id, employer=employer_id)


def _written(
    proposal: Proposal, pledge: Pledge, person: Participant, employer: Organisation, now: datetime
) -> Placement:
    work = proposal.work
    placement = Placement(
        pledge=pledge,
        participant=person,
        employer=employer,
        contract_type=work.contract_type,
        means=work.means,
        job=proposal.job,
        weekly_hours=work.weekly_hours,
        site=work.site,
        tutor=work.tutor,
        starts_on=work.starts_on,
        ends_on=work.ends_on,
        proposed_at=now,
    )
    db.session.add(placement)
    db.session.flush()
    return placement
