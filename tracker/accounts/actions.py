"""Accounts are made, links are sent and spent; every act of the house is written in the journal from here."""

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from flask_security import hash_password
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from tracker.accounts import queries
from tracker.accounts.models import (
    AccessLink,
    Attempt,
    JournalEntry,
    Membership,
    Organisation,
    Person,
    Reading,
)
from tracker.accounts.rules import LINK_LIFE, LinkPurpose, OrganisationKind, Role, Subject
from tracker.plumbing import sessions
from tracker.plumbing.database import db
from tracker.vocabulary.identifiers import is_siret, tidy_identifier
from tracker.vocabulary.words import sort_key

SECRET_BYTES = 32
UNNAMED = "Organisme à nommer"


def write_journal(verb: str, about_kind: str, about_id: int, **facts: Any) -> JournalEntry:
    """Writes who did what to what; the database adds the author and the moment, and refuses an unknown author."""
    entry = JournalEntry(verb=verb, about_kind=about_kind, about_id=about_id, facts=facts)
    db.session.add(entry)
    return entry


def record_reading(about_kind: str, about_id: int) -> None:
    """Notes, beside a read-only request, that a named person's file was opened."""
    actor = sessions.acting()
    if actor.person_id is None:
        return
    with sessions.beside() as connection:
        connection.execute(
            insert(Reading).values(
                person_id=actor.person_id,
                organisation_id=actor.organisation_id,
                about_kind=about_kind,
                about_id=about_id,
            )
        )


def count_attempt(kind: str, key: str, now: datetime, window: timedelta) -> int:
    """Counts one attempt in its window of time and says how many there are now; kept whatever the request becomes."""
    seconds = window.total_seconds()
    window_at = datetime.fromtimestamp(now.timestamp() // seconds * seconds, tz=now.tzinfo)
    row = {"kind": kind, "key": queries.digest_of(key), "window_at": window_at, "count": 1}
    counted = (
        insert(Attempt)
        .values(row)
        .on_conflict_do_update(index_elements=["kind", "key", "window_at"], set_={"count": Attempt.count + 1})
        .returning(Attempt.count)
    )
    with sessions.beside() as connection:
        return connection.execute(counted).scalar_one()


def forget_attempts_before(moment: datetime) -> None:
    """Erases the counters whose window of time has long passed."""
    db.session.execute(delete(Attempt).where(Attempt.window_at < moment))


def find_or_add_organisation(
    identifier: str, name: str, kind: OrganisationKind, now: datetime, identifier_kind: str = "SIRET"
) -> Organisation:
    """The organisation a source names, made when it is new; a name learnt later fills one that had none."""
    tidy = tidy_identifier(identifier)
    found = queries.organisation_of(tidy, identifier_kind)
    if found:
        if name and found.name == UNNAMED:
            found.name, found.sort_key = name, sort_key(name)
        return found
    organisation = Organisation(
        kind=kind,
        identifier_kind=identifier_kind,
        identifier=tidy,
        siret=tidy if is_siret(tidy) else None,
        name=name or UNNAMED,
        sort_key=sort_key(name or UNNAMED),
        created_at=now,
    )
    db.session.add(organisation)
    db.session.flush()
    return organisation


def add_person(email: str, given_name: str, family_name: str, now: datetime, password: str | None = None) -> Person:
    """A person who may sign in by link, and by password when one is given."""
    person = Person(
        email=email.strip().lower(),
        given_name=given_name,
        family_name=family_name,
        password=hash_password(password) if password else None,
        fs_uniquifier=secrets.token_hex(),
        created_at=now,
    )
    db.session.add(person)
    db.session.flush()
    write_journal("person_added", "person", person.id)
    return person


def add_membership(
    person: Person,
    organisation: Organisation,
    role: Role,
    started_on: date,
    sector: str = "",
    by_link_only: bool = False,
) -> Membership:
    """The right of a person to act for an organisation in one role; by a password too, unless links alone open it."""
    membership = Membership(
        person=person,
        organisation=organisation,
        role=role,
        started_on=started_on,
        sector=sector,
        by_link_only=by_link_only,
    )
    db.session.add(membership)
    db.session.flush()
    write_journal("membership_added", "organisation", organisation.id, role=role)
    return membership


def find_or_add_person(email: str, given_name: str, family_name: str, now: datetime) -> Person:
    """The person with this address, left as it is, or made with that name when the address is new.

    Two who invite the same address at the same moment wait for each other.
    """
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(email.strip().lower()))))
    return queries.person_of(email) or add_person(email, given_name, family_name, now)


def find_or_add_membership(person: Person, organisation: Organisation, role: Role, today: date) -> Membership:
    """The person's right to act for the organisation in that role: the one it has, begun again if it had ended.

    A new one, and one begun again, is opened by links alone.
    """
    found = queries.membership_of(person.id, organisation.id, role)
    if found is None:
        return add_membership(person, organisation, role, today, by_link_only=True)
    if found.ended_on is not None:
        found.ended_on, found.by_link_only = None, True
        write_journal("membership_resumed", "organisation", organisation.id, role=role)
    return found


def make_link(
    membership: Membership, now: datetime, subject: Subject, purpose: LinkPurpose = LinkPurpose.INVITATION
) -> str:
    """A new access link for a membership, to that subject alone; gives its secret, which is kept nowhere."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    db.session.add(
        AccessLink(
            digest=queries.digest_of(secret),
            purpose=purpose,
            membership_id=membership.id,
            about_kind=subject[0],
            about_id=subject[1],
            created_at=now,
            expires_at=now + LINK_LIFE,
        )
    )
    return secret


def spend_link(secret: str, now: datetime) -> bool:
    """Spends a link, once whatever the number of hands that try at the same moment; False when it no longer opens."""
    spent = (
        update(AccessLink)
        .where(
            AccessLink.digest == queries.digest_of(secret), AccessLink.used_at.is_(None), AccessLink.expires_at > now
        )
        .values(used_at=now)
        .returning(AccessLink.id)
    )
    return db.session.execute(spent).scalar() is not None
