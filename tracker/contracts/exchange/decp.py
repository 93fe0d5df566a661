"""A file of the open data read as a stream: one record after another, in flat memory, to its end or to its break."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import InvalidOperation
from itertools import chain
from typing import Any, BinaryIO, NamedTuple

import ijson

from tracker.contracts.exchange.drafts import ContractDraft, Reject, RejectKind
from tracker.contracts.exchange.records import Place, read_record
from tracker.contracts.exchange.source import PIECE, Source
from tracker.contracts.exchange.texts import excerpt

WRAPPERS = {"marches", "marche", "contrat-concession"}
RECORD_NAMES = {"id", "objet", "acheteur", "acheteur.id", "autoriteConcedante"}
DEEPEST = 24
"""Official records are 8 deep; what lies deeper in a record is dropped."""
DEEPEST_WRAPPER = 6
READ_AS_WINDOWS = "Fichier en Windows-1252 lu comme tel (UTF-8 attendu)"

Event = tuple[str, Any]
Events = Iterator[Event]


class _Found(NamedTuple):
    path: str
    value: Any


def read_decp(stream: BinaryIO) -> Iterator[ContractDraft | Reject]:
    """Every record of a DECP file (JSON; 1.3 to 1.5, 2.0.0 to 2.0.3; a list or one record alone), in order.

    A file that is no JSON, or breaks, gives what came before, then one Reject of kind « file ». Nothing is raised but
    the stream's own errors. At most one record is held at a time; the stream is not closed.
    """
    source, rank, path = Source(stream), 0, ""
    try:
        for path, value in _found(_events(source)):
            rank += 1
            yield _read(value, Place(rank, path), source)
    except (ijson.JSONError, InvalidOperation, UnicodeError) as error:
        yield _break(error, rank + 1, path, source)


def _read(value: Any, place: Place, source: Source) -> ContractDraft | Reject:
    is_record = isinstance(value, dict) and RECORD_NAMES & value.keys()
    if place.path == "" and not is_record:
        return Reject(1, "", "", "Ce fichier ne contient aucun marché", excerpt(value), RejectKind.FILE)
    return read_record(value, place, READ_AS_WINDOWS if source.is_windows else "")


def _break(error: Exception, rank: int, path: str, source: Source) -> Reject:
    """The end of what can be read: where, how much is kept, and the place as the parser shows it."""
    lines = [line.strip() for line in str(error).splitlines()]
    shown = excerpt(lines[1]) if len(lines) > 1 else ""
    return Reject(rank, path, "", _why(source, rank), shown, RejectKind.FILE)


def _why(source: Source, rank: int) -> str:
    if not source.offset:
        return "Fichier vide"
    kept = f"{rank - 1} enregistrements lus avant sont gardés" if rank > 2 else ""  # noqa: PLR2004 - a plural
    kept = "L’enregistrement lu avant est gardé" if rank == 2 else kept  # noqa: PLR2004 - one was read
    cut = "Le fichier s’arrête au milieu" if source.is_spent else "Le fichier n’est pas du JSON valide"
    return f"{cut} (vers la ligne {source.line}, octet {source.offset})" + (f". {kept}" if kept else "")


def _events(source: Source) -> Events:
    return iter(ijson.basic_parse(source, buf_size=PIECE))


def _found(events: Events) -> Iterator[_Found]:
    yield from _values(next(events), events, "", 0)
    # Reading to the end tells whether something is left behind the last bracket.
    for _ in events:
        pass


def _values(first: Event, events: Events, path: str, depth: int) -> Iterator[_Found]:
    """The records under a place that may be a wrapper, a list or a record."""
    if first[0] == "start_array" and depth < DEEPEST_WRAPPER:
        for index, event in enumerate(events):
            if event[0] == "end_array":
                return
            yield from _values(event, events, f"{path}[{index}]", depth + 1)
    elif first[0] == "start_map" and depth < DEEPEST_WRAPPER:
        yield from _values_of_map(events, path, depth)
    else:
        yield _Found(path, _built(first, events))


def _values_of_map(events: Events, path: str, depth: int) -> Iterator[_Found]:
    """The records under a wrapper's names; the object itself, once whole, when it has none of them."""
    members: dict[str, Any] = {}
    is_wrapper = False
    for event, name in events:
        if event == "end_map":
            break
        first = next(events)
        if name not in WRAPPERS:
            members[name] = _built(first, events)
            continue
        is_wrapper = True
        if first[0] != "null":
            yield from _values(first, events, f"{path}.{name}".lstrip("."), depth + 1)
    if not is_wrapper:
        yield _Found(path, members)


def _built(first: Event, events: Events) -> Any:
    """The whole value that begins with this event; null in the place of what lies too deep."""
    builder, depth = ijson.ObjectBuilder(), 0
    for event, value in chain([first], events):
        opens = event in ("start_map", "start_array")
        depth += opens
        if depth <= DEEPEST:
            builder.event(event, value)
        elif opens and depth == DEEPEST + 1:
            builder.event("null", None)
        depth -= event in ("end_map", "end_array")
        if not depth:
            break
    return builder.value
