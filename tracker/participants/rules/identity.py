"""Who a person is, and what is missing or wrong in it as typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum

from tracker.vocabulary.dates import age_on
from tracker.vocabulary.law import Source
from tracker.vocabulary.objections import Level, Objection

# Below it no work contract is possible, whatever the exemption (C. trav. L4153-1); above it a date was mistyped.
YOUNGEST = 14
WORKING_AGE = 16
OLDEST = 90
NIR_DIGITS = 13
LONGEST_NAME = 200
_CORSICAN_BIRTH = re.compile(r"(?<=\d{5})2[AB](?=\d{6})", re.IGNORECASE)
_COMMUNE = re.compile(r"(?:\d{2}|2[AB])\d{3}")
YOUTH_SOURCE = Source("C. trav., art. L4153-1", "https://www.legifrance.gouv.fr/codes/id/LEGITEXT000006072050/")


class Sex(StrEnum):
    """As the person's identity paper says it."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"

    @property
    def label(self) -> str:
        return {Sex.FEMALE: "femme", Sex.MALE: "homme", Sex.OTHER: "autre ou non précisé"}[self]


class EducationLevel(StrEnum):
    """The highest diploma, by the French levels of 2019; the order of members is theirs."""

    BELOW = "below"
    LEVEL_3 = "3"
    LEVEL_4 = "4"
    LEVEL_5 = "5"
    LEVEL_6 = "6"
    LEVEL_7 = "7"
    LEVEL_8 = "8"

    @property
    def label(self) -> str:
        return _LEVELS[self]


_LEVELS = {
    EducationLevel.BELOW: "sans diplôme, ou sous le niveau 3",
    EducationLevel.LEVEL_3: "niveau 3 (CAP, BEP)",
    EducationLevel.LEVEL_4: "niveau 4 (baccalauréat)",
    EducationLevel.LEVEL_5: "niveau 5 (BTS, DUT)",
    EducationLevel.LEVEL_6: "niveau 6 (licence, BUT)",
    EducationLevel.LEVEL_7: "niveau 7 (master)",
    EducationLevel.LEVEL_8: "niveau 8 (doctorat)",
}


@dataclass(frozen=True)
class IdentityDraft:
    """A person as typed; `level` and `commune_code` may come later, and the page says « à compléter »."""

    given_name: str = ""
    family_name: str = ""
    born_on: date | None = None
    sex: Sex | None = None
    commune_code: str = ""
    level: EducationLevel | None = None

    def tidied(self) -> IdentityDraft:
        """The same, as it is kept: without the spaces around its names."""
        return replace(self, given_name=self.given_name.strip(), family_name=self.family_name.strip())


IDENTITY_FIELDS = tuple(field.name for field in fields(IdentityDraft))
_SAID = {
    "given_name": "le prénom",
    "family_name": "le nom",
    "born_on": "la date de naissance",
    "sex": "le sexe",
    "commune_code": "la commune du domicile",
    "level": "le niveau de diplôme",
}


def changed_fields(before: IdentityDraft, after: IdentityDraft) -> tuple[str, ...]:
    """The names of the fields that differ, in the order of the draft."""
    return tuple(name for name in IDENTITY_FIELDS if getattr(before, name) != getattr(after, name))


def fields_in_french(names: Sequence[str]) -> str:
    """« le prénom, le nom et le sexe »; the names alone may be written down, never what they held."""
    said = [_SAID[name] for name in names]
    return " et ".join([", ".join(said[:-1]), *said[-1:]]) if len(said) > 1 else "".join(said)


def objections_to_identity(draft: IdentityDraft, today: date) -> list[Objection]:
    """What is missing or wrong in a person's identity; fields are the draft's own names."""
    return [
        *_name_objections("given_name", draft.given_name, "le prénom"),
        *_name_objections("family_name", draft.family_name, "le nom"),
        *_birth_objections(draft.born_on, today),
        *_other_objections(draft),
    ]


def _name_objections(field: str, name: str, what: str) -> Iterator[Objection]:
    if not name.strip():
        yield Objection("name_missing", f"Indiquez {what}.", field)
    elif _holds_nir(name):
        text = "N’écrivez pas le numéro de sécurité sociale : ce service ne le garde pas."
        yield Objection("nir_typed", text, field)
    elif len(name) > LONGEST_NAME:
        yield Objection("name_too_long", f"Écrivez {LONGEST_NAME} signes au plus.", field)
    elif not _letters_of(name):
        yield Objection("name_without_letters", f"Écrivez {what} en lettres.", field)
    elif not all("LATIN" in unicodedata.name(sign, "") for sign in _letters_of(name)):
        text = f"Écrivez {what} en lettres latines, comme sur le passeport ou le titre de séjour."
        yield Objection("name_not_latin", text, field)


def _holds_nir(text: str) -> bool:
    """Whether the digits of a social security number are in it; somebody born in Corsica has a letter among them."""
    bare = _CORSICAN_BIRTH.sub("20", re.sub(r"\W", "", text))
    return len(re.findall(r"\d", bare)) >= NIR_DIGITS


def _letters_of(name: str) -> list[str]:
    """The letters of any script in it; the ʻokina and its like stand between letters and make no name alone."""
    return [sign for sign in name if sign.isalpha() and unicodedata.category(sign) != "Lm"]


def _birth_objections(born_on: date | None, today: date) -> Iterator[Objection]:
    if born_on is None:
        yield Objection("birth_missing", "Indiquez la date de naissance.", "born_on")
        return
    if born_on > today:
        yield Objection("birth_in_future", "La date de naissance est dans l’avenir. Vérifiez l’année.", "born_on")
        return
    age = age_on(born_on, today)
    if age < YOUNGEST:
        text = f"Cette personne a {age} ans : personne ne travaille avant {YOUNGEST} ans. Vérifiez l’année."
        yield Objection("too_young", text, "born_on", source=YOUTH_SOURCE)
    elif age < WORKING_AGE:
        text = f"Cette personne a {age} ans : avant {WORKING_AGE} ans, il faut un cas prévu par la loi."
        yield Objection("under_16", text, "born_on", Level.WARNS, YOUTH_SOURCE)
    elif age > OLDEST:
        yield Objection("too_old", f"Cette personne aurait {age} ans. Vérifiez l’année de naissance.", "born_on")


def _other_objections(draft: IdentityDraft) -> Iterator[Objection]:
    if draft.sex is None:
        yield Objection("sex_missing", "Indiquez le sexe.", "sex")
    if not draft.commune_code:
        yield Objection("commune_missing", "Indiquez la commune du domicile.", "commune_code", Level.WARNS)
    elif not _COMMUNE.fullmatch(draft.commune_code):
        text = "Choisissez la commune dans la liste : son code a 5 signes, par exemple 37261."
        yield Objection("commune_unreadable", text, "commune_code")
    if draft.level is None:
        yield Objection("level_missing", "Niveau de diplôme : à compléter.", "level", Level.WARNS)
