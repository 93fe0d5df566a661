"""Contracts as published, their parties and publications; clauses and the events that make their hours due."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, SmallInteger, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.accounts.models import Organisation, Person
from tracker.contracts.rules.levers import Capacity, Ccag, Lever, Rhythm
from tracker.contracts.rules.obligations import EventKind
from tracker.plumbing.database import Base, Moment, Total, one_of
from tracker.vocabulary.words import french_spaces


class Contract(Base):
    """One lot with its holders, as the open data publish it or as a buyer typed it.

    Only buyer, number and object are certain; `remarks` says what was repaired, what is wrong and what is missing, as
    a list of {field, kind, text, raw}. `amount` is None when absurd: `amount_text` then keeps what was published.
    `bears_clause` is kept by a trigger: whether a clause was registered on it.
    """

    __tablename__ = "contract"
    __table_args__ = (
        Index("ix_contract_buyer_id_number", "buyer_id", "number"),
        Index("ix_contract_notified_on", text("notified_on DESC NULLS LAST"), text("id DESC")),
        Index("ix_contract_unclaimed", "id", postgresql_where=text("NOT bears_clause")),
        Index("ix_contract_search", text("to_tsvector('simple', search_text)"), postgresql_using="gin"),
        CheckConstraint("duration_months >= 0", name="duration_is_positive"),
        CheckConstraint("amount >= 0", name="amount_is_positive"),
        CheckConstraint("cpv ~ '^[0-9]{8}$'", name="cpv_has_8_digits"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(default=1)
    buyer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[str]
    lot: Mapped[str] = mapped_column(Text, default="")
    object: Mapped[str]
    is_concession: Mapped[bool] = mapped_column(default=False)
    nature: Mapped[str] = mapped_column(Text, default="")
    procedure: Mapped[str] = mapped_column(Text, default="")
    cpv: Mapped[str | None] = mapped_column(Text)
    ccag: Mapped[Ccag | None] = mapped_column(one_of(Ccag))
    notified_on: Mapped[date | None]
    published_on: Mapped[date | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    duration_months: Mapped[int | None]
    amount: Mapped[Total | None]
    amount_text: Mapped[str] = mapped_column(Text, default="")
    place_code: Mapped[str] = mapped_column(Text, default="")
    has_social_clause: Mapped[bool | None]
    social_considerations: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    remarks: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    # Why a person should look: « même numéro, autres titulaires »; empty when nothing is doubtful.
    doubt: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text, default="")
    digest: Mapped[str] = mapped_column(Text, default="")
    search_text: Mapped[str] = mapped_column(Text, default="")
    sort_key: Mapped[str] = mapped_column(Text, default="")
    bears_clause: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    created_at: Mapped[Moment]

    buyer: Mapped[Organisation] = relationship()
    parties: Mapped[list["ContractParty"]] = relationship(order_by="ContractParty.rank", viewonly=True)
    __mapper_args__ = {"version_id_col": version_id}  # noqa: RUF012 - SQLAlchemy reads it from the class

    @property
    def title(self) -> str:
        """The object as it prints, with French spaces."""
        return french_spaces(self.object)


class ContractParty(Base):
    """An organisation on a contract: holder, co-holder, lead or subcontractor."""

    __tablename__ = "contract_party"
    __table_args__ = (
        UniqueConstraint("contract_id", "organisation_id", "capacity"),
        Index("ix_contract_party_organisation_id", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    capacity: Mapped[Capacity] = mapped_column(one_of(Capacity))
    rank: Mapped[int] = mapped_column(SmallInteger, default=1)

    organisation: Mapped[Organisation] = relationship()


class ContractPublication(Base):
    """One publication of a contract, as it was received; append-only."""

    __tablename__ = "contract_publication"
    __table_args__ = (UniqueConstraint("contract_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    digest: Mapped[str]
    published_on: Mapped[date | None]
    record: Mapped[dict[str, Any]]
    received_at: Mapped[Moment]


class ContractImport(Base):
    """One file of contracts taken in: its counts, and each record refused with its reason."""

    __tablename__ = "contract_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    counts: Mapped[dict[str, Any]]
    rejects: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    at: Mapped[Moment]


class Clause(Base):
    """The insertion obligation on a contract.

    `starts_on` is the declared start of performance (ordre de service); `ends_on` its end: no month opens before the
    notification and the end are set.
    """

    __tablename__ = "clause"
    __table_args__ = (
        Index("ix_clause_contract_id", "contract_id"),
        Index("ix_clause_structure_id", "structure_id"),
        Index("ix_clause_facilitator_id", "facilitator_id"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_starts"),
        CheckConstraint("deposit_day BETWEEN 1 AND 28", name="deposit_day_exists_every_month"),
        CheckConstraint("cardinality(means) > 0", name="some_means_are_allowed"),
        CheckConstraint("training_cap_hours >= 0", name="training_cap_is_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(default=1)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    structure_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    facilitator_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    lever: Mapped[Lever] = mapped_column(one_of(Lever))
    article: Mapped[str] = mapped_column(Text, default="")
    perimeter: Mapped[str] = mapped_column(Text, default="")
    # How to reach whoever facilitates, as the clause itself must say it (CCAG, article 16.1).
    facilitator_contact: Mapped[str] = mapped_column(Text, default="")
    edition_code: Mapped[str]
    means: Mapped[list[str]] = mapped_column(ARRAY(Text))
    rhythm: Mapped[Rhythm] = mapped_column(one_of(Rhythm))
    deposit_day: Mapped[int] = mapped_column(SmallInteger, default=15)
    training_cap_hours: Mapped[Total | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    penalty_cents_per_hour: Mapped[int | None]
    registered_at: Mapped[Moment]

    contract: Mapped[Contract] = relationship()
    facilitator: Mapped[Person | None] = relationship()
    structure: Mapped[Organisation] = relationship()
    __mapper_args__ = {"version_id_col": version_id}  # noqa: RUF012 - SQLAlchemy reads it from the class


class ObligationEvent(Base):
    """One dated event that changes the hours due of a clause, with the inputs that made it; append-only.

    `hours` is signed, None for an event that changes the course of time alone. A wrong event is cancelled by another
    that names it.
    """

    __tablename__ = "obligation_event"
    __table_args__ = (Index("ix_obligation_event_clause_id", "clause_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    clause_id: Mapped[int] = mapped_column(ForeignKey("clause.id"))
    kind: Mapped[EventKind] = mapped_column(one_of(EventKind))
    occurs_on: Mapped[date]
    hours: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    inputs: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(Text, default="")
    cancels_id: Mapped[int | None] = mapped_column(ForeignKey("obligation_event.id"), unique=True)
    recorded_at: Mapped[Moment]


class ClauseParty(Base):
    """An organisation that sees a clause because of a placement on it, written by the placement's act."""

    __tablename__ = "clause_party"
    __table_args__ = (
        UniqueConstraint("clause_id", "organisation_id", "capacity"),
        Index("ix_clause_party_organisation_id", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    clause_id: Mapped[int] = mapped_column(ForeignKey("clause.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    capacity: Mapped[Capacity] = mapped_column(one_of(Capacity))
