"""Hours, shares and money: decimals, read and written as the French do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

HUNDREDTH = Decimal("0.01")
ZERO = Decimal("0.00")
MINUTES_AN_HOUR = 60
# A whole month at 35 h a week: 35 × 52 ÷ 12, as every French payslip prints it.
FULL_TIME_MONTH = Decimal("151.67")
HOURS_A_DAY = Decimal(7)

NBSP = "\u00a0"
_CLOCK = re.compile(r"(\d{1,5})\s*(?:h|:)\s*(\d{1,2})?\s*(?:min|mn|m)?", re.IGNORECASE)
_PLAIN = re.compile(r"-?\d{1,9}(?:[.,]\d*)?|-?[.,]\d+")


class NotHours(ValueError):
    """The text is no number of hours; its message is a French sentence for the person who typed it."""


def round_hours(value: Decimal) -> Decimal:
    """To the hundredth, halves up."""
    return value.quantize(HUNDREDTH, ROUND_HALF_UP)


def total(values: Iterable[Decimal]) -> Decimal:
    """The exact sum, 0.00 when there is none."""
    return sum(values, ZERO)


def parse_hours(text: str) -> Decimal:
    """« 151,67 », « 151.67 h », « 1 607,50 » or « 7h30 » as hours.

    « 7h30 » is 7.50. Nothing is rounded: more than two decimals raise NotHours, as does any other text. A negative
    number is read as such: whether it may stand is the rules' business.
    """
    tidy = re.sub(r"[\s\u00a0\u202f']", "", text)
    clock = _CLOCK.fullmatch(tidy)
    if clock and clock[2]:
        return _from_clock(int(clock[1]), int(clock[2]))
    plain = re.sub(r"(?:h|heures?)$", "", tidy, flags=re.IGNORECASE)
    if not _PLAIN.fullmatch(plain):
        raise NotHours("Écrivez un nombre d’heures, par exemple 151,67 ou 7h30.")
    value = Decimal(plain.replace(",", "."))
    if value != value.quantize(HUNDREDTH):
        raise NotHours("Écrivez deux décimales au plus, par exemple 151,67.")
    return value.quantize(HUNDREDTH)


def _from_clock(hours: int, minutes: int) -> Decimal:
    if minutes >= MINUTES_AN_HOUR:
        raise NotHours(f"{hours}h{minutes} n’est pas une durée : les minutes vont de 0 à 59.")
    return round_hours(Decimal(hours * MINUTES_AN_HOUR + minutes) / MINUTES_AN_HOUR)


def format_number(value: Decimal | int, places: int = 2) -> str:
    """1607.5 → « 1 607,50 », with no-break spaces between thousands and a true minus sign."""
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{abs(rounded):,.{places}f}".replace(",", NBSP).replace(".", ",")
    return f"−{NBSP}{text}" if rounded < 0 else text


def format_hours(value: Decimal) -> str:
    """1607.5 → « 1 607,50 h »."""
    return f"{format_number(value)}{NBSP}h"


def format_euros(value: Decimal) -> str:
    """24720 → « 24 720,00 € »."""
    return f"{format_number(value)}{NBSP}€"


def format_percent(share: Decimal, places: int = 1) -> str:
    """0.406 → « 40,6 % »."""
    return f"{format_number(share * 100, places)}{NBSP}%"
