"""The people in a structure's files: their list, one file, an identity put right."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for

from tracker.accounts.actions import record_reading
from tracker.accounts.doors import allowed, viewer
from tracker.accounts.queries import journal_of
from tracker.accounts.rules import Act
from tracker.participants import actions, queries
from tracker.participants.documents import decision_view, differences, earlier_identities
from tracker.participants.doors import participant_or_404
from tracker.participants.forms import CorrectionForm
from tracker.participants.models import Participant
from tracker.participants.queries import commune_named
from tracker.participants.rules.identity import IdentityDraft, objections_to_identity
from tracker.plumbing import clock
from tracker.plumbing.database import db
from tracker.plumbing.forms import once_only
from tracker.reference.queries import commune_names
from tracker.vocabulary.objections import Objection, Refused, Stale

blueprint = Blueprint("participants", __name__)
CORRECTED = "L’identité est corrigée. Les décisions déjà prises gardent ce qu’elles ont figé."
UNCHANGED = "Rien n’a changé : l’identité enregistrée est celle que vous avez envoyée."


@blueprint.get("/participants")
@allowed(Act.SEE_PARTICIPANTS)
def list_participants():
    """The people of the structure, by name."""
    asked = queries.LISTING.read(request.args)
    page = queries.participants_listed(viewer(), asked)
    return render_template(
        "participants/list_participants.html",
        page=page,
        asked=asked,
        communes=commune_names({person.commune_code for person in page.rows}),
    )


@blueprint.get("/participants/<public_id>")
@allowed(Act.SEE_PARTICIPANTS)
def show_participant(public_id: str):
    """One person's file; that it was opened is noted."""
    participant = participant_or_404(public_id)
    record_reading("participant", participant.id)
    versions = queries.versions_of(participant.id)
    communes = commune_names({participant.commune_code, *(one.commune_code for one in versions)})
    return render_template(
        "participants/show_participant.html",
        participant=participant,
        communes=communes,
        earlier=earlier_identities(versions, communes),
        decisions=[decision_view(one) for one in queries.decisions_of(participant.id)],
        journal_entries=journal_of(("participant", participant.id)),
    )


@blueprint.route("/participants/<public_id>/identite", methods=["GET", "POST"])
@allowed(Act.CORRECT_IDENTITY)
def correct_identity(public_id: str):
    """An identity is put right; two at once: the second reads both versions, and keeps what was typed."""
    participant = participant_or_404(public_id)
    form = CorrectionForm(data=_as_it_stands(participant))
    if not form.is_submitted():
        return _identity_page(participant, form)
    draft, unclear = _typed(form, participant)
    if not form.validate() or unclear:
        form.take([*unclear, *objections_to_identity(draft, clock.today())])
        return _identity_page(participant, form), 422
    try:
        response = once_only(form, lambda: _correct(participant, draft, form.seen_version))
    except Refused as refused:
        db.session.rollback()
        form.take(refused.objections)
        return _identity_page(participant, form), 422
    except Stale as stale:
        db.session.rollback()
        return _changed_meanwhile(participant, form, draft, stale), 409
    db.session.commit()
    return response


def _as_it_stands(participant: Participant) -> dict[str, Any]:
    """The form's first answers, the commune by its name."""
    typed = {"commune_code": _commune_said(participant), "version": participant.version_id}
    return {**asdict(participant.identity), **typed}


def _commune_said(participant: Participant) -> str:
    code = participant.commune_code
    return commune_names({code}).get(code, code)


def _typed(form: CorrectionForm, participant: Participant) -> tuple[IdentityDraft, list[Objection]]:
    """The identity as typed; a commune left as the page showed it stays, even if its name alone says too little."""
    text = form.commune_code.data or ""
    code, unclear = (participant.commune_code, []) if text == _commune_said(participant) else commune_named(text)
    return form.identity(code), unclear


def _correct(participant: Participant, draft: IdentityDraft, seen_version: int) -> str:
    changed = actions.correct_identity(participant, draft, seen_version, viewer().person_id, clock.now(), clock.today())
    flash(CORRECTED if changed else UNCHANGED, "success" if changed else "message")
    return url_for("participants.show_participant", public_id=participant.public_id)


def _changed_meanwhile(participant: Participant, form: CorrectionForm, draft: IdentityDraft, stale: Stale) -> str:
    """What stands now beside what was typed, which the form keeps: sent again, it replaces what stands."""
    form.version.data = str(participant.version_id)
    standing = participant.identity
    communes = commune_names({standing.commune_code, draft.commune_code})
    found = differences(standing, draft.tidied(), communes)
    both = [(label, stands, f"Dans votre formulaire : {typed}") for label, stands, typed in found]
    return _identity_page(participant, form, stale.changed, both)


def _identity_page(
    participant: Participant, form: CorrectionForm, changed: str = "", differing: Collection[tuple[str, str, str]] = ()
) -> str:
    record_reading("participant", participant.id)
    return render_template(
        "participants/correct_identity.html",
        participant=participant,
        form=form,
        changed=changed,
        differing=differing,
    )
