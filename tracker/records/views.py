"""The contract's page and the clause's page."""

from flask import Blueprint

from tracker.accounts.doors import allowed
from tracker.accounts.rules import Act

blueprint = Blueprint("records", __name__)


@blueprint.get("/marches/<int:contract_id>")
@allowed(Act.SEE_CONTRACTS)
def show_contract(contract_id: int):
    """Everything about one contract."""
    return f"{contract_id}"


@blueprint.get("/clauses/<int:clause_id>")
@allowed(Act.SEE_CONTRACTS)
def show_clause(clause_id: int):
    """Everything about one clause."""
    return f"{clause_id}"
