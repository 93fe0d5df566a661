"""Who the people of a block are, and the decision that lets their hours count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from tracker.commands.seed.names import family_name, given_name
from tracker.commands.seed.work import Worker
from tracker.participants.rules.decisions import RsaStatus
from tracker.participants.rules.identity import EducationLevel, Sex
from tracker.publics.rules import DEFAULT_EDITION, Category, Proof, edition

EDITION = edition(DEFAULT_EDITION)
# Publics of a hundred people who have no tie to the RSA; a dependant of a recipient has one, outside the headline.
_PUBLICS = {
    "deld": 36,
    "senior": 13,
    "youth": 18,
    "rqth": 11,
    "qpv": 8,
    "minima": 4,
    "refugee": 4,
    "rsa": 3,
    "disability_pension": 1,
    "judicial": 0.5,
    "opinion": 1.5,
}
# What an employer's type makes of most of its people.
_BY_MODE = {
    "EI": "iae",
    "AI": "iae",
    "ACI": "iae",
    "ETTI": "iae",
    "Régie de quartier": "iae",
    "EA": "adapted",
    "ESAT": "adapted",
    "GEIQ": "geiq",
}
_USUALLY = 0.6
_PARTNERS = 0.15
_LEVELS = {
    EducationLevel.BELOW: 44,
    EducationLevel.LEVEL_3: 31,
    EducationLevel.LEVEL_4: 16,
    EducationLevel.LEVEL_5: 5,
    EducationLevel.LEVEL_6: 3,
    EducationLevel.LEVEL_7: 1,
}
_WOMEN = 0.38
_YOUNGEST, _OLDEST, _YOUTH = 18, 59, 25
_DAYS_A_YEAR = 365.25
_OPINION = "Parcours suivi par la facilitatrice, éloignement durable de l’emploi."


@dataclass(slots=True)
class Identity:
    """A person and the grounds of the decision, as the rules want them."""

    given_name: str
    family_name: str
    sex: Sex
    born_on: date
    commune: str
    level: EducationLevel
    category: Category
    rsa: RsaStatus
    proof: Proof
    proof_seen_on: date
    reason: str


def identity_of(worker: Worker, communes: Sequence[str], rng: Random) -> Identity:
    """Somebody who belongs to a public on the day of the decision."""
    decided_on = worker.pieces[0].approved_on
    sex = Sex.FEMALE if rng.random() < _WOMEN else Sex.MALE
    category, rsa = _public(worker, rng)
    lowest = max(_YOUNGEST, category.least_age or 0)
    highest = _YOUTH if category.below_age else _OLDEST
    age = rng.randint(lowest, highest)
    # Some days short of the birthdays on either side, whatever the leap years between.
    born_on = decided_on - timedelta(days=int(age * _DAYS_A_YEAR) + rng.randint(2, 360))
    (level,) = rng.choices(tuple(_LEVELS), tuple(_LEVELS.values()))
    return Identity(
        given_name(rng, sex),
        family_name(rng),
        sex,
        born_on,
        rng.choice(communes),
        level,
        category,
        rsa,
        rng.choice(category.proofs),
        decided_on - timedelta(days=rng.randint(0, 9)),
        _OPINION if category.needs_reason else "",
    )


def _public(worker: Worker, rng: Random) -> tuple[Category, RsaStatus]:
    if worker.is_rsa:
        status = RsaStatus.PARTNER if rng.random() < _PARTNERS else RsaStatus.RECIPIENT
        return EDITION.category("rsa"), status
    usual = _BY_MODE.get(worker.pieces[0].hiring.mode)
    if usual and rng.random() < _USUALLY:
        return EDITION.category(usual), RsaStatus.NONE
    (code,) = rng.choices(tuple(_PUBLICS), tuple(_PUBLICS.values()))
    return EDITION.category(code), RsaStatus.DEPENDANT if code == "rsa" else RsaStatus.NONE
