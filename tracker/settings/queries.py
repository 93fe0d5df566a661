"""The settings in force on a day, read once and handed to the rules as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from tracker.plumbing.database import db
from tracker.settings.models import SettingChange
from tracker.settings.rules import (
    SETTINGS,
    Change,
    Setting,
    Value,
    levels_on,
    number_on,
    read_value,
    value_on,
)
from tracker.vocabulary.objections import Level


@dataclass(frozen=True)
class Settings:
    """Every setting as it stands on one day."""

    day: date
    changes: tuple[Change, ...] = ()

    def value(self, key: str) -> Value:
        """A number or words; LookupError for an unknown key."""
        return value_on(key, self.day, self.changes)

    def number(self, key: str) -> Decimal:
        """A numeric setting; TypeError when it is made of words."""
        return number_on(key, self.day, self.changes)

    def words(self, key: str) -> str:
        """A setting as text."""
        return str(self.value(key))

    @property
    def levels(self) -> Mapping[str, Level]:
        """How much each check stops, by its code, as the checks of hours take them."""
        return levels_on(self.day, self.changes)

    @property
    def rows(self) -> list["Row"]:
        """The whole table, in the order of the rules."""
        return [Row(one, self.value(one.key), self._since(one.key)) for one in SETTINGS.values()]

    def _since(self, key: str) -> date | None:
        begun = [change.from_on for change in self.changes if change.key == key and change.from_on <= self.day]
        return max(begun, default=None)


@dataclass(frozen=True)
class Row:
    """A setting, its value in force, and the day from which an administrator changed it; None for the default."""

    setting: Setting
    value: Value
    since: date | None

    @property
    def shown(self) -> str:
        """The value with its unit."""
        return self.setting.shown(self.value)


def settings_on(day: date) -> Settings:
    """What is in force that day; a change of a setting that no longer exists is left aside."""
    rows = db.session.scalars(select(SettingChange).where(SettingChange.key.in_(list(SETTINGS))))
    return Settings(day, tuple(Change(row.key, row.in_force_from, read_value(row.key, row.value)) for row in rows))
