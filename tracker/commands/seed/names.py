"""Invented names: ordinary given names, family names and firms made of syllables, numbers with their right sum."""

from __future__ import annotations

from random import Random

from stdnum import luhn

from tracker.participants.rules.identity import Sex
from tracker.plumbing.database import PUBLIC_ID_LENGTH, PUBLIC_ID_SIGNS


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GIVEN = {
    Sex.FEMALE: _words(
        "Aïcha Amina Anaïs Anne-Laure Béatrice Camille Chloé Élodie Émilie Fatou Françoise Gaëlle Hélène Inès Jeanne "
        "Justine Kadiatou Laëtitia Léa Lucie Maëlys Marie-Françoise Mélanie Nadia Noémie Samira Solène Yasmine Zoé"
    ),
    Sex.MALE: _words(
        "Abdel Adrien Alexandre André Baptiste Benoît Cédric Clément Damien Étienne Florian François Grégory Hugo "
        "Jean-Baptiste Jérémy Joël Kévin Loïc Mamadou Mathéo Mickaël Moussa Noël Rémi Sébastien Théo Yann Youssef"
    ),
}
_HEADS = _words("Bar Bel Cor Dar Fré Gal Gué Har Jol Kér Lam Lor Mar Mén Nor Per Quér Rab Sau Tal Val Vau")
_MIDDLES = _words("ba bi cha dé do fi gue la li lo ma mi né no ra ri ro sa ti va")
_TAILS = _words("bault chon dier doux lain lard let lier min nard neau net quet rand reau ric rin tier ton vel")
_RARE = (
    "D’{0}",
    "Le {0}",
    "De La {0}",
    "{0}-Quénéhervé",
    "{0} d’Entraigues-sur-Vauvenargues",
    "N’{0}",
    "{0}-Fœrster",
)
RARITY = 0.04
_FIRMS = ("{0} et Fils", "{0} Travaux", "Groupe {0}", "{0} Services", "Établissements {0}", "{0} Environnement", "{0}")
_TO_SIGNS = bytes(ord(PUBLIC_ID_SIGNS[byte % len(PUBLIC_ID_SIGNS)]) for byte in range(256))


def family_name(rng: Random) -> str:
    """« Belmineau »; one in twenty-five is long, in two words or has an apostrophe."""
    name = rng.choice(_HEADS) + rng.choice(_MIDDLES) + rng.choice(_TAILS)
    return rng.choice(_RARE).format(name) if rng.random() < RARITY else name


def given_name(rng: Random, sex: Sex) -> str:
    return rng.choice(GIVEN[sex])


def firm_name(rng: Random, structure_type: str = "") -> str:
    """« Guéridier et Fils », or « EI Guéridier » for an insertion structure."""
    name = rng.choice(_HEADS) + rng.choice(_MIDDLES) + rng.choice(_TAILS)
    return f"{structure_type} {name}" if structure_type else rng.choice(_FIRMS).format(name)


def siret_of(number: int) -> str:
    """A valid SIRET of the unused series 0, one for each number below ten millions."""
    siren = f"0{number:07d}"
    siren += luhn.calc_check_digit(siren)
    return siren + "0001" + luhn.calc_check_digit(siren + "0001")


def public_id(rng: Random) -> str:
    """Sixteen signs of the house's alphabet, from the seed's own chance."""
    return rng.randbytes(PUBLIC_ID_LENGTH).translate(_TO_SIGNS).decode()
