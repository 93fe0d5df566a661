"""SIRET numbers: read through their dirt, judged by python-stdnum."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stdnum.exceptions import ValidationError
from stdnum.fr import siret as official

SIRET_DIGITS = 14
SIREN_DIGITS = 9


@dataclass(frozen=True)
class Siret:
    """A valid SIRET, 14 digits without spaces; ValueError otherwise (La Poste's own sum is accepted)."""

    digits: str

    def __post_init__(self) -> None:
        if not is_siret(self.digits):
            raise ValueError(f"not a SIRET: {self.digits!r}")

    @classmethod
    def parse(cls, text: str) -> Siret:
        """A SIRET typed with spaces, dots or dashes; ValueError when what remains is not one."""
        return cls(tidy_identifier(text))

    def __str__(self) -> str:
        return self.digits

    @property
    def siren(self) -> str:
        return self.digits[:SIREN_DIGITS]


def tidy_identifier(text: str) -> str:
    """The identifier without spaces, no-break spaces, dots and dashes, in upper case."""
    return re.sub(r"[\s\u00a0\u202f.\-]", "", text).upper()


def is_siret(digits: str) -> bool:
    """Whether this is 14 ASCII digits with a right sum."""
    if not re.fullmatch(r"[0-9]{14}", digits):
        return False
    try:
        official.validate(digits)
    except ValidationError:
        return False
    return True


def format_siret(digits: str) -> str:
    """« 812 456 789 00021 » for 14 digits; any other identifier as it stands."""
    if not re.fullmatch(r"\d{14}", digits):
        return digits
    return "\u00a0".join((digits[:3], digits[3:6], digits[6:9], digits[9:]))
