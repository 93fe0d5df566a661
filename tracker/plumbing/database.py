"""The database: the shared declarative base, its column types and the naming of its constraints."""

import secrets
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import CheckConstraint, Date, DateTime, Enum, MetaData, Numeric, String, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry

from tracker.vocabulary.dates import Month

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
PUBLIC_ID_SIGNS = "abcdefghjkmnpqrstvwxyz23456789"
PUBLIC_ID_LENGTH = 16


class MonthColumn(TypeDecorator[Month]):
    """A civil month kept as its first day, so that the database can compare and index it."""

    impl = Date
    cache_ok = True

    def process_bind_param(self, value: Month | None, dialect: Any) -> date | None:
        """A Month to its first day."""
        return value.first_day if value else None

    def process_result_value(self, value: date | None, dialect: Any) -> Month | None:
        """A first day to its Month."""
        return Month.of(value) if value else None


Hours = Annotated[Decimal, mapped_column(Numeric(9, 2))]
Total = Annotated[Decimal, mapped_column(Numeric(14, 2))]
Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Words = Annotated[str, mapped_column(Text)]


class Base(DeclarativeBase):
    """What every table shares: names of constraints, and how Python's types are stored."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={
            str: Text,
            datetime: DateTime(timezone=True),
            Month: MonthColumn,
            dict[str, Any]: JSONB,
            list[dict[str, Any]]: JSONB,
        },
    )


# The session follows the request; tables derive from Base, and `db.Model` is left alone.
db = SQLAlchemy(model_class=Base, disable_autonaming=True)


def one_of(words: type[StrEnum]) -> Enum:
    """A text column that holds one word of an enumeration, checked by the database too."""
    return Enum(
        words,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=words.__name__.lower(),
        values_callable=lambda kind: [word.value for word in kind],
    )


def first_of_month(column: str) -> CheckConstraint:
    """The database's own word that a month is stored as its first day."""
    return CheckConstraint(f"extract(day from {column}) = 1", name=f"{column}_is_a_month")


def new_public_id() -> str:
    """A random identifier for addresses: 16 signs, about 78 bits, nothing to read one for another."""
    return "".join(secrets.choice(PUBLIC_ID_SIGNS) for _ in range(PUBLIC_ID_LENGTH))


PublicId = Annotated[str, mapped_column(String(16), unique=True, default=new_public_id)]
