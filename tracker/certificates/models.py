"""Certificates: the facts they printed and the very file, kept for good; what became of them."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.accounts.models import Organisation, Person
from tracker.certificates.rules import Kind
from tracker.contracts.models import Clause
from tracker.plumbing.database import Base, Moment, one_of


class Certificate(Base):
    """One version of a certificate, immutable: its frozen facts, their fingerprint, and the file that was drawn."""

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("number", "version"),
        Index("ix_certificate_clause_id", "clause_id"),
        CheckConstraint("version >= 1", name="version_begins_at_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]
    version: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[Kind] = mapped_column(one_of(Kind))
    clause_id: Mapped[int] = mapped_column(ForeignKey("clause.id"))
    holder_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    structure_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    code: Mapped[str] = mapped_column(Text, unique=True)
    check_code: Mapped[str] = mapped_column(Text, unique=True)
    facts: Mapped[dict[str, Any]]
    facts_digest: Mapped[str]
    file_digest: Mapped[str] = mapped_column(ForeignKey("stored_file.digest"))
    issued_on: Mapped[date]
    issued_at: Mapped[Moment]
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    clause: Mapped[Clause] = relationship()
    holder: Mapped[Organisation] = relationship(foreign_keys=holder_id)
    issued_by: Mapped[Person] = relationship()

    @property
    def due_hours(self) -> Decimal:
        """Hours due as the certificate states them."""
        return Decimal(self.facts["due"])

    @property
    def counted_hours(self) -> Decimal:
        """Hours counted as the certificate states them."""
        return Decimal(self.facts["counted"])


class CertificateEnd(Base):
    """The one event that ends a certificate: replaced by its next version, or revoked; append-only."""

    __tablename__ = "certificate_end"
    __table_args__ = (CheckConstraint("reason <> ''", name="ends_for_a_reason"),)

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), primary_key=True)
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), unique=True)
    reason: Mapped[str]
    ended_on: Mapped[date]
    ended_at: Mapped[Moment]
    ended_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
