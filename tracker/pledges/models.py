"""What an employer undertook, on a clause or outside any contract."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.accounts.models import Organisation
from tracker.accounts.rules import Subject
from tracker.contracts.models import Clause
from tracker.plumbing.database import Base, Moment, PublicId


class Pledge(Base):
    """One employer's undertaking; registering a clause writes one for each holder of its contract.

    `share_hours` is the indicative part of a member of a grouping, whole hours, None when it alone owes everything.
    """

    __tablename__ = "pledge"
    __table_args__ = (
        UniqueConstraint("clause_id", "organisation_id"),
        Index("ix_pledge_organisation_id", "organisation_id"),
        Index("ix_pledge_structure_id", "structure_id"),
        CheckConstraint("share_hours >= 0", name="share_is_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    structure_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("clause.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    share_hours: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    made_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[Moment]

    clause: Mapped[Clause | None] = relationship()
    organisation: Mapped[Organisation] = relationship(foreign_keys=organisation_id)
    structure: Mapped[Organisation] = relationship(foreign_keys=structure_id)

    @property
    def subject(self) -> Subject:
        """What a link sent about it opens: its clause, which earlier rooms know, else the pledge itself."""
        return ("pledge", self.id) if self.clause_id is None else ("clause", self.clause_id)
