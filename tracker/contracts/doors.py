"""A contract or a clause for the person acting, or 404: whether it exists is nobody else's business."""

from flask import abort

from tracker.accounts.doors import viewer
from tracker.contracts import models
from tracker.contracts.queries import clauses, contracts


def contract_or_404(contract_id: int) -> models.Contract:
    """The contract with its buyer, when the person acting may see it."""
    return contracts.contract_seen_by(viewer(), contract_id) or abort(404)


def clause_or_404(clause_id: int) -> models.Clause:
    """The clause with its contract, buyer, facilitator and structure, when the person acting may see it."""
    return clauses.clause_seen_by(viewer(), clause_id) or abort(404)
