"""One record of the open data, of any edition, as a draft."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from tracker.contracts.exchange.drafts import (
    ContractDraft,
    ContractKind,
    Edition,
    HolderDraft,
    ModificationDraft,
    Reject,
)
from tracker.contracts.exchange.fields import (
    Spot,
    is_nothing,
    read_amount,
    read_choice,
    read_cpv,
    read_day,
    read_identifier,
    read_months,
)
from tracker.contracts.exchange.names import (
    CCAGS,
    CONSIDERATIONS,
    IDENTIFIER_KINDS,
    NAMES,
    PLACE_KINDS,
    SECOND_EDITION_NAMES,
    SOCIAL_CLAUSE,
    Names,
)
from tracker.contracts.exchange.shapes import canonical, leaves, objects, part, plain, scalar
from tracker.contracts.exchange.texts import Notes, excerpt, lot_in, read_text, tidy
from tracker.vocabulary.identifiers import is_siret, tidy_identifier

FIVE_SIGNS = {"Code postal", "Code commune"}


class Place(NamedTuple):
    """Where a record stands: its rank from 1, and its path, which also tells concessions and the second edition."""

    rank: int
    path: str


def read_record(published: Any, place: Place, file_remark: str = "") -> ContractDraft | Reject:
    """The draft of a record; a Reject when it is no object, or has no buyer's identifier, number or object.

    `file_remark` is a repair made on the whole file: it is said on each record.
    """
    if not isinstance(published, dict):
        return Reject(
            place.rank, place.path, "", "Enregistrement illisible : ce n’est pas un marché", excerpt(published)
        )
    raw = plain(published)
    kind = kind_of(published, place)
    lacks = _lacks(published, NAMES[kind])
    if lacks:
        reason = " ; ".join(reason for _, reason in lacks).capitalize()
        return Reject(place.rank, place.path, ", ".join(name for name, _ in lacks), reason, excerpt(canonical(raw)))
    record = _Record(published, kind, edition_of(published, place), Notes())
    if file_remark:
        record.notes.repaired("file", file_remark, None)
    return _draft(record, raw, place)


def kind_of(published: dict[str, Any], place: Place) -> ContractKind:
    signs = "autoriteConcedante" in published or "concessionnaires" in published
    return ContractKind.CONCESSION if signs or "contrat-concession" in place.path else ContractKind.MARKET


def edition_of(published: dict[str, Any], place: Place) -> Edition:
    wrapped = "marches.marche" in place.path or "contrat-concession" in place.path
    return Edition.TWO if wrapped or SECOND_EDITION_NAMES & published.keys() else Edition.ONE


class _Record(NamedTuple):
    """A published record being read: its members, what its family calls them, and the remarks made so far."""

    members: dict[str, Any]
    kind: ContractKind
    edition: Edition
    notes: Notes

    @property
    def names(self) -> Names:
        return NAMES[self.kind]

    @property
    def is_market(self) -> bool:
        return self.kind is ContractKind.MARKET


def _draft(record: _Record, raw: dict[str, Any], place: Place) -> ContractDraft:
    values = _who(record) | _what(record) | _terms(record) | _where(record) | _social(record)
    return ContractDraft(
        rank=place.rank,
        path=place.path,
        format=record.edition,
        kind=record.kind,
        **values,
        modifications=tuple(_modifications(record, values["notified_on"])),
        subcontract_count=len(objects(record.members.get("actesSousTraitance"), "acteSousTraitance")),
        remarks=record.notes.all(),
        digest=hashlib.sha256(canonical(raw).encode()).hexdigest(),
        raw=raw,
    )


def _who(record: _Record) -> dict[str, Any]:
    members, names, notes = record.members, record.names, record.notes
    spot = Spot("buyer_identifier", "Acheteur")
    identifier, siret_valid = read_identifier(part(members, names.buyer, "id"), "SIRET", spot, notes)
    return {
        "buyer_identifier": identifier,
        "buyer_siret_valid": siret_valid,
        "buyer_name": read_text(part(members, names.buyer, "nom"), "buyer_name", "Nom de l’acheteur", notes) or None,
        "holders": _holders(members.get(names.holders), names, "", notes),
    }


def _what(record: _Record) -> dict[str, Any]:
    members, notes = record.members, record.notes
    object_ = read_text(scalar(members.get("objet")), "object", "Objet", notes)
    return {
        "number": _number(members.get("id"), notes),
        "lot": lot_in(object_),
        "object": object_,
        "nature": _label(members.get("nature"), Spot("nature", "Nature"), notes),
        "procedure": _label(members.get("procedure"), Spot("procedure", "Procédure"), notes),
        "cpv": read_cpv(members.get("codeCPV"), Spot("cpv", "Code CPV", record.is_market), notes),
        "ccag": read_choice(members.get("ccag"), CCAGS, Spot("ccag", "CCAG", demanded=False), notes),
    }


def _terms(record: _Record) -> dict[str, Any]:
    members, names, notes = record.members, record.names, record.notes
    published_on = members.get("datePublicationDonnees")
    starting = Spot("starts_on", "Début d’exécution", demanded=not record.is_market)
    amount, amount_text = read_amount(members.get(names.amount), Spot("amount", "Montant"), notes)
    return {
        "notified_on": read_day(members.get(names.notified_on), Spot("notified_on", "Date de notification"), notes),
        "published_on": read_day(published_on, Spot("published_on", "Date de publication"), notes),
        "starts_on": read_day(members.get("dateDebutExecution"), starting, notes),
        "duration_months": read_months(members.get("dureeMois"), Spot("duration_months", "Durée en mois"), notes),
        "amount": amount,
        "amount_text": amount_text,
    }


def _where(record: _Record) -> dict[str, Any]:
    """The place; concessions of the second edition have none, and nothing is asked of them.

    Four digits as a text are no postal code that lost its zero: those found in the wild are a publisher's own codes.
    """
    notes, published = record.notes, part(record.members, "lieuExecution", "code")
    published_kind = part(record.members, "lieuExecution", "typeCode")
    kind = read_choice(published_kind, PLACE_KINDS, Spot("place_kind", "Type de lieu", demanded=False), notes)
    code = _label(published, Spot("place_code", "Lieu", record.is_market), notes)
    if code and kind in FIVE_SIGNS:
        code, kind = _five_signs(code, kind, published, notes)
    return {"place_code": code, "place_kind": kind}


def _five_signs(code: str, kind: str, published: Any, notes: Notes) -> tuple[str, str | None]:
    """A postal code or a commune's code (2A and 2B in Corsica); what is neither keeps its code and loses its kind."""
    if not isinstance(published, str) and len(code) == len("4160"):
        notes.repaired("place_code", f"{kind} : zéro de tête rétabli", published)
        code = f"0{code}"
    if re.fullmatch("[0-9][0-9AB][0-9]{3}", code):
        return code, kind
    notes.wrong("place_code", f"{kind} non valide : {excerpt(published)}", published)
    return code, None


def _social(record: _Record) -> dict[str, Any]:
    """The official labels found, and whether a social clause is one; the first edition cannot say."""
    published = record.members.get("considerationsSociales")
    spot = Spot("social_considerations", "Considérations sociales", record.edition is Edition.TWO)
    if published is None:
        if spot.demanded:
            record.notes.missing(spot.field, f"{spot.label} à compléter")
        return {"social_considerations": (), "has_social_clause": None}
    spot = spot._replace(label="Considération sociale", demanded=False)
    labels = [
        read_choice(label, CONSIDERATIONS, spot, record.notes) for label in leaves(published, "considerationSociale")
    ]
    found = tuple(dict.fromkeys(label for label in labels if label))
    return {"social_considerations": found, "has_social_clause": SOCIAL_CLAUSE in found}


def _holders(published: Any, names: Names, within: str, notes: Notes) -> tuple[HolderDraft, ...]:
    """Each holder once, in order; `within` is the field of the modification that names them, "" for the contract."""
    field = f"{within}holders"
    holders: dict[str, HolderDraft] = {}
    found = objects(published, names.holder)
    for index, members in enumerate(found):
        holder = _holder(members, f"{field}[{index}]", notes)
        if not holder.identifier and not holder.name:
            continue
        if holder.key in holders:
            notes.repaired(f"{field}[{index}]", "Titulaire répété, gardé une fois", holder.identifier or holder.name)
        holders.setdefault(holder.key, holder)
    if not found and not within:
        notes.missing(field, "Titulaire à compléter", published)
    return tuple(holders.values())


def _holder(members: dict[str, Any], field: str, notes: Notes) -> HolderDraft:
    published = scalar(members.get("id"))
    kind = _holder_kind(members.get("typeIdentifiant"), published, f"{field}.kind", notes)
    spot = Spot(f"{field}.identifier", "Titulaire")
    identifier, siret_valid = read_identifier(published, kind, spot, notes)
    name = read_text(scalar(members.get("denominationSociale")), f"{field}.name", "Nom du titulaire", notes)
    return HolderDraft(identifier, kind, name or None, siret_valid)


def _holder_kind(published: Any, identifier: Any, field: str, notes: Notes) -> str:
    """The official kind of identifier; deduced when absent from a SIRET with a right sum; "" when nobody can say."""
    spot = Spot(field, "Type d’identifiant du titulaire")
    if is_nothing(published) and is_siret(tidy_identifier(tidy(identifier))):
        notes.repaired(field, f"{spot.label} déduit : SIRET", published)
        return "SIRET"
    return read_choice(published, IDENTIFIER_KINDS, spot, notes) or ""


def _modifications(record: _Record, notified_on: date | None) -> Iterator[ModificationDraft]:
    for index, members in enumerate(objects(record.members.get("modifications"), "modification")):
        modification = _modification(members, f"modifications[{index}].", index + 1, record)
        if modification.on and notified_on and modification.on < notified_on:
            text = f"Modification {index + 1} datée du {modification.on:%d/%m/%Y}, avant la notification"
            record.notes.wrong(f"modifications[{index}].on", text, modification.on)
        yield modification


def _modification(members: dict[str, Any], within: str, rank: int, record: _Record) -> ModificationDraft:
    names, notes = record.names, record.notes
    published_object = scalar(members.get("objetModification"))

    def spot(field: str, label: str) -> Spot:
        return Spot(f"{within}{field}", f"{label} (modification {rank})", demanded=False)

    return ModificationDraft(
        on=read_day(members.get(names.modified_on), spot("on", "Date"), notes),
        published_on=read_day(
            members.get("datePublicationDonneesModification"), spot("published_on", "Date de publication"), notes
        ),
        amount=read_amount(members.get(names.amount), spot("amount", "Montant"), notes)[0],
        duration_months=read_months(members.get("dureeMois"), spot("duration_months", "Durée en mois"), notes),
        object=read_text(published_object, f"{within}object", f"Objet (modification {rank})", notes) or None,
        holders=_holders(members.get(names.holders), names, within, notes),
    )


def _number(published: Any, notes: Notes) -> str:
    if not isinstance(published, str):
        notes.repaired("number", "Numéro : nombre lu comme un texte", published)
    return read_text(scalar(published), "number", "Numéro", notes)


def _label(published: Any, spot: Spot, notes: Notes) -> str | None:
    """A short text, None for nothing; its absence is said when it is asked for."""
    if is_nothing(scalar(published)):
        if spot.demanded:
            notes.missing(spot.field, f"{spot.label} à compléter", published)
        return None
    return read_text(published, spot.field, spot.label, notes) or None


def _lacks(members: dict[str, Any], names: Names) -> list[tuple[str, str]]:
    """The published names without which no contract can be told from another, each with its reason."""
    buyer = part(members, names.buyer, "id")
    needed = (
        (f"{names.buyer}.id", "acheteur sans identifiant", "" if is_nothing(buyer) else tidy_identifier(tidy(buyer))),
        ("id", "numéro du marché absent", tidy(scalar(members.get("id")))),
        ("objet", "objet absent", tidy(scalar(members.get("objet")))),
    )
    return [(name, reason) for name, reason, value in needed if not value]
