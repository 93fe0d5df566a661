"""Registering a clause; inviting the employer who made a pledge."""

from collections.abc import Sequence

from flask import Blueprint, current_app, flash, render_template, url_for

from tracker.accounts.doors import address_of_link, allowed, viewer
from tracker.accounts.exchange import Mail, link_mail
from tracker.accounts.models import Membership
from tracker.accounts.queries import facilitators_of
from tracker.accounts.rules import Act, Role
from tracker.contracts.doors import contract_or_404
from tracker.contracts.forms.clauses import CALCULATED, ClauseForm
from tracker.contracts.models import Contract
from tracker.contracts.rules.clauses import objections_to_clause, objections_to_figures, planned_end
from tracker.contracts.rules.obligations import LABOUR_SHARES, in_days, in_fte
from tracker.pledges import actions, queries
from tracker.pledges.doors import guest_or_404, pledge_or_404
from tracker.pledges.forms import AgainForm, InvitationForm
from tracker.pledges.models import Pledge
from tracker.plumbing import clock
from tracker.plumbing.database import db
from tracker.plumbing.forms import once_only, options
from tracker.settings.queries import settings_on
from tracker.vocabulary.objections import Refused

blueprint = Blueprint("pledges", __name__)


@blueprint.route("/marches/<int:contract_id>/clauses/nouvelle", methods=["GET", "POST"])
@allowed(Act.REGISTER_CLAUSE)
def register_clause(contract_id: int):
    """The terms of a clause and its hours due, whose sum is shown before anything is saved."""
    contract = contract_or_404(contract_id)
    facilitators = _facilitators()
    form = ClauseForm(data=_known_of(contract))
    form.facilitator.choices = options([("", "Personne pour l’instant"), *map(_option_of, facilitators)])
    is_read = form.validate_on_submit()
    if form.calculate.data:
        form.basis.data = form.figures.basis.value
        form.keep_errors_of(CALCULATED)
        form.take(objections_to_figures(form.figures) if not form.summary else ())
    if not is_read or form.calculate.data:
        return _page_of(contract, form), 422 if form.summary else 200
    try:
        response = once_only(form, lambda: _register(contract, form, facilitators))
    except Refused as refused:
        db.session.rollback()
        form.take(refused.objections)
        return _page_of(contract, form), 422
    db.session.commit()
    return response


def _facilitators() -> Sequence[Membership]:
    """A facilitator registers for its own structure; a buyer or an administrator may ask any of them."""
    mine = viewer().organisation_id if viewer().role is Role.FACILITATOR else None
    return facilitators_of(mine, clock.today())


def _option_of(membership: Membership) -> tuple[str, str]:
    return str(membership.id), f"{membership.person.name}, {membership.organisation.name}"


def _known_of(contract: Contract) -> dict[str, object]:
    """What the contract and the person acting already say of the clause."""
    starts_on = contract.starts_on or contract.notified_on
    known: dict[str, object] = {
        "starts_on": starts_on,
        "ends_on": contract.ends_on or planned_end(starts_on, contract.duration_months),
        "amount": contract.amount,
        "deposit_day": settings_on(clock.today()).number("deposit_day"),
    }
    if viewer().role is Role.FACILITATOR:
        known |= {"facilitator": str(viewer().membership_id), "facilitator_contact": viewer().person_name}
    return known


def _page_of(contract: Contract, form: ClauseForm) -> str:
    figures, divisor = form.figures, settings_on(clock.today()).number("fte_divisor")
    hours = figures.hours if form.calculate.data and not form.summary else None
    return render_template(
        "pledges/register_clause.html",
        contract=contract,
        form=form,
        labour_shares=LABOUR_SHARES,
        steps=[(step.label, step.text) for step in figures.steps] if hours is not None else [],
        days=in_days(hours) if hours is not None else None,
        fte=in_fte(hours, divisor) if hours is not None else None,
        divisor=divisor,
    )


def _register(contract: Contract, form: ClauseForm, facilitators: Sequence[Membership]) -> str:
    chosen = next((one for one in facilitators if str(one.id) == form.facilitator.data), None)
    draft = form.draft(chosen.person_id if chosen else None)
    structure_id = chosen.organisation_id if chosen else viewer().organisation_id
    clause = actions.register_clause(contract, draft, structure_id, clock.now(), clock.today())
    for warning in objections_to_clause(draft, contract.ccag, contract.notified_on):
        flash(warning.text, "watch")
    flash("La clause est enregistrée.", "success")
    return url_for("records.show_clause", clause_id=clause.id)


@blueprint.route("/engagements/<public_id>/inviter", methods=["GET", "POST"])
@allowed(Act.INVITE_EMPLOYER)
def invite_employer(public_id: str):
    """Whom to invite for the employer, and who was invited already."""
    pledge = pledge_or_404(public_id)
    form = InvitationForm()
    if not form.validate_on_submit():
        return _invitation_page(pledge, form), 422 if form.errors else 200
    try:
        response = once_only(form, lambda: _invite(pledge, form))
    except Refused as refused:
        db.session.rollback()
        form.take(refused.objections)
        return _invitation_page(pledge, form), 422
    db.session.commit()
    flash(f"Le lien part à l’adresse {form.email.data}.", "success")
    return response


def _invitation_page(pledge: Pledge, form: InvitationForm) -> str:
    return render_template(
        "pledges/invite_employer.html",
        form=form,
        again=AgainForm(formdata=None),
        pledge=pledge,
        invitations=queries.invitations_to(pledge, clock.today()),
        now=clock.now(),
    )


def _invite(pledge: Pledge, form: InvitationForm) -> str:
    guest = actions.Guest(form.email.data, form.given_name.data, form.family_name.data)
    inviter_id = viewer().organisation_id
    actions.invite_employer(pledge, guest, _letter_about(pledge), inviter_id, clock.now(), clock.today())
    return url_for("pledges.invite_employer", public_id=pledge.public_id)


@blueprint.post("/engagements/<public_id>/inviter/<int:membership_id>/relancer")
@allowed(Act.INVITE_EMPLOYER)
def send_again(public_id: str, membership_id: int):
    """A new link for somebody invited before."""
    pledge = pledge_or_404(public_id)
    guest = guest_or_404(pledge, membership_id)
    again = url_for("pledges.invite_employer", public_id=pledge.public_id)

    def act() -> str:
        actions.send_link(pledge, guest, _letter_about(pledge), clock.now())
        return again

    response = once_only(AgainForm(), act)
    db.session.commit()
    flash(f"Un nouveau lien part à l’adresse {guest.person.email}.", "success")
    return response


def _letter_about(pledge: Pledge) -> actions.Letter:
    """The message that invites to this pledge, once its link is known."""
    config, inviter = current_app.config, viewer()
    contract = pledge.clause.contract if pledge.clause else None
    about = f" pour le marché {contract.number}, « {contract.title} »" if contract else ""
    opens = "Ce lien n’ouvre que ce marché." if contract else "Ce lien n’ouvre que cet engagement."
    invites = (
        f"{inviter.person_name} ({inviter.organisation_name}) vous invite à déclarer les heures d’insertion{about}."
    )
    why = f"{invites} {opens}"

    def letter(secret: str) -> Mail:
        names = (config["SERVICE_NAME"], config["DEPARTMENT_NAME"], pledge.organisation.name)
        return link_mail(*names, address_of_link(secret), why)

    return letter
