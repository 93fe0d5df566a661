"""Who is known, to whom; what was decided of somebody; which commune a text names."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, Select, false, func, select, true
from sqlalchemy.orm import joinedload

from tracker.accounts.models import JournalEntry
from tracker.accounts.queries import Viewer, journal_of, within
from tracker.accounts.rules import Role
from tracker.participants.models import EligibilityDecision, IdentityVersion, Participant, ParticipantAccess
from tracker.participants.rules.identity import IdentityDraft
from tracker.plumbing.database import db
from tracker.plumbing.lists import Asked, Listing, Order, Page, page_of
from tracker.reference.queries import any_commune, find_communes
from tracker.reference.rules import read_commune
from tracker.vocabulary.objections import Objection
from tracker.vocabulary.words import search_key, sort_key

LISTING = Listing(
    filters=(),
    orders=(
        Order("nom", "Par nom", (Participant.sort_key, Participant.id)),
        Order("recent", "Les derniers entrés d’abord", (Participant.created_at.desc(), Participant.id.desc())),
    ),
)
CORRECTED = "identity_corrected"
# More communes of one name than this are not worth reading.
COMMUNES_SAID = 8
UNKNOWN_COMMUNE = "Aucune commune ne porte ce nom ou ce code. Écrivez le nom de la commune, ou son code postal."
NO_LIST = "Écrivez le code INSEE de la commune, par exemple 37261 : la liste des communes manque sur ce site."


def visible_participants(viewer: Viewer) -> Select[Participant]:
    """The people whose names the viewer may read; a file gathers every contract, so that no link opens any."""
    return select(Participant).where(_seen_by(viewer), within(viewer.subject))


def _seen_by(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.role is Role.ADMINISTRATOR:
        return true()
    if viewer.role is Role.FACILITATOR:
        return Participant.structure_id == viewer.organisation_id
    if viewer.role in (Role.EMPLOYER, Role.PRESCRIBER):
        return Participant.id.in_(_open_to(viewer.organisation_id))
    return false()


def _open_to(organisation_id: int) -> Select[int]:
    return select(ParticipantAccess.participant_id).where(ParticipantAccess.organisation_id == organisation_id)


def participant_seen_by(viewer: Viewer, public_id: str) -> Participant | None:
    """The person of this address when the viewer may read the name."""
    return db.session.scalar(visible_participants(viewer).where(Participant.public_id == public_id))


def named(text: str) -> list[ColumnElement[bool]]:
    """Conditions of a search by name: each word somewhere in it, accents and case ignored."""
    return [Participant.sort_key.contains(word, autoescape=True) for word in search_key(text).split()]


def participants_listed(viewer: Viewer, asked: Asked) -> Page[Participant]:
    """The page of people that is asked; in two statements."""
    page = page_of(visible_participants(viewer).where(*named(asked.query)), LISTING, asked)
    return replace(page, rows=[row[0] for row in page.rows])


def people_known_to(organisation_id: int, structure_id: int, among: Select[int] | None = None) -> Sequence[Participant]:
    """The people an organisation may name to this structure, by name; `among` those of these ids, when it is given."""
    known = select(Participant).where(
        Participant.id.in_(_open_to(organisation_id)), Participant.structure_id == structure_id
    )
    if among is not None:
        known = known.where(Participant.id.in_(among))
    return db.session.scalars(known.order_by(Participant.sort_key, Participant.id)).all()


def near_duplicates(structure_id: int, draft: IdentityDraft) -> Sequence[Participant]:
    """People of the structure born that day with a name in common; never to be shown to an employer."""
    words = set(sort_key(draft.family_name, draft.given_name).split())
    if draft.born_on is None or not words:
        return []
    same_day = select(Participant).where(Participant.structure_id == structure_id, Participant.born_on == draft.born_on)
    found = db.session.scalars(same_day.order_by(Participant.sort_key, Participant.id))
    return [person for person in found if words & set(person.sort_key.split())]


def decisions_of(participant_id: int) -> Sequence[EligibilityDecision]:
    """What was decided of somebody, newest first."""
    return db.session.scalars(
        select(EligibilityDecision)
        .options(joinedload(EligibilityDecision.decided_by))
        .where(EligibilityDecision.participant_id == participant_id)
        .order_by(EligibilityDecision.id.desc())
    ).all()


def versions_of(participant_id: int) -> Sequence[IdentityVersion]:
    """The identities of somebody, the present one first, and who recorded each; none once they were erased."""
    return db.session.scalars(
        select(IdentityVersion)
        .options(joinedload(IdentityVersion.recorded_by))
        .where(IdentityVersion.participant_id == participant_id)
        .order_by(IdentityVersion.number.desc())
    ).all()


def last_number_of(participant_id: int) -> int:
    """The number of somebody's latest identity; 0 when none is kept."""
    found = select(func.max(IdentityVersion.number)).where(IdentityVersion.participant_id == participant_id)
    return db.session.scalar(found) or 0


def last_change_of(participant_id: int, seen_version: int) -> JournalEntry | None:
    """Who last corrected somebody's identity after this version of the file; else the latest act about the person."""
    entries = journal_of(("participant", participant_id))
    corrections = (one for one in entries if one.verb == CORRECTED and one.facts["version"] > seen_version)
    return next(corrections, next(iter(entries), None))


def commune_named(text: str) -> tuple[str, list[Objection]]:
    """The INSEE code of the commune somebody typed; or an objection, which lists the communes of that name.

    A site without the list takes the code as typed, and the rules judge its shape.
    """
    found = find_communes(text)
    if len(found) == 1 or not text:
        return (found[0].code if found else ""), []
    if not found and not any_commune():
        typed = read_commune(text)
        return ("", [_beside_commune(NO_LIST)]) if typed.name or not typed.code else (typed.code, [])
    said = ", ".join(commune.said for commune in found[:COMMUNES_SAID])
    rest = "…" if len(found) > COMMUNES_SAID else "."
    return "", [_beside_commune(f"Précisez : {said}{rest}" if found else UNKNOWN_COMMUNE)]


def _beside_commune(text: str) -> Objection:
    return Objection("commune_unclear", text, "commune_code")
