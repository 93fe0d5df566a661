"""Declarations, their lines and versions, decisions, and the ledger of counted hours."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.accounts.models import Organisation, Person
from tracker.contracts.models import Clause
from tracker.hours.rules.states import DeclarationState, LineState
from tracker.placements.models import Placement
from tracker.plumbing.database import Base, Hours, Moment, PublicId, Total, first_of_month, one_of
from tracker.plumbing.grants import KEPT_BY_TRIGGERS
from tracker.vocabulary.dates import Month


class Declaration(Base):
    """An employer's civil month on a clause."""

    __tablename__ = "declaration"
    __table_args__ = (
        UniqueConstraint("employer_id", "clause_id", "month"),
        Index("ix_declaration_clause_id_month", "clause_id", "month"),
        Index("ix_declaration_employer_id_month", "employer_id", "month"),
        Index("ix_declaration_open", "clause_id", postgresql_where=text("state = 'submitted' OR state = 'returned'")),
        Index("ix_declaration_waiting", "submitted_at", postgresql_where=text("state = 'submitted'")),
        first_of_month("month"),
        CheckConstraint("state = 'draft' OR (submitted_at IS NOT NULL AND attested)", name="submitted_when_attested"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    version_id: Mapped[int] = mapped_column(default=1)
    employer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    clause_id: Mapped[int] = mapped_column(ForeignKey("clause.id"))
    month: Mapped[Month]
    state: Mapped[DeclarationState] = mapped_column(one_of(DeclarationState))
    attested: Mapped[bool] = mapped_column(default=False)
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    created_at: Mapped[Moment]

    employer: Mapped[Organisation] = relationship()
    clause: Mapped[Clause] = relationship()
    submitted_by: Mapped[Person | None] = relationship()
    __mapper_args__ = {"version_id_col": version_id}  # noqa: RUF012 - SQLAlchemy reads it from the class


class HoursLine(Base):
    """One placement's month, or a part of it when a bound cuts the month; its versions hold the hours.

    `declared_hours`, `accepted_hours` and `state` follow the latest version; `imputed_hours` is kept by a trigger from
    the ledger, and the database refuses that it pass what was accepted: an hour never counts twice.
    """

    __tablename__ = "hours_line"
    __table_args__ = (
        UniqueConstraint("placement_id", "month", "part"),
        Index("ix_hours_line_declaration_id", "declaration_id"),
        first_of_month("month"),
        CheckConstraint("part BETWEEN 0 AND 9", name="part_is_small"),
        CheckConstraint("to_on >= from_on", name="ends_after_it_starts"),
        CheckConstraint("declared_hours >= 0", name="declared_is_positive"),
        CheckConstraint("accepted_hours BETWEEN 0 AND declared_hours", name="accepted_within_declared"),
        CheckConstraint("imputed_hours BETWEEN 0 AND accepted_hours", name="imputed_within_accepted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"))
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"))
    month: Mapped[Month]
    part: Mapped[int] = mapped_column(SmallInteger, default=0)
    from_on: Mapped[date]
    to_on: Mapped[date]
    state: Mapped[LineState] = mapped_column(one_of(LineState))
    version: Mapped[int] = mapped_column(SmallInteger, default=1)
    declared_hours: Mapped[Hours | None]
    accepted_hours: Mapped[Decimal] = mapped_column(Numeric(9, 2), default=0, server_default=text("0"))
    imputed_hours: Mapped[Decimal] = mapped_column(Numeric(9, 2), default=0, server_default=text("0"))

    declaration: Mapped[Declaration] = relationship()
    placement: Mapped[Placement] = relationship()


class HoursLineVersion(Base):
    """What an employer sent for a line, and what was decided of it; a correction is a new version."""

    __tablename__ = "hours_line_version"
    __table_args__ = (
        UniqueConstraint("line_id", "number"),
        CheckConstraint("hours >= 0", name="hours_are_positive"),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided_with_its_day"),
        CheckConstraint("outcome IS NULL OR outcome = 'accepted' OR reason <> ''", name="refused_for_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("hours_line.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    hours: Mapped[Hours]
    submitted_at: Mapped[Moment]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[LineState | None] = mapped_column(one_of(LineState))
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    line: Mapped[HoursLine] = relationship()
    submitted_by: Mapped[Person | None] = relationship(foreign_keys=submitted_by_id)
    decided_by: Mapped[Person | None] = relationship(foreign_keys=decided_by_id)


class LedgerEntry(Base):
    """Hours counted on a pledge, more or less, each able to say why; append-only.

    `reasons` is the verdict: a list of {code, text, source, holds}. Zero hours with their reasons are a verdict too.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        UniqueConstraint("line_version_id", "clause_id", "kind"),
        Index("ix_ledger_entry_line_id", "line_id"),
        Index("ix_ledger_entry_pledge_id", "pledge_id"),
        Index("ix_ledger_entry_clause_id_month", "clause_id", "month"),
        Index("ix_ledger_entry_month", "month"),
        Index("ix_ledger_entry_participant_id", "participant_id"),
        first_of_month("month"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("hours_line.id"))
    line_version_id: Mapped[int] = mapped_column(ForeignKey("hours_line_version.id"))
    pledge_id: Mapped[int] = mapped_column(ForeignKey("pledge.id"))
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("clause.id"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("eligibility_decision.id"))
    kind: Mapped[str] = mapped_column(Text, default="count")
    month: Mapped[Month]
    hours: Mapped[Hours]
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    rule_version: Mapped[str]
    booked_at: Mapped[Moment]
    booked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class YearSummary(Base):
    """A placement's hours in a civil year, as counted on a pledge under a decision; written by triggers alone.

    What is copied can never lie: it stands on the placement, locked while its rows are recounted, or in the decision,
    which is append-only. What else may change (the person's sex and double, the clause, its structure, the buyer) is
    joined at reading. `decision_id` is None for hours that rest on none: their dimensions are unknown. No foreign key:
    the rows summed bear them.
    """

    __tablename__ = "year_summary"
    __table_args__ = (
        UniqueConstraint("placement_id", "year", "pledge_id", "decision_id", postgresql_nulls_not_distinct=True),
        Index("ix_year_summary_year_pledge_id", "year", "pledge_id"),
        {"comment": KEPT_BY_TRIGGERS},
    )

    year: Mapped[int] = mapped_column(SmallInteger)
    placement_id: Mapped[int]
    pledge_id: Mapped[int]
    decision_id: Mapped[int | None]
    participant_id: Mapped[int]
    employer_id: Mapped[int]
    contract_type: Mapped[str]
    means: Mapped[str]
    rsa_status: Mapped[str | None]
    main_category: Mapped[str | None]
    other_categories: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    age: Mapped[int | None] = mapped_column(SmallInteger)
    level: Mapped[str | None]
    commune_code: Mapped[str | None]
    qpv_code: Mapped[str | None]
    declared_hours: Mapped[Total]
    accepted_hours: Mapped[Total]
    refused_hours: Mapped[Total]
    counted_hours: Mapped[Total]

    # The key has an optional part, which a primary key may not have.
    __mapper_args__ = {"primary_key": ["placement_id", "year", "pledge_id", "decision_id"]}  # noqa: RUF012 - SQLAlchemy reads it from the class
