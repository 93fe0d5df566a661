"""How an eligibility decision, and what somebody was once called, read for those in charge alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tracker.participants.models import EligibilityDecision, IdentityVersion
from tracker.participants.rules.decisions import Outcome
from tracker.participants.rules.identity import IdentityDraft, changed_fields
from tracker.plumbing.formats import MISSING, day_of, french_date
from tracker.publics.rules import EDITIONS, Edition, Proof
from tracker.vocabulary.dates import format_day


@dataclass(frozen=True)
class DecisionView:
    """A decision in words; `grounds` are (label, value) pairs, empty for a refusal."""

    decision: EligibilityDecision
    title: str
    text: str
    grounds: tuple[tuple[str, str], ...]


def decision_view(decision: EligibilityDecision) -> DecisionView:
    """What was decided, why, on which proof, by whom."""
    by = f"Décision de {decision.decided_by.name}"
    if decision.outcome is Outcome.REFUSED:
        return DecisionView(decision, "Refus", f"Motif : {decision.reason} {by}.", ())
    terms = EDITIONS.get(decision.edition_code)
    main = _label(terms, decision.main_category or "")
    others = " ; ".join(_label(terms, code) for code in decision.other_categories)
    proof = Proof(decision.proof_kind).label if decision.proof_kind else "Justificatif"
    seen = f"vu le {format_day(decision.proof_seen_on)}" if decision.proof_seen_on else "date à compléter"
    by_whom = ("Décidée par", decision.decided_by.name)
    grounds: tuple[tuple[str, str], ...] = (
        ("Catégorie principale", main),
        ("Autres catégories", others or "aucune"),
        ("Au regard du RSA", decision.rsa_status.label),
        ("Justificatif", f"{proof}, {seen} par {decision.proof_seen_by}"),
        ("Âge ce jour-là", f"{decision.frozen['age']} ans"),
    )
    if decision.reason:
        grounds = (*grounds, ("Avis motivé", decision.reason))
    return DecisionView(decision, f"Accord : {main}", f"{_sentence(grounds[1:])} {by}.", (*grounds, by_whom))


def _label(terms: Edition | None, code: str) -> str:
    return terms.category(code).label if terms and terms.has(code) else code


def _sentence(grounds: tuple[tuple[str, str], ...]) -> str:
    return " ".join(f"{label} : {value}." for label, value in grounds)


@dataclass(frozen=True)
class EarlierIdentity:
    """Who somebody was until a correction: « Jusqu’au 12/03/2026 », « Amina Dialo », what was wrong, and by whom."""

    when: str
    name: str
    text: str


def earlier_identities(versions: Sequence[IdentityVersion], communes: Mapping[str, str]) -> list[EarlierIdentity]:
    """Each identity that another one replaced, the latest first; `versions` newest first, `communes` said by code."""
    return [_earlier(old, new, communes) for new, old in pairwise(versions)]


def _earlier(old: IdentityVersion, new: IdentityVersion, communes: Mapping[str, str]) -> EarlierIdentity:
    found = differences(old.identity, new.identity, communes)
    held = " ; ".join(f"{label.lower()} : {before}" for label, before, _ in found)
    by = f" Corrigé par {new.recorded_by.name}." if new.recorded_by else ""
    text = f"{held[:1].upper()}{held[1:]}.{by}"
    return EarlierIdentity(f"Jusqu’au {format_day(day_of(new.recorded_at))}", old.name, text)


def differences(one: IdentityDraft, other: IdentityDraft, communes: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Where two identities differ: label, what one says, what the other says."""
    said, said_too = _said_of(one, communes), _said_of(other, communes)
    return [(*said[name], said_too[name][1]) for name in changed_fields(one, other)]


def _said_of(identity: IdentityDraft, communes: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """The label and the text of each field, by its name."""
    return {
        "given_name": ("Prénom", identity.given_name),
        "family_name": ("Nom", identity.family_name),
        "born_on": ("Date de naissance", french_date(identity.born_on)),
        "sex": ("Sexe", identity.sex.label if identity.sex else MISSING),
        "commune_code": (
            "Commune du domicile",
            communes.get(identity.commune_code) or identity.commune_code or MISSING,
        ),
        "level": ("Niveau de diplôme", identity.level.label if identity.level else MISSING),
    }
