"""Published text put right: entities, broken accents, control signs; what is lost stays visible."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tracker.contracts.exchange.drafts import EXCERPT, Remark, RemarkKind
from tracker.contracts.exchange.source import windows_sign

LOST = "\ufffd"
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_WINDOWS_CONTROL = re.compile(r"[\u0080-\u009f]")
_TWICE_ENCODED = re.compile(r"[\u00c2-\u00c5\u00e2].")
_FRENCH_SIGNS = re.compile(r"[\s\x21-\x7e\u00a0-\u00ffŒœŸ‘’“”–—…€•™]*")
_ESCAPED_QUOTE = re.compile(r"\\+(?=['\"’])")
# A question mark is never followed by a letter in French: « mise en ?uvre » lost its « œ ».
_LOST_TO_QUESTION_MARK = re.compile(r"\?(?=[^\W\d_])")
# Anything else than the plain signs of French, or what begins a repair: most texts have none, and pass at once.
_SUSPECT = re.compile(r"[^\s\x20-\x7e\u00a0-\u00ac\u00ae-\u00ffŒœ‘’“”–—…€]|[&\\ÂÃÄÅâ]")
_LOT = re.compile(
    r"\blots?\s*(?:n\s*[°ºo.]*|:)?\s*([0-9]{1,3}(?:[a-z](?![a-z]))?)(?![0-9])(?!\s*(?:et|à|[,&/-])\s*[0-9])",
    re.IGNORECASE,
)
_CONTROL_CATEGORIES = {"Cc", "Cf", "Cs", "Co"}


class Notes:
    """The remarks of one record, in the order in which they are made; each says its field and its label."""

    def __init__(self) -> None:
        self._remarks: list[Remark] = []

    def repaired(self, field: str, text: str, raw: Any) -> None:
        self._add(field, RemarkKind.REPAIRED, text, raw)

    def wrong(self, field: str, text: str, raw: Any) -> None:
        self._add(field, RemarkKind.WRONG, text, raw)

    def missing(self, field: str, text: str, raw: Any = None) -> None:
        self._add(field, RemarkKind.MISSING, text, raw)

    def all(self) -> tuple[Remark, ...]:
        return tuple(self._remarks)

    def _add(self, field: str, kind: RemarkKind, text: str, raw: Any) -> None:
        self._remarks.append(Remark(field, kind, text, excerpt(raw)))


def excerpt(raw: Any) -> str:
    """What was published, at most 200 characters, without NUL; "" for nothing, « 1.0e17 » as JSON writes it."""
    text = str(raw).replace("E+", "e") if isinstance(raw, Decimal) else str(raw)
    return storable("" if raw is None else text)[:EXCERPT]


def storable(text: str) -> str:
    """The text without what PostgreSQL or UTF-8 refuse: NUL goes, a lone surrogate becomes U+FFFD."""
    return _SURROGATE.sub(LOST, text).replace("\0", "")


def tidy(raw: Any) -> str:
    """The text repaired, on one line, single spaces; "" for nothing, « Oui » words untouched."""
    return tidy_with_reasons(raw)[0]


def tidy_with_reasons(raw: Any) -> tuple[str, tuple[str, ...]]:
    """The repaired text, and what each repair was, in French; spaces and line ends are no repair."""
    text, reasons = "" if raw is None else str(raw), []
    for repair, reason in _REPAIRS if _SUSPECT.search(text) else ():
        repaired = repair(text)
        if repaired != text:
            reasons.append(reason)
        text = repaired
    return " ".join(text.split()), tuple(reasons)


def read_text(raw: Any, field: str, label: str, notes: Notes) -> str:
    """A text of the record put right, with its repairs and its lost signs said; "" when there is none."""
    text, reasons = tidy_with_reasons(raw)
    if reasons:
        notes.repaired(field, f"{label} : {', '.join(reasons)}", raw)
    if LOST in text or _LOST_TO_QUESTION_MARK.search(text):
        notes.wrong(field, f"{label} : caractères perdus à la publication", raw)
    return text


def lot_in(text: str) -> str:
    """« 2 » for « …, LOT N°02 : peinture »; "" when no lot or several are named (« lots 1 et 2 », « en 12 lots »)."""
    lots = {lot.lstrip("0").upper() for lot in _LOT.findall(text)}
    return lots.pop() if len(lots) == 1 else ""


def _without_surrogates(text: str) -> str:
    return _SURROGATE.sub(LOST, text)


def _decoded_twice(text: str) -> str:
    """« dÃ©chets » is « déchets » read in the wrong alphabet; left alone unless the whole text then reads as French."""
    if not _TWICE_ENCODED.search(text):
        return text
    try:
        read = b"".join(map(_windows_byte, text)).decode("utf-8")
    except UnicodeError:
        return text
    return read if _FRENCH_SIGNS.fullmatch(read) else text


def _windows_byte(sign: str) -> bytes:
    return sign.encode("latin-1") if ord(sign) < 0x100 else sign.encode("cp1252")  # noqa: PLR2004 - one byte


def _without_entities(text: str) -> str:
    """Entities read as their signs, up to three times: « &amp;amp;#039; » is found in the wild."""
    for _ in range(3):
        text = _ENTITY.sub(lambda entity: html.unescape(entity.group()), text)
    return text


def _windows_signs(text: str) -> str:
    return _WINDOWS_CONTROL.sub(lambda sign: windows_sign(ord(sign.group())), text)


def _without_control(text: str) -> str:
    """Without invisible signs, but spaces and line ends."""
    return "".join(sign for sign in text if sign.isspace() or unicodedata.category(sign) not in _CONTROL_CATEGORIES)


def _without_escapes(text: str) -> str:
    return _ESCAPED_QUOTE.sub("", text)


_REPAIRS: tuple[tuple[Callable[[str], str], str], ...] = (
    (_without_surrogates, "caractères illisibles remplacés"),
    (_without_entities, "entités HTML remplacées"),
    (_decoded_twice, "accents rétablis"),
    (_windows_signs, "signes Windows-1252 rétablis"),
    (_without_control, "caractères de commande retirés"),
    (_without_escapes, "barres obliques inverses retirées"),
)
