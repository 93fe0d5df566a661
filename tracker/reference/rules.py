"""How somebody names a commune: « 37000 Tours », « Tours (37) », « St-Aubin », a postal code, an INSEE code."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tracker.vocabulary.words import search_key

_CODE = re.compile(r"\d{5}|2[ab]\d{3}")
_DEPARTMENT = re.compile(r"\d{2,3}|2[ab]")
_CEDEX = re.compile(r"\bcedex(?: \d{1,2})?\b")
_SAINTS = {"st": "saint", "ste": "sainte"}


@dataclass(frozen=True)
class CommuneWanted:
    """What a text says of a commune; "" for what it leaves out. `name` is a search key, codes are in upper case."""

    name: str = ""
    code: str = ""
    department: str = ""

    @property
    def says_nothing(self) -> bool:
        """Whether nothing can be looked for: a département alone names no commune."""
        return not (self.name or self.code)


def read_commune(text: str) -> CommuneWanted:
    """The name, the code (postal or INSEE) and the département in a text, in any order."""
    words = _CEDEX.sub(" ", search_key(text)).split()
    codes = [word for word in words if _CODE.fullmatch(word)]
    departments = [word for word in words if _DEPARTMENT.fullmatch(word)]
    name = [_SAINTS.get(word, word) for word in words if word not in codes + departments]
    return CommuneWanted(" ".join(name), _first(codes), _first(departments))


def _first(codes: list[str]) -> str:
    return codes[0].upper() if codes else ""
