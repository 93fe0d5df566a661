"""The rules of the house, asked again over a sample of rows, as the pages ask them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from tracker.accounts.models import Organisation
from tracker.contracts.models import Clause, Contract, ContractParty
from tracker.contracts.queries.clauses import WITH_ITS_CONTRACT, events_of
from tracker.contracts.rules.clauses import ClauseDraft, Figures, objections_to_clause
from tracker.contracts.rules.means import Means
from tracker.contracts.rules.obligations import due_on
from tracker.hours.models import Declaration, LedgerEntry
from tracker.hours.queries.reviews import Review, ReviewLine, review_of
from tracker.hours.rules.counting import Part, verdict_on
from tracker.hours.rules.states import LineState
from tracker.participants.models import EligibilityDecision, Participant
from tracker.participants.rules.decisions import DecisionFacts, objections_to_decision
from tracker.participants.rules.identity import IdentityDraft, objections_to_identity
from tracker.placements.actions.proposals import doubts_about
from tracker.placements.models import Placement
from tracker.pledges.models import Pledge
from tracker.plumbing.database import db
from tracker.publics.rules import Proof, edition
from tracker.vocabulary.dates import age_on
from tracker.vocabulary.hours import ZERO
from tracker.vocabulary.identifiers import is_siret
from tracker.vocabulary.objections import Objection
from tracker.vocabulary.words import search_key, sort_key

T = TypeVar("T")
Faults = Iterator[str]


def faults_in(sample: int, today: date) -> Faults:
    """What the rules object to in so many rows of each kind, drawn always alike; nothing when all is well."""
    rng = Random(sample)
    for kind, check in _CHECKS.items():
        for row_id, fault in check(sample, today, rng):
            yield f"{kind} {row_id} : {fault}"


def _sampled(model: type[T], sample: int, rng: Random, *options: Any) -> Sequence[T]:
    """Rows near identifiers drawn at random: blocks leave gaps between theirs."""
    column: Any = model.id  # type: ignore[attr-defined]  # every sampled table has one
    last = db.session.scalar(select(func.max(column))) or 0
    if last <= sample:
        return db.session.scalars(select(model).options(*options).order_by(column)).unique().all()
    found: dict[int, T] = {}
    for _ in range(sample):
        near = select(model).options(*options).where(column >= rng.randint(1, last)).order_by(column).limit(1)
        row = db.session.scalars(near).unique().first()
        if row is not None:
            found[row.id] = row  # type: ignore[attr-defined]  # as above
    return list(found.values())


def _blocking(objections: Sequence[Objection]) -> Iterator[str]:
    return (one.text for one in objections if one.blocks)


Found = Iterator[tuple[int, str]]


def _organisations(sample: int, _today: date, rng: Random) -> Found:
    for one in _sampled(Organisation, sample, rng):
        if not is_siret(one.siret or ""):
            yield one.id, "SIRET faux"
        if one.sort_key != sort_key(one.name):
            yield one.id, "clé de tri"


def _contracts(sample: int, _today: date, rng: Random) -> Found:
    parties = joinedload(Contract.parties).joinedload(ContractParty.organisation)
    for one in _sampled(Contract, sample, rng, joinedload(Contract.buyer), parties):
        known_by = [word for it in (one.buyer, *(p.organisation for p in one.parties)) for word in (it.name, it.siret)]
        if one.search_text != search_key(one.number, one.lot, one.object, *known_by):
            yield one.id, "texte de recherche"
        if one.sort_key != sort_key(one.object):
            yield one.id, "clé de tri"


def _clauses(sample: int, _today: date, rng: Random) -> Found:
    for one in _sampled(Clause, sample, rng, *WITH_ITS_CONTRACT):
        due = due_on(events_of([one.id])[one.id], one.ends_on or date.max)
        draft = ClauseDraft(
            lever=one.lever,
            edition_code=one.edition_code,
            means=tuple(Means(means) for means in one.means),
            perimeter=one.perimeter,
            deposit_day=one.deposit_day,
            facilitator_id=one.facilitator_id,
            facilitator_contact=one.facilitator_contact,
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            figures=Figures(minimum=due),
        )
        for text in _blocking(objections_to_clause(draft, one.contract.ccag, one.contract.notified_on)):
            yield one.id, text


def _identities(sample: int, today: date, rng: Random) -> Found:
    for one in _sampled(Participant, sample, rng):
        draft = IdentityDraft(one.given_name, one.family_name, one.born_on, one.sex, one.commune_code, one.level)
        for text in _blocking(objections_to_identity(draft, today)):
            yield one.id, text
        if one.sort_key != sort_key(one.family_name, one.given_name):
            yield one.id, "clé de tri"


def _decisions(sample: int, _today: date, rng: Random) -> Found:
    for one in _sampled(EligibilityDecision, sample, rng, joinedload(EligibilityDecision.participant)):
        facts = DecisionFacts(
            outcome=one.outcome,
            born_on=one.participant.born_on,
            main_category=one.main_category,
            other_categories=tuple(one.other_categories),
            rsa_status=one.rsa_status,
            proof_kind=Proof(one.proof_kind) if one.proof_kind else None,
            proof_seen_on=one.proof_seen_on,
            proof_seen_by=one.proof_seen_by,
            reason=one.reason,
            decided_on=one.decided_on,
        )
        for text in _blocking(objections_to_decision(facts, edition(one.edition_code), one.decided_on)):
            yield one.id, text
        if one.frozen.get("age") != age_on(one.participant.born_on, one.decided_on):
            yield one.id, "âge figé"


def _placements(sample: int, _today: date, rng: Random) -> Found:
    clause = joinedload(Placement.pledge).joinedload(Pledge.clause).joinedload(Clause.contract)
    for one in _sampled(Placement, sample, rng, clause):
        for text in _blocking(doubts_about(one)):
            yield one.id, text


def _declarations(sample: int, _today: date, rng: Random) -> Found:
    """Each line of a declaration: no anomaly that blocks, and the ledger says what the rules say today."""
    for one in _sampled(Declaration, sample, rng):
        review = review_of(one)
        for line in (*review.lines, *review.decided):
            for flaw in _blocking(line.flaws):
                yield one.id, f"{line.person} : {flaw}"
        for text in _blocking(review.flaws):
            yield one.id, text
        accepted = [line for line in review.decided if line.line.state is LineState.ACCEPTED]
        booked = _entries_of([line.version.id for line in accepted])
        for line in accepted:
            entry, verdict = booked.get(line.version.id), verdict_on(_part(review, line))
            told = [reason.as_json() for reason in verdict.reasons]
            if entry is None or (entry.hours, entry.reasons) != (verdict.counted, told):
                yield one.id, f"{line.person} : le registre dit autre chose que les règles"


def _entries_of(version_ids: Sequence[int]) -> dict[int, LedgerEntry]:
    found = db.session.scalars(select(LedgerEntry).where(LedgerEntry.line_version_id.in_(version_ids)))
    return {entry.line_version_id: entry for entry in found}


def _part(review: Review, line: ReviewLine) -> Part:
    """The line as it stood when it was decided: nothing of it counted anywhere."""
    placement = line.placement
    return Part(
        accepted=Decimal(line.hours),
        first_day=line.line.from_on,
        last_day=line.line.to_on,
        approved_on=placement.approved_on,
        performance=review.performance,
        window=line.window,
        means=placement.means,
        means_allowed=review.declaration.clause.means,
        already_imputed=ZERO,
        is_internship=not placement.contract_type.counts_by_default,
    )


_CHECKS: dict[str, Callable[[int, date, Random], Found]] = {
    "organisme": _organisations,
    "marché": _contracts,
    "clause": _clauses,
    "participant": _identities,
    "décision": _decisions,
    "mise à l’emploi": _placements,
    "déclaration": _declarations,
}
