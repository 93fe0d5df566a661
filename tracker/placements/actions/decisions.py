"""A facilitator decides a placement: a new eligibility decision, one that still runs, or a refusal."""

from collections.abc import Callable
from datetime import date

from tracker.accounts.actions import write_journal
from tracker.accounts.queries import journal_of, members_of
from tracker.accounts.rules import Role
from tracker.participants.actions import decide
from tracker.participants.models import EligibilityDecision
from tracker.participants.rules.decisions import DecisionFacts
from tracker.placements import queries
from tracker.placements.actions.approvals import give_paper
from tracker.placements.actions.sitting import Sitting
from tracker.placements.exchange import Mail, PlacementSaid, approval_mail, refusal_mail
from tracker.placements.models import Placement
from tracker.placements.rules import counts_until
from tracker.plumbing import outbox
from tracker.plumbing.database import db
from tracker.publics.rules import DEFAULT_EDITION, Edition, edition
from tracker.vocabulary.dates import format_day
from tracker.vocabulary.objections import Objection, Refused, Stale

NO_RUNNING = "La décision précédente ne court plus : prenez une nouvelle décision."


def edition_of(placement: Placement) -> Edition:
    """The list of publics of the placement's clause."""
    clause = placement.pledge.clause
    return edition(clause.edition_code if clause else DEFAULT_EDITION)


def grant(placement: Placement, facts: DecisionFacts, sitting: Sitting) -> None:
    """Decides that the person counts, and approves the placement from today; Refused, or Stale when decided already."""
    _hold(placement, sitting)
    terms = edition_of(placement)
    decision = decide(placement.participant, facts, terms, sitting.person_id, sitting.now, sitting.today)
    _approve(placement, decision, sitting)


def grant_again(placement: Placement, sitting: Sitting) -> None:
    """Approves the placement under a decision that still runs; Refused when none does, Stale when decided already."""
    _hold(placement, sitting)
    running = queries.running_decision(placement.participant_id, sitting.today)
    if running is None:
        raise Refused([Objection("no_running_decision", NO_RUNNING, "outcome")])
    _approve(placement, running, sitting)


def refuse(placement: Placement, facts: DecisionFacts, sitting: Sitting) -> None:
    """Refuses the placement, with a reason that the employer reads; Refused without one, Stale when decided already."""
    _hold(placement, sitting)
    terms = edition_of(placement)
    decision = decide(placement.participant, facts, terms, sitting.person_id, sitting.now, sitting.today)
    placement.refused_at, placement.refusal_reason = sitting.now, decision.reason
    db.session.flush()
    write_journal("placement_refused", "placement", placement.id)
    write_journal("placement_refused", "participant", placement.participant_id, placement=placement.id)
    _tell_employer(placement, sitting, lambda said: refusal_mail(sitting.head, said, placement.refusal_reason))


def _hold(placement: Placement, sitting: Sitting) -> None:
    """Waits for whoever else is deciding, then looks again."""
    db.session.refresh(placement, ["version_id", "approved_on", "refused_at"], with_for_update=True)
    if placement.version_id != sitting.version or placement.approved_on or placement.refused_at:
        raise Stale(_changed(placement))


def _changed(placement: Placement) -> str:
    latest = next(iter(journal_of(("placement", placement.id), limit=1)), None)
    who = latest.person.name if latest and latest.person else "Quelqu’un"
    if placement.approved_on:
        what = f"a donné son accord le {format_day(placement.approved_on)}"
    else:
        what = "a refusé la mise à l’emploi" if placement.refused_at else "a modifié la mise à l’emploi"
    return f"Pendant que vous décidiez, {who} {what}. Votre décision n’est pas enregistrée : relisez la page."


def _approve(placement: Placement, decision: EligibilityDecision, sitting: Sitting) -> None:
    placement.approved_on, placement.decision = sitting.today, decision
    db.session.flush()
    until = _counts_until(placement)
    paper = give_paper(placement, until, sitting)
    facts = {"approved_on": format_day(sitting.today), "number": paper.number}
    write_journal("placement_approved", "placement", placement.id, **facts)
    write_journal("placement_approved", "participant", placement.participant_id, placement=placement.id)
    told = (sitting.today, until, paper.number)
    _tell_employer(placement, sitting, lambda said: approval_mail(sitting.head, said, *told))


def _counts_until(placement: Placement) -> date | None:
    clause = placement.pledge.clause
    window = queries.windows_of([placement])[placement.id]
    return counts_until(window, queries.performance_on(clause) if clause else None, placement.ends_on)


def _tell_employer(placement: Placement, sitting: Sitting, mail_of: Callable[[PlacementSaid], Mail]) -> None:
    mail = mail_of(_said(placement))
    for member in members_of([placement.employer_id], Role.EMPLOYER, sitting.today):
        outbox.post(member.person.email, mail.subject, mail.body, ("placement", placement.id))


def _said(placement: Placement) -> PlacementSaid:
    clause = placement.pledge.clause
    contract = f"marché {clause.contract.number}, {clause.contract.title}" if clause else "engagement hors marché"
    work = f"{placement.contract_type.label}, {placement.means.label}"
    return PlacementSaid(placement.participant.name, placement.employer.name, contract, work, placement.starts_on)
