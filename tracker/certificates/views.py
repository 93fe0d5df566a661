"""Certificates: listed, issued, shown, given again as they were, revoked; and verified by anybody."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for

from tracker.accounts.doors import allowed, limit_attempts, viewer
from tracker.accounts.rules import VERIFICATIONS_PER_MACHINE, Act
from tracker.certificates import actions
from tracker.certificates.actions import Office, Order
from tracker.certificates.documents.paper import draw
from tracker.certificates.documents.verdicts import facts_of, verdict_on
from tracker.certificates.documents.words import file_name
from tracker.certificates.doors import version_or_404, versions_or_404
from tracker.certificates.forms import IssueForm, RevokeForm, VerifyForm
from tracker.certificates.models import Certificate
from tracker.certificates.queries import certificates as queries
from tracker.certificates.queries.statements import statement_on
from tracker.certificates.rules import Kind, objections_to_issue, outcome, tidy_check_code
from tracker.contracts.doors import clause_or_404
from tracker.contracts.models import Clause
from tracker.plumbing import clock, files
from tracker.plumbing.database import db
from tracker.plumbing.forms import once_only
from tracker.vocabulary.objections import Refused

blueprint = Blueprint("certificates", __name__)
UNINDEXED = {"X-Robots-Tag": "noindex, nofollow"}


@blueprint.get("/attestations")
@allowed(Act.SEE_CERTIFICATES)
def list_certificates():
    """The latest version of each certificate."""
    asked = queries.LISTING.read(request.args)
    page = queries.list_page(viewer(), asked)
    rows = [row[0] for row in page.rows]
    return render_template(
        "certificates/list_certificates.html",
        page=page,
        rows=rows,
        standings=queries.standing_of(rows),
        href_for=lambda number: url_for("certificates.list_certificates", **asked.address(page=number)),
    )


@blueprint.route("/clauses/<int:clause_id>/attestation", methods=["GET", "POST"])
@allowed(Act.ISSUE_CERTIFICATE)
def issue_certificate(clause_id: int):
    """What a certificate would state today, what forbids it, and the form that issues it."""
    clause, form = clause_or_404(clause_id), IssueForm()
    if not form.validate_on_submit():
        return _issue_page(clause, form), 422 if form.errors else 200
    try:
        response = once_only(form, lambda: _issue(clause, form))
    except Refused as refused:
        db.session.rollback()
        form.take(refused.objections)
        return _issue_page(clause, form), 422
    db.session.commit()
    flash("L’attestation est délivrée. Son fichier ne changera plus.", "success")
    return response


def _issue_page(clause: Clause, form: IssueForm) -> str:
    statement = statement_on(clause, clock.today())
    facts = statement.issue_facts(clock.today())
    against_final = objections_to_issue(Kind.FINAL, facts)
    if not form.is_submitted():
        form.kind.data = Kind.INTERIM if against_final else Kind.FINAL
        form.seen_version.data = statement.former_version
    return render_template(
        "certificates/issue_certificate.html",
        clause=clause,
        form=form,
        statement=statement,
        result=statement.result,
        against_both=[one for one in objections_to_issue(Kind.INTERIM, facts) if one.blocks],
        has_ended="not_ended" not in {one.code for one in against_final},
    )


def _issue(clause: Clause, form: IssueForm) -> str:
    settings = current_app.config
    order = Order(Kind(form.kind.data), form.reason.data, form.reservations.data, form.version)
    office = Office(settings["DEPARTMENT_NAME"], settings["SECRET_KEY"].encode())
    issued = actions.issue(clause, order, office, viewer().person_id, clock.now(), clock.today(), draw)
    return url_for("certificates.show_certificate", number=issued.number)


@blueprint.get("/attestations/<number>")
@allowed(Act.SEE_CERTIFICATES)
def show_certificate(number: str):
    """One number: what its latest version states, and every version with what became of it."""
    versions = versions_or_404(number)
    ends = queries.ends_of(versions)
    return render_template(
        "certificates/show_certificate.html",
        latest=versions[0],
        result=outcome(versions[0].due_hours, versions[0].counted_hours),
        verdict=verdict_on(versions[0], ends.get(versions[0].id), clock.now()),
        versions=versions,
        ends=ends,
        standings={one.id: queries.standing(ends.get(one.id)) for one in versions},
        may_issue=viewer().may(Act.ISSUE_CERTIFICATE),
    )


@blueprint.get("/attestations/<number>/v<int:version>.pdf")
@allowed(Act.SEE_CERTIFICATES)
def download_certificate(number: str, version: int):
    """The very file that was issued, for ever the same."""
    certificate = version_or_404(number, version)
    response = Response(files.content_of(certificate.file_digest), mimetype=actions.PDF)
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(certificate)}"'
    return response


@blueprint.route("/attestations/<number>/v<int:version>/revoquer", methods=["GET", "POST"])
@allowed(Act.ISSUE_CERTIFICATE)
def revoke_certificate(number: str, version: int):
    """A reason, that anybody will read; then the certificate has no value."""
    certificate, form = version_or_404(number, version), RevokeForm()
    if not form.validate_on_submit():
        return _revoke_page(certificate, form), 422 if form.errors else 200
    try:
        response = once_only(form, lambda: _revoke(certificate, form.reason.data))
    except Refused as refused:
        db.session.rollback()
        form.take(refused.objections)
        return _revoke_page(certificate, form), 422
    db.session.commit()
    flash("L’attestation est révoquée. La page de vérification le dit dès maintenant.", "success")
    return response


def _revoke(certificate: Certificate, reason: str) -> str:
    actions.revoke(certificate, reason, viewer().person_id, clock.now(), clock.today())
    return url_for("certificates.show_certificate", number=certificate.number)


def _revoke_page(certificate: Certificate, form: RevokeForm) -> str:
    return render_template(
        "certificates/revoke_certificate.html",
        certificate=certificate,
        form=form,
        facts=facts_of(certificate),
    )


@blueprint.route("/verifier", methods=["GET", "POST"])
@allowed(Act.VERIFY_CERTIFICATE)
def verify():
    """By the number and the check code printed on the paper."""
    form = VerifyForm()
    if not form.validate_on_submit():
        return _verify_page(form), 422 if form.errors else 200
    limit_attempts("verify", f"{request.remote_addr}", VERIFICATIONS_PER_MACHINE)
    found = queries.by_number_and_check(form.number.data, tidy_check_code(form.check_code.data))
    if found is None:
        return _verify_page(form, is_unknown=True), 404, UNINDEXED
    return redirect(url_for("certificates.verify_code", code=found.code))


def _verify_page(form: VerifyForm, is_unknown: bool = False) -> str:
    contact = current_app.config["MAIL_FROM"]
    return render_template("certificates/verify.html", form=form, is_unknown=is_unknown, contact=contact)


@blueprint.get("/verifier/<code>")
@allowed(Act.VERIFY_CERTIFICATE)
def verify_code(code: str):
    """What became of the certificate that bears this code; nobody's name stands there."""
    limit_attempts("verify", f"{request.remote_addr}", VERIFICATIONS_PER_MACHINE)
    certificate = queries.by_code(code)
    if certificate is None:
        return _verify_page(VerifyForm(), is_unknown=True), 404, UNINDEXED
    end = queries.ends_of([certificate]).get(certificate.id)
    successor = queries.by_id(end.replaced_by_id) if end and end.replaced_by_id else None
    page = render_template(
        "certificates/verify_code.html",
        verdict=verdict_on(certificate, end, clock.now()),
        successor=successor,
        form=VerifyForm(),
        contact=current_app.config["MAIL_FROM"],
    )
    return page, UNINDEXED
