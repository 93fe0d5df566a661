"""The people in a structure's files: their list, and one file."""

from flask import Blueprint, render_template, request

from tracker.accounts.actions import record_reading
from tracker.accounts.doors import allowed, viewer
from tracker.accounts.queries import journal_of
from tracker.accounts.rules import Act
from tracker.participants import queries
from tracker.participants.documents import decision_view
from tracker.participants.doors import participant_or_404
from tracker.reference.queries import commune_names

blueprint = Blueprint("participants", __name__)


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
    return render_template(
        "participants/show_participant.html",
        participant=participant,
        communes=commune_names({participant.commune_code}),
        decisions=[decision_view(one) for one in queries.decisions_of(participant.id)],
        journal_entries=journal_of(("participant", participant.id)),
    )
