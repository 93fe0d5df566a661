"""A facilitator decides a declaration line by line; what is accepted is counted by the rules and booked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select, update

from tracker.accounts.actions import write_journal
from tracker.accounts.queries import members_of
from tracker.accounts.rules import Role
from tracker.contracts.models import Clause
from tracker.hours.exchange import DecidedLine, decision_mail
from tracker.hours.models import Declaration, HoursLine, HoursLineVersion, LedgerEntry
from tracker.hours.queries.ledger import training_counted
from tracker.hours.queries.reviews import Review, ReviewLine, last_decision_on
from tracker.hours.rules.counting import Part, TrainingRule, Verdict, verdict_on
from tracker.hours.rules.decisions import (
    LineDecision,
    Ruling,
    StandingLine,
    objections_to_decisions,
    standing_of,
)
from tracker.hours.rules.notes import days_in_french
from tracker.hours.rules.sentences import of_month
from tracker.hours.rules.states import DeclarationState, LineState
from tracker.placements.rules import Means
from tracker.plumbing import outbox
from tracker.plumbing.bulk import insert_many, update_many
from tracker.plumbing.database import db
from tracker.plumbing.formats import day_of
from tracker.vocabulary.hours import ZERO, format_hours, total
from tracker.vocabulary.objections import Stale, refuse_if_any


@dataclass(frozen=True)
class _Decided:
    """A line, its decision, and its verdict when it was accepted."""

    line: ReviewLine
    outcome: LineState
    reason: str
    verdict: Verdict | None = None

    @property
    def accepted(self) -> Decimal:
        return self.line.hours if self.outcome is LineState.ACCEPTED else ZERO


def decide_declaration(
    review: Review,
    decisions: Mapping[str, LineDecision],
    seen_version: int,
    person_id: int | None,
    now: datetime,
    address: str,
) -> None:
    """Decides every waiting line of a declaration, books what counts, and tells the employer the reasons as written.

    `decisions` by key of line; `seen_version` is the declaration's as the page showed it; `address` the page the
    message leads to. Refused when a line has no decision or a reason is owed; Stale, saying who decided what, when
    another came first.
    """
    declaration = review.declaration
    _lock(review, seen_version)
    keys = [line.key for line in review.lines]
    refuse_if_any(objections_to_decisions(decisions, keys, review.blocked))
    decided = [_Decided(line, *_outcome(decisions[line.key])) for line in review.lines]
    decided = _with_verdicts(review, decided)
    _write_outcomes(decided, person_id, now)
    _book(declaration, decided, person_id, now)
    standing = [StandingLine(one.outcome, was_sent=True) for one in decided]
    standing += [StandingLine(one.line.state, was_sent=True) for one in review.decided]
    declaration.state, declaration.decided_at = standing_of(standing), now
    _tell_journal(declaration, decided)
    db.session.flush()
    _tell_employer(declaration, decided, now, address)


def _outcome(decision: LineDecision) -> tuple[LineState, str]:
    ruling = decision.ruling or Ruling.RETURN
    return ruling.outcome, decision.reason


def _lock(review: Review, seen_version: int) -> None:
    """Takes the declaration for this transaction; Stale when it is no longer what was read."""
    found = db.session.scalars(
        select(Declaration)
        .where(Declaration.id == review.declaration.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if found.version_id == seen_version == review.version and found.state is DeclarationState.SUBMITTED:
        return
    raise Stale(_what_changed(found))


def _what_changed(declaration: Declaration) -> str:
    if declaration.state is DeclarationState.SUBMITTED:
        return f"{declaration.employer.name} a transmis une nouvelle version pendant que vous travailliez."
    said = last_decision_on(declaration.id)
    return said or f"Cette déclaration est maintenant « {declaration.state.label} »."


def _with_verdicts(review: Review, decided: Sequence[_Decided]) -> list[_Decided]:
    """The decided lines, each accepted one with what counts of it; training takes from what remains under the cap."""
    clause = review.declaration.clause
    left = _training_left(clause, decided)
    found = []
    for one in decided:
        if one.outcome is LineState.ACCEPTED:
            verdict = verdict_on(_part(review, one.line, left))
            if one.line.placement.means is Means.TRAINING:
                left = max(ZERO, left - verdict.counted)
            found.append(_Decided(one.line, one.outcome, one.reason, verdict))
        else:
            found.append(one)
    return found


def _training_left(clause: Clause, decided: Sequence[_Decided]) -> Decimal:
    """What the clause still takes of training; the clause is locked, or two declarations could share the same rest."""
    cap = clause.training_cap_hours
    if cap is None or not any(one.line.placement.means is Means.TRAINING for one in decided):
        return ZERO
    db.session.execute(select(Clause.id).where(Clause.id == clause.id).with_for_update())
    return max(ZERO, cap - training_counted(clause.id))


def _part(review: Review, line: ReviewLine, training_left: Decimal) -> Part:
    clause, placement = review.declaration.clause, line.placement
    return Part(
        accepted=line.hours,
        first_day=line.line.from_on,
        last_day=line.line.to_on,
        approved_on=placement.approved_on,
        performance=review.performance,
        window=line.window,
        means=placement.means,
        means_allowed=clause.means,
        already_imputed=line.line.imputed_hours,
        training=TrainingRule.NONE if clause.training_cap_hours is None else TrainingRule.CAP,
        training_left=training_left,
        is_internship=not placement.contract_type.counts_by_default,
    )


def _write_outcomes(decided: Sequence[_Decided], person_id: int | None, now: datetime) -> None:
    db.session.execute(
        update(HoursLineVersion),
        [
            {
                "id": one.line.version.id,
                "outcome": one.outcome,
                "reason": one.reason,
                "decided_at": now,
                "decided_by_id": person_id,
            }
            for one in decided
        ],
    )
    # At once: the year of each placement is summed again once, and the placements are locked in one order.
    update_many(
        HoursLine,
        [{"id": one.line.line.id, "state": one.outcome, "accepted_hours": one.accepted} for one in decided],
    )


def _book(declaration: Declaration, decided: Sequence[_Decided], person_id: int | None, now: datetime) -> None:
    rows = [
        {
            "line_id": one.line.line.id,
            "line_version_id": one.line.version.id,
            "pledge_id": one.line.placement.pledge_id,
            "clause_id": declaration.clause_id,
            "participant_id": one.line.placement.participant_id,
            "decision_id": one.line.placement.decision_id,
            "kind": "count",
            "month": declaration.month.first_day,
            "hours": one.verdict.counted,
            "reasons": [reason.as_json() for reason in one.verdict.reasons],
            "rule_version": one.verdict.rule_version,
            "booked_at": now,
            "booked_by_id": person_id,
        }
        for one in decided
        if one.verdict
    ]
    insert_many(LedgerEntry, rows)


def _tell_journal(declaration: Declaration, decided: Sequence[_Decided]) -> None:
    write_journal(
        "declaration_decided",
        "declaration",
        declaration.id,
        month=str(declaration.month),
        accepted=str(total(one.accepted for one in decided)),
        counted=str(total(one.verdict.counted for one in decided if one.verdict)),
        returned=sum(one.outcome is LineState.RETURNED for one in decided),
        refused=sum(one.outcome is LineState.REFUSED for one in decided),
    )


def _tell_employer(declaration: Declaration, decided: Sequence[_Decided], now: datetime, address: str) -> None:
    """One message to whoever sent the month, to every member when nobody in particular did."""
    mail = decision_mail(
        declaration.clause.contract.title,
        f"{of_month(declaration.month)} {declaration.month.year}",
        [_told(one) for one in decided],
        address,
        declaration.clause.structure.name,
    )
    for recipient in _recipients(declaration, now):
        outbox.post(recipient, mail.subject, mail.body, ("declaration", declaration.id))


def _recipients(declaration: Declaration, now: datetime) -> Iterator[str]:
    if declaration.submitted_by:
        yield declaration.submitted_by.email
        return
    for membership in members_of([declaration.employer_id], Role.EMPLOYER, day_of(now)):
        yield membership.person.email


def _told(one: _Decided) -> DecidedLine:
    hours = format_hours(one.line.hours) if one.line.hours else "aucune heure"
    return DecidedLine(one.line.person, days_in_french(one.line.days), hours, one.outcome.label, one.reason)
