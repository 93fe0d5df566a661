"""A person is entered; a facilitator decides whether the person counts."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from tracker.accounts.actions import write_journal
from tracker.participants.models import EligibilityDecision, Participant, ParticipantAccess
from tracker.participants.rules.decisions import DecisionFacts, Outcome, RsaStatus, objections_to_decision
from tracker.participants.rules.identity import IdentityDraft, objections_to_identity
from tracker.plumbing.database import db
from tracker.publics.rules import Edition
from tracker.vocabulary.dates import age_on
from tracker.vocabulary.objections import refuse_if_any
from tracker.vocabulary.words import sort_key


def add_participant(draft: IdentityDraft, structure_id: int, now: datetime, today: date) -> Participant:
    """Enters somebody in a structure's files; Refused when the identity is incomplete."""
    refuse_if_any(objections_to_identity(draft, today))
    participant = Participant(
        structure_id=structure_id,
        given_name=draft.given_name.strip(),
        family_name=draft.family_name.strip(),
        sort_key=sort_key(draft.family_name, draft.given_name),
        born_on=draft.born_on,
        sex=draft.sex,
        commune_code=draft.commune_code,
        level=draft.level,
        last_event_on=today,
        created_at=now,
    )
    db.session.add(participant)
    db.session.flush()
    write_journal("participant_entered", "participant", participant.id)
    return participant


def give_access(participant_id: int, organisation_id: int) -> None:
    """Lets an organisation read somebody's name; as often as one likes."""
    row = {"participant_id": participant_id, "organisation_id": organisation_id}
    db.session.execute(insert(ParticipantAccess).values(row).on_conflict_do_nothing())


def decide(
    participant: Participant, facts: DecisionFacts, edition: Edition, person_id: int, now: datetime, today: date
) -> EligibilityDecision:
    """Writes a facilitator's decision with the person's status as it stands today; Refused when the rules object."""
    refuse_if_any(objections_to_decision(facts, edition, today))
    is_granted = facts.outcome is Outcome.GRANTED
    day = facts.decided_on or today
    decision = EligibilityDecision(
        participant=participant,
        edition_code=edition.code,
        outcome=facts.outcome,
        **(_grounds_of(facts) if is_granted else {"rsa_status": RsaStatus.NONE}),
        reason=facts.reason.strip(),
        frozen=_frozen(participant, day),
        decided_on=day,
        decided_by_id=person_id,
        decided_at=now,
    )
    db.session.add(decision)
    db.session.flush()
    participant.last_event_on = today
    verb = "eligibility_granted" if is_granted else "eligibility_refused"
    write_journal(verb, "participant", participant.id, decision=decision.id, edition=edition.code)
    return decision


def _grounds_of(facts: DecisionFacts) -> dict[str, Any]:
    return {
        "main_category": facts.main_category,
        "other_categories": list(facts.other_categories),
        "rsa_status": facts.rsa_status,
        "proof_kind": facts.proof_kind.value if facts.proof_kind else "",
        "proof_seen_on": facts.proof_seen_on,
        "proof_seen_by": facts.proof_seen_by.strip(),
    }


def _frozen(participant: Participant, day: date) -> dict[str, Any]:
    """Age, commune, QPV and level as they stand; the QPV of a home is not known yet."""
    return {
        "age": age_on(participant.born_on, day),
        "commune": participant.commune_code,
        "qpv": None,
        "level": participant.level.value if participant.level else None,
    }
