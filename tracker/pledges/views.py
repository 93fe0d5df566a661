"""Registering a clause; inviting the employer who made a pledge."""

from flask import Blueprint, current_app, flash, render_template, url_for

from tracker.accounts.doors import address_of_link, allowed, viewer
from tracker.accounts.exchange import Mail, link_mail
from tracker.accounts.rules import Act
from tracker.pledges import actions, queries
from tracker.pledges.doors import guest_or_404, pledge_or_404
from tracker.pledges.forms import AgainForm, InvitationForm
from tracker.pledges.models import Pledge
from tracker.plumbing import clock
from tracker.plumbing.database import db
from tracker.plumbing.forms import once_only

blueprint = Blueprint("pledges", __name__)


@blueprint.route("/engagements/<public_id>/inviter", methods=["GET", "POST"])
@allowed(Act.INVITE_EMPLOYER)
def invite_employer(public_id: str):
    """Whom to invite for the employer, and who was invited already."""
    pledge = pledge_or_404(public_id)
    form = InvitationForm()
    if not form.validate_on_submit():
        invitations = queries.invitations_to(pledge.organisation_id, clock.today())
        page = render_template(
            "pledges/invite_employer.html",
            form=form,
            again=AgainForm(formdata=None),
            pledge=pledge,
            invitations=invitations,
            now=clock.now(),
        )
        return page, 422 if form.errors else 200
    response = once_only(form, lambda: _invite(pledge, form))
    db.session.commit()
    flash(f"Le lien part à l’adresse {form.email.data}.", "success")
    return response


def _invite(pledge: Pledge, form: InvitationForm) -> str:
    guest = actions.Guest(form.email.data, form.given_name.data, form.family_name.data)
    actions.invite_employer(pledge, guest, _letter_about(pledge), clock.now(), clock.today())
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
    about = f" pour le marché {contract.number}, « {contract.object} »" if contract else ""
    why = f"{inviter.person_name} ({inviter.organisation_name}) vous invite à déclarer les heures d’insertion{about}."

    def letter(secret: str) -> Mail:
        names = (config["SERVICE_NAME"], config["DEPARTMENT_NAME"], pledge.organisation.name)
        return link_mail(*names, address_of_link(secret), why)

    return letter
