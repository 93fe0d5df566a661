"""The people who may count, who may see them, and the decisions that say so."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.accounts.models import Person
from tracker.participants.rules.decisions import Outcome, RsaStatus
from tracker.participants.rules.identity import IDENTITY_FIELDS, EducationLevel, IdentityDraft, Sex
from tracker.plumbing.database import Base, Moment, PublicId, one_of


class Identity:
    """The columns that say who somebody is: as it stands, and in each of its versions."""

    given_name: Mapped[str]
    family_name: Mapped[str]
    born_on: Mapped[date]
    sex: Mapped[Sex] = mapped_column(one_of(Sex))
    commune_code: Mapped[str]
    level: Mapped[EducationLevel | None] = mapped_column(one_of(EducationLevel))

    @property
    def name(self) -> str:
        """« Amina Diallo »."""
        return f"{self.given_name} {self.family_name}"

    @property
    def identity(self) -> IdentityDraft:
        """The same, as the rules read it."""
        return IdentityDraft(**{name: getattr(self, name) for name in IDENTITY_FIELDS})


class Participant(Identity, Base):
    """Somebody hired, or proposed, under a clause. No NIR; why the person is eligible lives in the decision alone."""

    __tablename__ = "participant"
    __table_args__ = (
        Index("ix_participant_structure_id_sort_key", "structure_id", "sort_key"),
        Index("ix_participant_same_as_id", "same_as_id", postgresql_where=text("same_as_id IS NOT NULL")),
        CheckConstraint("born_on > '1900-01-01'", name="born_in_living_memory"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    version_id: Mapped[int] = mapped_column(default=1)
    structure_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    sort_key: Mapped[str]
    same_as_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id"))
    last_event_on: Mapped[date | None]
    held_until: Mapped[date | None]
    created_at: Mapped[Moment]

    __mapper_args__ = {"version_id_col": version_id}  # noqa: RUF012 - SQLAlchemy reads it from the class


class IdentityVersion(Identity, Base):
    """An identity as it stood from `recorded_at` until the next one; the latest is the participant's own.

    Not append-only: what somebody was once called is erased when its time is over, and the journal stays whole.
    `recorded_by` is nobody for those entered before versions were kept, or by a command.
    """

    __tablename__ = "identity_version"
    __table_args__ = (UniqueConstraint("participant_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"))
    number: Mapped[int]
    recorded_at: Mapped[Moment]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    recorded_by: Mapped[Person | None] = relationship()


class ParticipantAccess(Base):
    """An organisation that may see a participant's name: who entered it, or who employs it."""

    __tablename__ = "participant_access"
    __table_args__ = (
        UniqueConstraint("participant_id", "organisation_id"),
        Index("ix_participant_access_organisation_id", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))


class EligibilityDecision(Base):
    """A facilitator's word that a person counts, or not, with the status frozen that day; append-only.

    Hours count from `decided_on`. `frozen` holds age, commune, QPV and level as they stood.
    """

    __tablename__ = "eligibility_decision"
    __table_args__ = (
        Index("ix_eligibility_decision_participant_id", "participant_id"),
        CheckConstraint("(outcome = 'granted') = (main_category IS NOT NULL)", name="granted_for_a_main_category"),
        CheckConstraint("outcome = 'granted' OR reason <> ''", name="refused_for_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"))
    edition_code: Mapped[str]
    outcome: Mapped[Outcome] = mapped_column(one_of(Outcome))
    main_category: Mapped[str | None] = mapped_column(Text)
    other_categories: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    rsa_status: Mapped[RsaStatus] = mapped_column(one_of(RsaStatus))
    proof_kind: Mapped[str] = mapped_column(Text, default="")
    proof_seen_on: Mapped[date | None]
    proof_seen_by: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    frozen: Mapped[dict[str, Any]]
    decided_on: Mapped[date]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[Moment]

    participant: Mapped[Participant] = relationship()
    decided_by: Mapped[Person] = relationship()
