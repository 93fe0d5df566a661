"""A person is entered, and put right; a facilitator decides whether the person counts."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from tracker.accounts.actions import write_journal
from tracker.accounts.models import JournalEntry
from tracker.accounts.rules import verb_in_french
from tracker.participants import queries
from tracker.participants.models import EligibilityDecision, IdentityVersion, Participant, ParticipantAccess
from tracker.participants.rules.decisions import DecisionFacts, Outcome, RsaStatus, objections_to_decision
from tracker.participants.rules.identity import (
    IDENTITY_FIELDS,
    IdentityDraft,
    changed_fields,
    fields_in_french,
    objections_to_identity,
)
from tracker.plumbing import sessions
from tracker.plumbing.database import db
from tracker.plumbing.formats import french_moment
from tracker.publics.rules import Edition
from tracker.vocabulary.dates import age_on
from tracker.vocabulary.objections import Stale, refuse_if_any
from tracker.vocabulary.words import sort_key


def add_participant(draft: IdentityDraft, structure_id: int, now: datetime, today: date) -> Participant:
    """Enters somebody in a structure's files, as a first version; Refused when the identity is incomplete."""
    refuse_if_any(objections_to_identity(draft, today))
    identity = draft.tidied()
    participant = Participant(
        structure_id=structure_id,
        sort_key=sort_key(identity.family_name, identity.given_name),
        last_event_on=today,
        created_at=now,
        **_values_of(identity),
    )
    db.session.add(participant)
    db.session.flush()
    _record_version(participant.id, identity, sessions.acting().person_id, now)
    write_journal("participant_entered", "participant", participant.id)
    return participant


def correct_identity(
    participant: Participant, draft: IdentityDraft, seen_version: int, person_id: int, now: datetime, today: date
) -> tuple[str, ...]:
    """Writes the next version of an identity; gives the names of the fields that changed, none when nothing did.

    Refused with every objection at once; Stale, saying who changed what and when, once the person's file is no longer
    at `seen_version`. What earlier decisions froze stays as it is.
    """
    _hold(participant, seen_version)
    refuse_if_any(objections_to_identity(draft, today))
    identity = draft.tidied()
    changed = changed_fields(participant.identity, identity)
    if not changed:
        return ()
    for name in changed:
        setattr(participant, name, getattr(identity, name))
    participant.sort_key = sort_key(identity.family_name, identity.given_name)
    _record_version(participant.id, identity, person_id, now)
    db.session.flush()
    # The values live in the version, which is erased one day; the journal is not.
    facts = {"fields": list(changed), "version": participant.version_id}
    write_journal("identity_corrected", "participant", participant.id, **facts)
    return changed


def _hold(participant: Participant, seen_version: int) -> None:
    """Waits for whoever else is writing in this file, then looks again."""
    db.session.refresh(participant, with_for_update=True)
    if participant.version_id != seen_version:
        raise Stale(_what_changed(queries.last_change_of(participant.id, seen_version)))


def _what_changed(entry: JournalEntry | None) -> str:
    if entry is None:
        return "Quelqu’un a modifié ce dossier."
    who = entry.person.name if entry.person else "Quelqu’un"
    if entry.verb == queries.CORRECTED:
        what = f"a corrigé {fields_in_french(entry.facts['fields'])}"
    else:
        what = f"a agi sur ce dossier ({verb_in_french(entry.verb).lower()})"
    return f"{who} {what} le {french_moment(entry.at)}."


def _record_version(participant_id: int, identity: IdentityDraft, person_id: int | None, now: datetime) -> None:
    version = IdentityVersion(
        participant_id=participant_id,
        number=queries.last_number_of(participant_id) + 1,
        recorded_at=now,
        recorded_by_id=person_id,
        **_values_of(identity),
    )
    db.session.add(version)


def _values_of(identity: IdentityDraft) -> dict[str, Any]:
    return {name: getattr(identity, name) for name in IDENTITY_FIELDS}


def purge_identity_versions(participant: Participant) -> None:
    """Erases every version of somebody's identity, for good; the journal, which holds no value, stays whole."""
    db.session.execute(delete(IdentityVersion).where(IdentityVersion.participant_id == participant.id))
    write_journal("identity_versions_purged", "participant", participant.id)


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
