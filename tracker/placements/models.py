"""Who works for whom: a person, an employer, a pledge; and the paper of its approval, kept for good."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, SmallInteger, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.accounts.models import Organisation, Person
from tracker.participants.models import EligibilityDecision, Participant
from tracker.placements.rules import ContractType, Means
from tracker.placements.rules.approvals import approval_number
from tracker.placements.rules.periods import ChangeKind, EndReason, days_after
from tracker.pledges.models import Pledge
from tracker.plumbing.database import Base, Moment, PublicId, one_of
from tracker.vocabulary.dates import Period

WAITING = "approved_on IS NULL AND refused_at IS NULL"


class Placement(Base):
    """A person hired by an employer under a pledge; proposed, then approved or refused by a facilitator.

    `approved_on` is the day from which hours count; `decision_id` the eligibility decision it rests on; `ends_on`
    follows the latest change.
    """

    __tablename__ = "placement"
    __table_args__ = (
        Index("ix_placement_pledge_id", "pledge_id"),
        Index("ix_placement_employer_id", "employer_id"),
        Index("ix_placement_participant_id", "participant_id"),
        Index("ix_placement_decision_id", "decision_id", postgresql_where=text("decision_id IS NOT NULL")),
        Index("ix_placement_waiting", "proposed_at", postgresql_where=text(WAITING)),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_starts"),
        CheckConstraint("weekly_hours > 0 AND weekly_hours <= 60", name="weekly_hours_are_a_week"),
        CheckConstraint("(approved_on IS NULL) = (decision_id IS NULL)", name="approved_by_a_decision"),
        CheckConstraint("approved_on IS NULL OR refused_at IS NULL", name="approved_or_refused"),
        CheckConstraint("refused_at IS NULL OR refusal_reason <> ''", name="refused_for_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    version_id: Mapped[int] = mapped_column(default=1)
    pledge_id: Mapped[int] = mapped_column(ForeignKey("pledge.id"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"))
    employer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    contract_type: Mapped[ContractType] = mapped_column(one_of(ContractType))
    means: Mapped[Means] = mapped_column(one_of(Means))
    job: Mapped[str] = mapped_column(Text, default="")
    weekly_hours: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    site: Mapped[str] = mapped_column(Text, default="")
    tutor: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    proposed_at: Mapped[Moment]
    approved_on: Mapped[date | None]
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("eligibility_decision.id"))
    refused_at: Mapped[datetime | None]
    refusal_reason: Mapped[str] = mapped_column(Text, default="")

    pledge: Mapped[Pledge] = relationship()
    participant: Mapped[Participant] = relationship()
    employer: Mapped[Organisation] = relationship()
    decision: Mapped[EligibilityDecision | None] = relationship()
    approval: Mapped["Approval | None"] = relationship(viewonly=True)
    __mapper_args__ = {"version_id_col": version_id}  # noqa: RUF012 - SQLAlchemy reads it from the class


class PlacementChange(Base):
    """An end that moved, as it was recorded: brought forward for a reason, or put off; append-only."""

    __tablename__ = "placement_change"
    __table_args__ = (
        Index("ix_placement_change_placement_id", "placement_id"),
        CheckConstraint("(kind = 'ended_early') = (reason IS NOT NULL)", name="ended_for_a_reason"),
        CheckConstraint(
            "CASE kind WHEN 'renewed' THEN from_ends_on IS NOT NULL AND to_ends_on > from_ends_on"
            " ELSE from_ends_on IS NULL OR to_ends_on < from_ends_on END",
            name="moves_as_its_kind",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"))
    kind: Mapped[ChangeKind] = mapped_column(one_of(ChangeKind))
    from_ends_on: Mapped[date | None]
    to_ends_on: Mapped[date]
    reason: Mapped[EndReason | None] = mapped_column(one_of(EndReason))
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[Moment]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    placement: Mapped[Placement] = relationship()
    recorded_by: Mapped[Person | None] = relationship()

    @property
    def added(self) -> Period | None:
        """The days that a renewal adds; None for an early end."""
        if self.kind is not ChangeKind.RENEWED or self.from_ends_on is None:
            return None
        return days_after(self.from_ends_on, self.to_ends_on)


class Approval(Base):
    """The « accord préalable » of a placement, immutable: its frozen facts, their fingerprint, and the file drawn."""

    __tablename__ = "approval"
    __table_args__ = (
        UniqueConstraint("year", "rank"),
        CheckConstraint("rank >= 1", name="rank_begins_at_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), unique=True)
    year: Mapped[int] = mapped_column(SmallInteger)
    rank: Mapped[int]
    facts: Mapped[dict[str, Any]]
    facts_digest: Mapped[str]
    file_digest: Mapped[str] = mapped_column(ForeignKey("stored_file.digest"))
    approved_on: Mapped[date]
    issued_at: Mapped[Moment]

    @property
    def number(self) -> str:
        """« AP-2026-0042 »."""
        return approval_number(self.year, self.rank)
