"""What an administrator changed in the table of settings, and from which day."""

from datetime import date

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.plumbing.database import Base, Moment


class SettingChange(Base):
    """A setting's value from a day on, as it was typed; before the first one the default of the rules holds."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    in_force_from: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[str]
    recorded_at: Mapped[Moment]
