"""Proposing somebody for a clause, following each placement, deciding it."""

from collections.abc import Iterable
from typing import Any, Protocol, TypeVar

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.accounts.actions import record_reading
from tracker.accounts.doors import allowed, viewer
from tracker.accounts.models import Organisation
from tracker.accounts.queries import journal_of
from tracker.accounts.rules import IN_CHARGE, Act, Role
from tracker.contracts.doors import clause_or_404
from tracker.contracts.models import Clause
from tracker.participants.documents import decision_view
from tracker.participants.models import Participant
from tracker.participants.queries import commune_named, near_duplicates
from tracker.participants.rules.decisions import Outcome, objections_to_decision
from tracker.participants.rules.identity import IdentityDraft
from tracker.placements import queries
from tracker.placements.actions import decisions, proposals
from tracker.placements.actions.approvals import PDF
from tracker.placements.actions.decisions import edition_of
from tracker.placements.actions.employers import employer_by_siret
from tracker.placements.actions.periods import standing_of
from tracker.placements.actions.proposals import Proposal
from tracker.placements.actions.sitting import Sitting
from tracker.placements.documents import PlacementView, draw_approval, lacks_of, placement_view
from tracker.placements.doors import placement_or_404
from tracker.placements.exchange import Letterhead
from tracker.placements.forms import EligibilityForm, PlacementForm
from tracker.placements.models import Placement
from tracker.placements.rules.periods import days_at_first
from tracker.pledges.queries import pledges_of
from tracker.plumbing import clock, files
from tracker.plumbing.database import db
from tracker.plumbing.forms import once_only
from tracker.reference.queries import commune_names
from tracker.vocabulary.objections import Objection, Refused

blueprint = Blueprint("placements", __name__)
PROPOSED = "La proposition est enregistrée. Les heures comptent à partir de l’accord de la facilitation."
DECIDED = "La décision est enregistrée. L’employeur en est averti."


@blueprint.get("/mises-a-l-emploi")
@allowed(Act.SEE_PLACEMENTS)
def list_placements():
    """An employer's people; for a facilitator all of its structure: what waits, what runs, what has ended."""
    asked = queries.LISTING.read(request.args).only_known({"etat": queries.STAGES})
    page = queries.placements_listed(viewer(), asked, clock.today())
    windows = queries.windows_of(page.rows)
    return render_template(
        "placements/list_placements.html",
        rows=[placement_view(one, windows[one.id], clock.today()) for one in page.rows],
        page=page,
        asked=asked,
        stages=queries.STAGES,
        is_in_charge=viewer().role in IN_CHARGE,
        is_employer=viewer().role is Role.EMPLOYER,
    )


@blueprint.app_template_global("work_of")
def work_of(participant: Participant) -> list[PlacementView]:
    """Somebody's placements, for the file that an earlier room shows."""
    placements = queries.work_of(viewer(), participant.id)
    windows = queries.windows_of(placements)
    return [placement_view(one, windows[one.id], clock.today()) for one in placements]


@blueprint.get("/mises-a-l-emploi/<public_id>")
@allowed(Act.SEE_PLACEMENTS)
def show_placement(public_id: str):
    """One placement: facts, state, who must act. Why the person counts is for those in charge alone."""
    placement = placement_or_404(public_id)
    is_in_charge, changes = viewer().role in IN_CHARGE, queries.changes_of(placement.id)
    if is_in_charge:
        record_reading("participant", placement.participant_id)
    window = queries.windows_of([placement])[placement.id]
    return render_template(
        "placements/show_placement.html",
        placement=placement,
        row=placement_view(placement, window, clock.today()),
        is_in_charge=is_in_charge,
        is_employer=viewer().role is Role.EMPLOYER,
        changes=changes,
        at_first=days_at_first(standing_of(placement).days, [one.from_ends_on for one in changes]),
        approval=placement.approval if placement.approved_on else None,
        lacks=lacks_of(placement, proposals.doubts_about(placement), viewer().role, clock.today()),
        journal_entries=journal_of(("placement", placement.id)),
        grounds=_grounds(placement) if is_in_charge else None,
    )


def _grounds(placement: Placement) -> dict[str, Any]:
    """What those in charge read beside the facts; never given to an employer's page."""
    return {
        "decision": decision_view(placement.decision) if placement.decision else None,
        "communes": commune_names({placement.participant.commune_code}),
    }


@blueprint.get("/mises-a-l-emploi/<public_id>/accord.pdf")
@allowed(Act.SEE_PLACEMENTS)
def download_approval(public_id: str):
    """The very paper of the approval, for ever the same; 404 without one: not approved, or before papers were kept."""
    placement = placement_or_404(public_id)
    paper = placement.approval or abort(404)
    if viewer().role in IN_CHARGE:
        record_reading("participant", placement.participant_id)
    response = Response(files.content_of(paper.file_digest), mimetype=PDF)
    response.headers["Content-Disposition"] = f'attachment; filename="accord-{paper.number}.pdf"'
    return response


@blueprint.route("/clauses/<int:clause_id>/mises-a-l-emploi/nouvelle", methods=["GET", "POST"])
@allowed(Act.PROPOSE_PLACEMENT)
def propose_placement(clause_id: int):
    """An employer proposes somebody for a clause; a facilitator may in its place."""
    clause, form = clause_or_404(clause_id), PlacementForm()
    proposal = _read(form, clause)
    response = _propose(form, proposal) if form.is_submitted() else None
    if response is None:
        page = render_template("placements/propose_placement.html", form=form, clause=clause)
        return page, 422 if form.summary else 200
    db.session.commit()
    flash(PROPOSED, "success")
    return response


def _propose(form: PlacementForm, proposal: Proposal) -> Response | None:
    today = clock.today()
    if not form.validate():
        form.take(proposals.objections_to_proposal(proposal, today))
        return None
    try:
        return once_only(form, lambda: _address_of(proposals.propose_placement(proposal, clock.now(), today)))
    except Refused as refused:
        db.session.rollback()
        form.take(refused.objections)
        return None


def _address_of(placement: Placement) -> str:
    return url_for("placements.show_placement", public_id=placement.public_id)


def _read(form: PlacementForm, clause: Clause) -> Proposal:
    """What the page proposes; takes away the questions that this viewer is not asked."""
    pledges = pledges_of([clause.id])[clause.id]
    employer, lacks = _employer(form, clause)
    commune_code, unclear = commune_named(form.commune_code.data or "")
    identity = form.identity(commune_code)
    participant, doubles = _person(form, clause, identity)
    form.offer_holders([(one.public_id, one.organisation.name) for one in pledges])
    return Proposal(
        clause=clause,
        employer=employer,
        pledges=pledges,
        work=form.work(),
        job=form.job.data or "",
        identity=identity,
        participant=participant,
        holder=_chosen(pledges, form.holder.data if form.holder else None),
        unclear=[*lacks, *unclear, *doubles],
    )


def _employer(form: PlacementForm, clause: Clause) -> tuple[Organisation | None, list[Objection]]:
    around = queries.employers_around(clause)
    if viewer().role not in IN_CHARGE:
        form.ask_no_employer()
        return next(one for one in around if one.id == viewer().organisation_id), []
    form.offer_employers([(one.public_id, one.name) for one in around])
    employer = _chosen(around, form.employer.data)
    if employer or not form.is_submitted():
        return employer, []
    return employer_by_siret(form.employer_siret.data or "", form.employer_name.data or "", clock.now())


def _person(form: PlacementForm, clause: Clause, identity: IdentityDraft) -> tuple[Participant | None, list[Objection]]:
    """Somebody known: to the employer, among its own people; to those in charge, a near-duplicate."""
    if viewer().role not in IN_CHARGE:
        people = queries.people_to_propose(viewer(), clause.structure_id)
        form.offer_people(people)
        return _chosen(people, form.participant.data if form.participant else None), []
    people = near_duplicates(clause.structure_id, identity)
    form.offer_people(people, may_be_doubles=True)
    chosen = _chosen(people, form.participant.data if form.participant else None)
    if not people or chosen or form.is_another.data:
        return chosen, []
    text = "Une personne de ce nom, née ce jour-là, est déjà connue. Choisissez-la, ou cochez la case sous ce champ."
    return None, [Objection("near_duplicate", text, "participant")]


class _Addressed(Protocol):
    public_id: Any


One = TypeVar("One", bound=_Addressed)


def _chosen(rows: Iterable[One], public_id: str | None) -> One | None:
    return next((one for one in rows if one.public_id == public_id), None)


@blueprint.route("/mises-a-l-emploi/<public_id>/eligibilite", methods=["GET", "POST"])
@allowed(Act.DECIDE_ELIGIBILITY)
def decide_eligibility(public_id: str):
    """A facilitator grants or refuses; two at once: the second is told what changed."""
    placement = placement_or_404(public_id)
    form = EligibilityForm(data=_first_answers(placement))
    running = queries.running_decision(placement.participant_id, clock.today())
    form.offer(edition_of(placement), running.decided_on if running else None)
    response = _decide(form, placement) if form.is_submitted() else _decided_already(placement)
    if response is not None:
        return response
    record_reading("participant", placement.participant_id)
    page = render_template(
        "placements/decide_eligibility.html",
        form=form,
        placement=placement,
        doubts=proposals.doubts_about(placement),
        communes=commune_names({placement.participant.commune_code}),
    )
    return page, 422 if form.summary else 200


def _first_answers(placement: Placement) -> dict[str, Any]:
    return {
        "version": placement.version_id,
        "proof_seen_on": clock.today(),
        "proof_seen_by": viewer().person_name,
    }


def _decided_already(placement: Placement) -> Response | None:
    is_waiting = placement.approved_on is None and placement.refused_at is None
    return None if is_waiting else redirect(_address_of(placement))


def _decide(form: EligibilityForm, placement: Placement) -> Response | None:
    if not form.validate():
        form.take(objections_to_decision(form.facts(), edition_of(placement), clock.today()))
        return None
    try:
        response = once_only(form, lambda: _decided(form, placement))
    except Refused as refused:
        db.session.rollback()
        form.take(refused.objections)
        return None
    db.session.commit()
    flash(DECIDED, "success")
    return response


def _decided(form: EligibilityForm, placement: Placement) -> str:
    names = current_app.config
    # The site's own name, never the one the request came under: it goes to somebody else's mailbox.
    address = f"{names['BASE_URL']}{_address_of(placement)}"
    head = Letterhead(names["SERVICE_NAME"], names["DEPARTMENT_NAME"], address)
    who, version = viewer(), form.version.data or 0
    sitting = Sitting(who.person_id, who.person_name, clock.now(), clock.today(), version, head, draw_approval)
    facts = form.facts()
    if form.reuses:
        decisions.grant_again(placement, sitting)
    elif facts.outcome is Outcome.GRANTED:
        decisions.grant(placement, facts, sitting)
    else:
        decisions.refuse(placement, facts, sitting)
    return _address_of(placement)
