"""People, organisations, memberships, access links; the journal, the trail of readings, the counters of attempts."""

from datetime import date, datetime
from typing import Any

from flask_security import UserMixin
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.accounts.rules import LinkPurpose, OrganisationKind, Role, Subject, WayIn
from tracker.plumbing import clock
from tracker.plumbing.database import Base, Moment, PublicId, one_of


class Person(UserMixin, Base):
    """Somebody who signs in, by password or by link. A participant is not a person of this table."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_is_lower_case"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    email: Mapped[str] = mapped_column(Text, unique=True)
    given_name: Mapped[str]
    family_name: Mapped[str]
    password: Mapped[str | None] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(default=True)
    # What a session carries instead of the id: changing it closes every open session.
    fs_uniquifier: Mapped[str] = mapped_column(Text, unique=True)
    created_at: Mapped[Moment]

    roles = []  # noqa: RUF012 - none of Flask-Security's: roles live in memberships, one organisation at a time

    @property
    def name(self) -> str:
        """« Claire Morvan »."""
        return f"{self.given_name} {self.family_name}"


class Organisation(Base):
    """A buyer, a firm, an insertion structure, a carrying structure or a prescriber.

    `identifier` is what a source gave, tidied; `siret` the same when it is a valid one. `same_as_id` points to the
    organisation this one was found to double.
    """

    __tablename__ = "organisation"
    __table_args__ = (
        UniqueConstraint("identifier_kind", "identifier"),
        CheckConstraint("siret ~ '^[0-9]{14}$'", name="siret_has_14_digits"),
        CheckConstraint("same_as_id <> id", name="never_the_same_as_itself"),
        Index("ix_organisation_siret", "siret"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    kind: Mapped[OrganisationKind] = mapped_column(one_of(OrganisationKind))
    structure_type: Mapped[str | None] = mapped_column(Text)
    identifier_kind: Mapped[str] = mapped_column(Text, default="SIRET")
    identifier: Mapped[str]
    siret: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str]
    sort_key: Mapped[str]
    same_as_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    created_at: Mapped[Moment]


class Membership(Base):
    """A person acts for an organisation in one role; ended, never deleted.

    `by_link_only`: made by an invitation, so that a password of the person's own does not open it.
    """

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("person_id", "organisation_id", "role"),
        CheckConstraint("ended_on >= started_on", name="ends_after_it_starts"),
        Index("ix_membership_organisation_id", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[Role] = mapped_column(one_of(Role))
    sector: Mapped[str] = mapped_column(Text, default="")
    by_link_only: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    started_on: Mapped[date]
    ended_on: Mapped[date | None]

    person: Mapped[Person] = relationship()
    organisation: Mapped[Organisation] = relationship()


class AccessLink(Base):
    """A link sent by mail that opens one membership, on one subject, once; only its secret's digest is kept."""

    __tablename__ = "access_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(Text, unique=True)
    purpose: Mapped[LinkPurpose] = mapped_column(one_of(LinkPurpose))
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    about_kind: Mapped[str] = mapped_column(Text, default="")
    about_id: Mapped[int | None]
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    used_at: Mapped[datetime | None]

    membership: Mapped[Membership] = relationship()

    @property
    def subject(self) -> Subject:
        """The one thing it was sent for; a link about nothing opens nothing."""
        return self.about_kind, self.about_id or 0


class JournalEntry(Base):
    """Who did what to what, and when; append-only, its author set by the transaction, never empty.

    `facts` holds names of changed fields and figures, never a value of somebody's identity.
    """

    __tablename__ = "journal_entry"
    __table_args__ = (
        Index("ix_journal_entry_about", "about_kind", "about_id"),
        CheckConstraint("person_id IS NOT NULL OR way_in IN ('import', 'job', 'command')", name="has_an_author"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    at: Mapped[Moment] = mapped_column(default=clock.now)
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id"), server_default=text("nullif(current_setting('tracker.person', true), '')::integer")
    )
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id"),
        server_default=text("nullif(current_setting('tracker.organisation', true), '')::integer"),
    )
    way_in: Mapped[WayIn] = mapped_column(
        one_of(WayIn), server_default=text("nullif(current_setting('tracker.way_in', true), '')")
    )
    verb: Mapped[str]
    about_kind: Mapped[str]
    about_id: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)

    person: Mapped[Person | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()


class Reading(Base):
    """Somebody opened a named person's file; append-only, written beside the read-only request."""

    __tablename__ = "reading"
    __table_args__ = (Index("ix_reading_about", "about_kind", "about_id"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    at: Mapped[Moment] = mapped_column(default=clock.now)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    about_kind: Mapped[str]
    about_id: Mapped[int]


class Attempt(Base):
    """How many times somebody tried something in a window of time: signing in, verifying, asking for a link."""

    __tablename__ = "attempt"

    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    window_at: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]
