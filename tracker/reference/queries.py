"""Which commune a text names, and what a code is called."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, or_, select

from tracker.plumbing.database import db
from tracker.reference.models import Commune
from tracker.reference.rules import CommuneWanted, read_commune

# Below so many letters, the beginning of a name says too little.
SHORTEST_BEGINNING = 3


def find_communes(text: str) -> list[Commune]:
    """The communes a text names: « 37000 Tours », « Tours », « St-Aubin (35) », a postal code, an INSEE code.

    Those of that very name when there are any, else those whose name begins so; the most populated first.
    """
    wanted = read_commune(text)
    if wanted.says_nothing:
        return []
    return list(_named(wanted) or _beginning(wanted))


def _named(wanted: CommuneWanted) -> Sequence[Commune]:
    found = _within(wanted)
    if wanted.name:
        found = found.where(Commune.search_key == wanted.name)
    return db.session.scalars(found).all()


def _beginning(wanted: CommuneWanted) -> Sequence[Commune]:
    if len(wanted.name) < SHORTEST_BEGINNING:
        return []
    return db.session.scalars(_within(wanted).where(Commune.search_key.startswith(wanted.name))).all()


def _within(wanted: CommuneWanted) -> Select[Commune]:
    found = select(Commune).order_by(Commune.population.desc().nulls_last(), Commune.code)
    if wanted.code:
        found = found.where(or_(Commune.code == wanted.code, Commune.postal_codes.contains([wanted.code])))
    if wanted.department:
        found = found.where(Commune.department_code == wanted.department)
    return found


def commune_names(codes: Collection[str]) -> dict[str, str]:
    """« Tours (37) » by INSEE code; a code that the list does not know has no entry."""
    found = db.session.scalars(select(Commune).where(Commune.code.in_(set(codes))))
    return {commune.code: commune.said for commune in found}


def any_commune() -> bool:
    """Whether the list was loaded."""
    return db.session.scalar(select(Commune.code).limit(1)) is not None
