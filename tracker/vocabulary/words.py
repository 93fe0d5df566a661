"""French words as keys: search and alphabetical order without any extension of the database."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "’": "'", "ß": "ss"})


def search_key(*texts: str | None) -> str:
    """The texts without accents or case, punctuation as single spaces: « Évêché n° 2 » → « eveche n 2 »."""
    joined = " ".join(text for text in texts if text).translate(_LIGATURES)
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", joined) if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", " ", bare.lower()).strip()


sort_key = search_key


def plural(count: int, one: str, many: str | None = None) -> str:
    """« aucune personne » is the page's word for zero; else « 1 personne », « 2 personnes », with a no-break space.

    French puts zero and one in the singular.
    """
    return f"{count:,}".replace(",", "\u00a0") + "\u00a0" + (one if abs(count) <= 1 else many or f"{one}s")


def french_spaces(text: str) -> str:
    """The text with no-break spaces where French wants one: before : ; ? ! % » and after «."""
    return re.sub(r"(?<=«) ", "\u00a0", re.sub(r" (?=[:;?!%»](?:\s|$))", "\u00a0", text))


def of(name: str) -> str:
    """« d’Amina », « d’octobre », « de Karim »; an h is heard, and a y elides before a consonant alone (« d’Yves »)."""
    start = search_key(name)[:2]
    elides = start[:1] in set("aeiou") or (start[:1] == "y" and start[1:] not in set("aeiou"))
    return f"d’{name}" if start and elides else f"de {name}"
