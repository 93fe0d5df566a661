"""The French communes."""

from sqlalchemy import Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from tracker.plumbing.database import Base


class Commune(Base):
    """A commune by its INSEE code; several share a postal code, and one may have several."""

    __tablename__ = "commune"
    __table_args__ = (
        Index("ix_commune_search_key", "search_key", postgresql_ops={"search_key": "text_pattern_ops"}),
        Index("ix_commune_postal_codes", "postal_codes", postgresql_using="gin"),
    )

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str]
    department_code: Mapped[str]
    postal_codes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    epci_code: Mapped[str | None]
    population: Mapped[int | None]
    search_key: Mapped[str]

    @property
    def said(self) -> str:
        """« Saint-Aubin (35) »: no two communes of one département share a name."""
        return f"{self.name} ({self.department_code})"
