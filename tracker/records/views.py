"""The contract's page and the clause's page."""

from flask import Blueprint, render_template

from tracker.accounts.doors import allowed, viewer
from tracker.accounts.rules import Act
from tracker.certificates.queries.certificates import certificates_of
from tracker.contracts.doors import clause_or_404, contract_or_404
from tracker.plumbing import clock
from tracker.records import queries
from tracker.records.documents import clause_view, holders_note, period_text
from tracker.vocabulary.words import plural

blueprint = Blueprint("records", __name__)


@blueprint.get("/marches/<int:contract_id>")
@allowed(Act.SEE_CONTRACTS)
def show_contract(contract_id: int):
    """Everything about one contract: where each clause stands first."""
    contract = contract_or_404(contract_id)
    record = queries.contract_record(viewer(), contract, clock.today())
    return render_template(
        "records/show_contract.html",
        record=record,
        contract=contract,
        clauses=[clause_view(one) for one in record.clauses],
        period=period_text(contract.starts_on, contract.ends_on),
        duration=plural(contract.duration_months, "mois", "mois") if contract.duration_months else None,
        holders_note=holders_note(record.holders),
        may_register=viewer().may(Act.REGISTER_CLAUSE),
    )


@blueprint.get("/clauses/<int:clause_id>")
@allowed(Act.SEE_CONTRACTS)
def show_clause(clause_id: int):
    """Everything about one clause: how its hours due are made, who undertook it, who works under it."""
    clause = clause_or_404(clause_id)
    (record,) = queries.clause_records(viewer(), [clause], clock.today())
    return render_template(
        "records/show_clause.html",
        record=record,
        clause=clause,
        certificates=certificates_of([clause.id], viewer())[clause.id],
        shown=clause_view(record),
        period=period_text(clause.starts_on, clause.ends_on),
        journal_entries=queries.journal_of(("clause", clause.id)) if viewer().may(Act.REGISTER_CLAUSE) else [],
        may_invite=viewer().may(Act.INVITE_EMPLOYER),
        may_propose=viewer().may(Act.PROPOSE_PLACEMENT),
        may_certify=viewer().may(Act.ISSUE_CERTIFICATE),
    )
