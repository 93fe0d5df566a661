"""How an eligibility decision reads, for those in charge alone."""

from dataclasses import dataclass

from tracker.participants.models import EligibilityDecision
from tracker.participants.rules.decisions import Outcome
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
