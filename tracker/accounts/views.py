"""Signing in and out, links, and choosing the organisation acted for."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask_login import login_user, logout_user
from flask_security import hash_password, verify_and_update_password

from tracker.accounts import actions, queries
from tracker.accounts.doors import address_of_link, allowed, limit_attempts, viewer
from tracker.accounts.exchange import link_mail
from tracker.accounts.forms import LinkForm, OrganisationForm, SignInForm
from tracker.accounts.models import AccessLink, Person
from tracker.accounts.rules import (
    LINKS_PER_MACHINE,
    RENEWALS_PER_MEMBERSHIP,
    SIGN_INS_PER_ADDRESS,
    SIGN_INS_PER_MACHINE,
    Act,
    WayIn,
)
from tracker.plumbing import clock, outbox, sessions
from tracker.plumbing.database import db
from tracker.plumbing.forms import once_only, options
from tracker.plumbing.sessions import Actor

blueprint = Blueprint("accounts", __name__)
WRONG = "L’adresse ou le mot de passe ne correspond pas."


@blueprint.route("/connexion", methods=["GET", "POST"])
@allowed(Act.SIGN_IN)
def sign_in():
    """Address and password; the same answer whether the address is known or not."""
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form), 422 if form.errors else 200
    limit_attempts("sign-in", f"{request.remote_addr}", SIGN_INS_PER_MACHINE)
    limit_attempts("sign-in", form.email.data.lower(), SIGN_INS_PER_ADDRESS)
    person = _person_behind(form.email.data, form.password.data)
    if person is None:
        form.password.errors = [WRONG]
        return render_template("accounts/sign_in.html", form=form), 422
    _enter(person, WayIn.PAGE)
    db.session.commit()
    return redirect(_next_page())


def _person_behind(email: str, password: str) -> Person | None:
    person = queries.person_of(email)
    if person is None or not person.password:
        # As long as for a known address: the time taken must not tell which ones exist.
        hash_password(password)
        return None
    return person if verify_and_update_password(password, person) and person.active else None


def _enter(person: Person, way_in: WayIn, link: AccessLink | None = None) -> None:
    # Nothing of an earlier visit, by somebody else perhaps, comes along.
    session.clear()
    login_user(person)
    session.permanent = True
    mine = queries.memberships_of(person.id, clock.today())
    only = link.membership if link else (mine[0] if mine else None)
    organisation_id = only.organisation_id if only else None
    sessions.take_over(Actor(way_in, person.id, organisation_id))
    session.update(
        person_id=person.id,
        membership_id=only.id if only else None,
        organisation_id=organisation_id,
        can_switch=link is None and len(mine) > 1,
        way_in=way_in,
        link_id=link.id if link else None,
    )


def _next_page() -> str:
    # Only an address of ours: no host, no scheme.
    wanted = request.args.get("suite", "")
    if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable():
        return wanted
    return url_for("accounts.choose_organisation") if session["can_switch"] else url_for("desk.home")


@blueprint.post("/deconnexion")
@allowed(Act.SIGN_OUT)
def sign_out():
    """Leaves, and forgets everything the session held."""
    logout_user()
    session.clear()
    return redirect(url_for("accounts.sign_in"))


@blueprint.route("/organismes", methods=["GET", "POST"])
@allowed(Act.CHOOSE_ORGANISATION)
def choose_organisation():
    """The organisation to act for, when one has several."""
    if not session.get("can_switch"):
        abort(404)
    mine = queries.memberships_of(viewer().person_id, clock.today())
    form = OrganisationForm(data={"membership": viewer().membership_id})
    form.membership.choices = options((m.id, f"{m.organisation.name}, {m.role.label}") for m in mine)
    if not form.validate_on_submit():
        return render_template("accounts/choose_organisation.html", form=form), 422 if form.errors else 200
    chosen = next(one for one in mine if one.id == form.membership.data)
    session.update(membership_id=chosen.id, organisation_id=chosen.organisation_id)
    return redirect(url_for("desk.home"))


@blueprint.route("/lien/<secret>", methods=["GET", "POST"])
@allowed(Act.SPEND_LINK)
def open_link(secret: str):
    """A link's page shows a button, so that mail scanners spend nothing; the button signs in, once."""
    limit_attempts("link", f"{request.remote_addr}", LINKS_PER_MACHINE)
    link = queries.link_of(secret, clock.today()) or abort(404)
    form = LinkForm()
    if not form.validate_on_submit():
        is_good = queries.is_good(link, clock.now())
        return render_template("accounts/open_link.html", link=link, form=form, is_good=is_good, secret=secret)
    if not actions.spend_link(secret, clock.now()):
        return render_template("accounts/open_link.html", link=link, form=form, is_good=False, secret=secret), 410
    _enter(link.membership.person, WayIn.LINK, link)
    actions.write_journal("link_spent", "organisation", link.membership.organisation_id)
    db.session.commit()
    return redirect(url_for("desk.home"))


@blueprint.post("/lien/<secret>/nouveau")
@allowed(Act.SPEND_LINK)
def renew_link(secret: str):
    """Sends a fresh link to the address that the old one was sent to, and to no other; it opens the same."""
    limit_attempts("link", f"{request.remote_addr}", LINKS_PER_MACHINE)
    link = queries.link_of(secret, clock.today()) or abort(404)
    limit_attempts("renewal", f"{link.membership_id}", RENEWALS_PER_MEMBERSHIP)
    sessions.take_over(Actor(WayIn.LINK, link.membership.person_id, link.membership.organisation_id))
    response = once_only(LinkForm(), lambda: _send_again(link, secret))
    db.session.commit()
    flash("Un nouveau lien vient de partir, à l’adresse qui avait reçu le premier.")
    return response


def _send_again(link: AccessLink, old_secret: str) -> str:
    membership = link.membership
    fresh = actions.make_link(membership, clock.now(), link.subject, link.purpose)
    mail = link_mail(
        current_app.config["SERVICE_NAME"],
        current_app.config["DEPARTMENT_NAME"],
        membership.organisation.name,
        address_of_link(fresh),
        "Vous avez demandé un nouveau lien d’accès.",
    )
    outbox.post(membership.person.email, mail.subject, mail.body, link.subject)
    actions.write_journal("link_renewed", "organisation", membership.organisation_id)
    return url_for("accounts.open_link", secret=old_secret)
