"""Declaring a month, following a declaration, deciding it."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for

from tracker.accounts.doors import allowed, viewer
from tracker.accounts.queries import journal_of
from tracker.accounts.rules import Act, Role
from tracker.hours.actions import decisions, declarations, idle
from tracker.hours.doors import declaration_or_404, month_or_404
from tracker.hours.forms import DecisionForm, IdleForm, MonthForm, decision_form, idle_form, month_form
from tracker.hours.models import Declaration
from tracker.hours.queries.declarations import PAGE, declarations_of, waiting_declarations
from tracker.hours.queries.idle import idle_months_of
from tracker.hours.queries.months import open_month, pages_to_declare
from tracker.hours.queries.progress import counted_and_due
from tracker.hours.queries.reviews import Review, review_of
from tracker.hours.queries.sheets import sheet_of
from tracker.hours.rules import notes
from tracker.hours.rules.decisions import Motive, Ruling, tally_of
from tracker.hours.rules.months import OpenMonth
from tracker.hours.rules.owed import IdleMonths
from tracker.hours.rules.states import DeclarationState
from tracker.hours.rules.submissions import warnings_to
from tracker.hours.views.blueprint import blueprint
from tracker.plumbing import clock
from tracker.plumbing.database import db
from tracker.plumbing.forms import once_only
from tracker.plumbing.lists import page_number
from tracker.vocabulary.dates import Month
from tracker.vocabulary.objections import Refused, Stale
from tracker.vocabulary.words import plural


@blueprint.get("/declarations")
@allowed(Act.SEE_DECLARATIONS)
def list_declarations():
    """What waits for the person acting, then everything sent, latest month first."""
    is_employer, today = viewer().role is Role.EMPLOYER, clock.today()
    page = page_number(request.args.get("page", ""))
    rows, count = declarations_of(viewer(), page)
    return render_template(
        "hours/list_declarations.html",
        is_employer=is_employer,
        pages=pages_to_declare(viewer().organisation_id, today, viewer().subject) if is_employer else [],
        idle=_idle_months() if is_employer else [],
        waiting=waiting_declarations(viewer()),
        rows=rows,
        count=count,
        page=page,
        last=max(1, -(-count // PAGE)),
        page_address=lambda number: url_for("hours.list_declarations", page=number),
        last_month=Month.of(today) - 1,
        states=DeclarationState,
    )


@blueprint.route("/declarations/<month>", methods=["GET", "POST"])
@allowed(Act.DECLARE_HOURS)
def declare_month(month: str):
    """One page for all of an employer's placements of the month: kept as a draft, or sent."""
    opened = _opened(month_or_404(month))
    form = month_form(opened)
    asked = request.form.get("action", "save")
    if not form.is_submitted():
        return _month_page(opened, form)
    form.validate()
    if asked.startswith("copy"):
        form.copy_last_month(asked.partition(":")[2])
        return _month_page(opened, form)
    try:
        response = once_only(form, lambda: _keep_or_send(opened, form, asked))
    except Refused as refused:
        db.session.rollback()
        form.take(refused.objections)
        return _month_page(opened, form), 422
    except Stale as stale:
        db.session.rollback()
        return _month_changed(opened.month, stale), 409
    db.session.commit()
    return response


def _opened(month: Month) -> OpenMonth:
    return open_month(viewer().organisation_id, month, clock.today(), viewer().subject)


def _keep_or_send(opened: OpenMonth, form: MonthForm, asked: str) -> str:
    if asked != "submit":
        declarations.save_draft(opened, form.sent(), clock.now(), clock.today())
        flash("Brouillon enregistré. Rien n’est encore transmis.", "success")
        return url_for("hours.declare_month", month=opened.month)
    sent = declarations.submit_month(opened, form.sent(), viewer().person_id, clock.now(), clock.today())
    said = plural(len(sent), "déclaration transmise", "déclarations transmises")
    flash(f"{said} pour {opened.month.in_french}. La facilitation la vérifie, ligne par ligne.", "success")
    return url_for("hours.list_declarations")


def _month_changed(month: Month, stale: Stale) -> str:
    """The page as it is now, with what was typed wherever it still fits."""
    form = month_form(_opened(month))
    form.validate()
    form.forget_what_was_seen()
    return _month_page(form.opened, form, stale.changed)


def _month_page(opened: OpenMonth, form: MonthForm, changed: str = "") -> str:
    return render_template(
        "hours/declare_month.html",
        opened=opened,
        month=opened.month,
        form=form,
        say=notes,
        warnings=warnings_to(opened, form.sent(), clock.today()),
        changed=changed,
        is_alone=len(opened.clauses) == 1,
    )


@blueprint.route("/declarations/sans-heure", methods=["GET", "POST"])
@allowed(Act.DECLARE_HOURS)
def declare_idle_months():
    """The months that a holder owes and in which it had nobody in post: one tick each, one statement for all."""
    form = idle_form(_idle_months())
    if not form.validate_on_submit():
        return _idle_page(form)
    try:
        response = once_only(form, lambda: _declare_idle(form))
    except Refused as refused:
        db.session.rollback()
        form.take(refused.objections)
        return _idle_page(form), 422
    db.session.commit()
    return response


def _idle_months() -> list[IdleMonths]:
    return idle_months_of(viewer().organisation_id, clock.today(), viewer().subject)


def _declare_idle(form: IdleForm) -> str:
    organisation_id, person_id = viewer().organisation_id, viewer().person_id
    honour = bool(form.honour.data)
    count = idle.declare_idle_months(organisation_id, form.ticked, honour, person_id, clock.now(), clock.today())
    flash(f"{plural(count, 'mois déclaré', 'mois déclarés')} sans aucune heure. Rien d’autre n’est attendu.", "success")
    return url_for("hours.list_declarations")


def _idle_page(form: IdleForm) -> str:
    return render_template("hours/declare_idle_months.html", form=form)


@blueprint.get("/declarations/suivi/<public_id>")
@allowed(Act.SEE_DECLARATIONS)
def show_declaration(public_id: str):
    """A declaration: its lines, what was decided and why, what counts and why, who did what."""
    declaration = declaration_or_404(public_id)
    return render_template(
        "hours/show_declaration.html",
        declaration=declaration,
        sheet=sheet_of(declaration),
        entries=journal_of(("declaration", declaration.id)),
        say=notes,
        is_employer=viewer().role is Role.EMPLOYER,
        may_decide=viewer().may(Act.DECIDE_HOURS) and declaration.state is DeclarationState.SUBMITTED,
    )


@blueprint.route("/declarations/a-valider/<public_id>", methods=["GET", "POST"])
@allowed(Act.DECIDE_HOURS)
def decide_declaration(public_id: str):
    """Each line with its anomalies, worst first; one decision for all, told to the employer."""
    declaration = declaration_or_404(public_id)
    review = review_of(declaration)
    form = _decision_form(review)
    if not review.lines and request.method == "GET":
        return redirect(url_for("hours.show_declaration", public_id=public_id))
    if not form.validate_on_submit():
        return _decision_page(review, form)
    if request.form.get("action") == "accept_clean":
        form.accept(line.key for line in review.clean)
        return _decision_page(review, form)
    try:
        response = once_only(form, lambda: _decide(review, form))
    except Refused as refused:
        db.session.rollback()
        form.take(refused.objections)
        return _decision_page(review_of(declaration_or_404(public_id)), form), 422
    except Stale as stale:
        db.session.rollback()
        return _decided_meanwhile(declaration_or_404(public_id), stale), 409
    db.session.commit()
    return response


def _decision_form(review: Review) -> DecisionForm:
    lines = [*review.lines, *review.decided]
    form = decision_form([line.key for line in lines], {line.key: line.person for line in lines}, review.version)
    if request.method == "GET":
        # What nothing speaks against is proposed as accepted: the button alone decides.
        form.accept(line.key for line in review.clean)
    return form


def _decide(review: Review, form: DecisionForm) -> str:
    follow = url_for("hours.show_declaration", public_id=review.declaration.public_id)
    address = f"{current_app.config['BASE_URL']}{follow}"
    person_id, now = viewer().person_id, clock.now()
    decisions.decide_declaration(review, form.decisions(), form.seen_version, person_id, now, address)
    flash("Décision enregistrée. L’employeur reçoit vos motifs tels que vous les avez écrits.", "success")
    return follow


def _decided_meanwhile(declaration: Declaration, stale: Stale) -> str:
    """The declaration as it is now, and beside it what this person had decided and written."""
    review = review_of(declaration)
    form = _decision_form(review)
    form.version.data = str(review.version)
    return _decision_page(review, form, stale.changed)


def _decision_page(review: Review, form: DecisionForm, changed: str = "") -> str:
    context: dict[str, Any] = {
        "motives": [("", "Choisissez un motif"), *((motive.value, motive.label) for motive in Motive)],
        "rulings": {ruling.value: ruling.label for ruling in Ruling},
        "tally": tally_of((line.hours, form.decision(line.key).ruling) for line in review.lines),
        "counted_and_due": counted_and_due(review.declaration.clause, clock.today()),
        "entries": journal_of(("declaration", review.declaration.id)),
    }
    return render_template(
        "hours/decide_declaration.html",
        review=review,
        declaration=review.declaration,
        form=form,
        say=notes,
        changed=changed,
        **context,
    )
