"""Whether a person counts, why, and on which proof."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.publics.rules import Category, Edition, Proof
from tracker.vocabulary.dates import age_on
from tracker.vocabulary.law import Source
from tracker.vocabulary.objections import Level, Objection

PRIOR_APPROVAL = Source(
    "TA Rennes, décision publiée le 4 février 2026 (490 h dues, 70 h admises)", read_on=date(2026, 11, 1)
)


class RsaStatus(StrEnum):
    """A person's tie to the RSA; recipient and partner make the headline, dependants stand apart."""

    NONE = "none"
    RECIPIENT = "recipient"
    PARTNER = "partner"
    DEPENDANT = "dependant"

    @property
    def label(self) -> str:
        return _RSA[self]

    @property
    def is_headline(self) -> bool:
        """Whether the person's hours are hours of RSA recipients in the published share."""
        return self in {RsaStatus.RECIPIENT, RsaStatus.PARTNER}


_RSA = {
    RsaStatus.NONE: "sans RSA",
    RsaStatus.RECIPIENT: "allocataire",
    RsaStatus.PARTNER: "conjoint·e d’allocataire",
    RsaStatus.DEPENDANT: "autre ayant droit",
}


class Outcome(StrEnum):
    """What a facilitator decided."""

    GRANTED = "granted"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        return {Outcome.GRANTED: "accord", Outcome.REFUSED: "refus"}[self]


@dataclass(frozen=True)
class DecisionFacts:
    """A decision as typed, and what the rules need of the person.

    `decided_on` is today when None. `proof_issued_on` is the date on the paper, when it was noted; the proof's age is
    then counted from it, else from the day it was seen. `age_is_waived`: the buyer agreed.
    """

    outcome: Outcome | None
    born_on: date | None = None
    main_category: str | None = None
    other_categories: tuple[str, ...] = ()
    rsa_status: RsaStatus = RsaStatus.NONE
    proof_kind: Proof | None = None
    proof_seen_on: date | None = None
    proof_seen_by: str = ""
    proof_issued_on: date | None = None
    reason: str = ""
    decided_on: date | None = None
    age_is_waived: bool = False


def objections_to_decision(facts: DecisionFacts, edition: Edition, today: date) -> list[Objection]:
    """What forbids this decision under this list of publics; fields are those of the facts."""
    if facts.outcome is None:
        return [Objection("outcome_missing", "Choisissez : accord ou refus.", "outcome")]
    day = facts.decided_on or today
    found = list(_day_objections(day, today))
    if facts.outcome is Outcome.REFUSED:
        return found + list(_refusal_objections(facts))
    found += _category_objections(facts, edition)
    found += _rsa_objections(facts, edition)
    category = _main_of(facts, edition)
    if category:
        found += _age_objections(facts, category, day)
        found += _opinion_objections(facts, category)
    return found + list(_proof_objections(facts, category, day))


def _main_of(facts: DecisionFacts, edition: Edition) -> Category | None:
    code = facts.main_category
    return edition.category(code) if code and edition.has(code) else None


def _day_objections(day: date, today: date) -> Iterator[Objection]:
    if day > today:
        yield Objection("decided_in_future", "La date de la décision est dans l’avenir.", "decided_on")
    elif day < today:
        text = "Décision antidatée : les heures comptent à partir de l’accord. Gardez la pièce qui montre cette date."
        yield Objection("decided_in_past", text, "decided_on", Level.WARNS, PRIOR_APPROVAL)


def _refusal_objections(facts: DecisionFacts) -> Iterator[Objection]:
    if not facts.reason.strip():
        text = "Écrivez le motif du refus : la personne et l’employeur peuvent le demander."
        yield Objection("refusal_without_reason", text, "reason")


def _category_objections(facts: DecisionFacts, edition: Edition) -> Iterator[Objection]:
    if not facts.main_category:
        yield Objection("category_missing", "Choisissez la catégorie principale.", "main_category")
    elif not edition.has(facts.main_category):
        text = f"Cette catégorie n’est pas dans la liste « {edition.name} »."
        yield Objection("category_unknown", text, "main_category", source=edition.source)
    if any(not edition.has(code) for code in facts.other_categories):
        text = f"Une des autres catégories n’est pas dans la liste « {edition.name} »."
        yield Objection("other_category_unknown", text, "other_categories", source=edition.source)
    if facts.main_category in facts.other_categories or _has_twins(facts.other_categories):
        text = "Une catégorie est cochée deux fois. Laissez-la une seule fois."
        yield Objection("category_twice", text, "other_categories")


def _has_twins(codes: tuple[str, ...]) -> bool:
    return len(set(codes)) < len(codes)


def _rsa_objections(facts: DecisionFacts, edition: Edition) -> Iterator[Objection]:
    rsa = edition.rsa_category
    if rsa is None:
        return
    has_status = facts.rsa_status is not RsaStatus.NONE
    is_main = facts.main_category == rsa.code
    if is_main and not has_status:
        text = "Précisez : allocataire, conjoint·e ou autre ayant droit."
        yield Objection("rsa_status_missing", text, "rsa_status")
    if not is_main and (has_status or rsa.code in facts.other_categories):
        text = "La catégorie RSA est la catégorie principale dès qu’elle est présente."
        yield Objection("rsa_is_main", text, "main_category", settled_by="Choisir la catégorie RSA, ou « sans RSA ».")


def _age_objections(facts: DecisionFacts, category: Category, day: date) -> Iterator[Objection]:
    if facts.born_on is None or facts.age_is_waived or category.allows_age_on(facts.born_on, day):
        return
    text = f"Cette catégorie vaut {category.age_rule} : la personne a {age_on(facts.born_on, day)} ans ce jour."
    settled = "Une autre catégorie, ou l’accord de l’acheteur."
    yield Objection("age_outside_category", text, "main_category", settled_by=settled)


def _opinion_objections(facts: DecisionFacts, category: Category) -> Iterator[Objection]:
    if category.needs_reason and not facts.reason.strip():
        yield Objection("opinion_without_reason", "Écrivez votre avis motivé.", "reason")


def _proof_objections(facts: DecisionFacts, category: Category | None, day: date) -> Iterator[Objection]:
    proof = facts.proof_kind
    if proof is None:
        yield Objection("proof_missing", "Choisissez le justificatif que vous avez vu.", "proof_kind")
    elif category and proof not in category.proofs:
        text = f"Pour cette catégorie, les justificatifs admis sont : {_list_of(category.proofs)}."
        yield Objection("proof_not_accepted", text, "proof_kind")
    if not facts.proof_seen_by.strip():
        yield Objection("proof_seen_by_missing", "Indiquez qui a vu le justificatif.", "proof_seen_by")
    yield from _proof_day_objections(facts, day)


def _proof_day_objections(facts: DecisionFacts, day: date) -> Iterator[Objection]:
    seen_on = facts.proof_seen_on
    if seen_on is None:
        yield Objection("proof_seen_on_missing", "Indiquez le jour où vous l’avez vu.", "proof_seen_on")
        return
    if seen_on > day:
        text = "Le justificatif ne peut pas être vu après la décision."
        yield Objection("proof_seen_too_late", text, "proof_seen_on")
    issued_on = facts.proof_issued_on or seen_on
    if issued_on > seen_on:
        text = "La date du justificatif vient après le jour où il a été vu."
        yield Objection("proof_issued_too_late", text, "proof_issued_on")
    if facts.proof_kind and not facts.proof_kind.is_recent_on(issued_on, day):
        text = f"Ce justificatif doit avoir moins de {facts.proof_kind.months} mois. Demandez-en un récent."
        yield Objection("proof_too_old", text, "proof_seen_on")


def _list_of(proofs: tuple[Proof, ...]) -> str:
    return " ; ".join(proof.label for proof in proofs)
