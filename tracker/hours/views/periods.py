"""The end of a placement moves: somebody leaves early, or a contract is renewed.

These pages stand here, not in placements: an end is bound by the hours already sent, which only this room knows.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, render_template, url_for
from werkzeug.wrappers import Response

from tracker.accounts.doors import allowed, viewer
from tracker.accounts.rules import Act
from tracker.hours.actions import endings
from tracker.hours.views.blueprint import blueprint
from tracker.placements.actions import periods
from tracker.placements.actions.periods import Hand
from tracker.placements.doors import placement_or_404
from tracker.placements.forms import EndForm, RenewalForm
from tracker.placements.models import Placement
from tracker.plumbing import clock
from tracker.plumbing.database import db
from tracker.plumbing.forms import once_only
from tracker.vocabulary.objections import Objection, Refused, Stale

ENDED = "La fin est enregistrée. Les mois d’après ne sont plus à déclarer."
RENEWED = "Le renouvellement est enregistré. Continuez à déclarer chaque mois."


@blueprint.route("/mises-a-l-emploi/<public_id>/fin", methods=["GET", "POST"])
@allowed(Act.AMEND_PLACEMENT)
def end_placement(public_id: str):
    """Somebody leaves before the agreed end; two at once: the second is told what changed, and keeps what was typed."""
    placement = placement_or_404(public_id)
    form = EndForm(data={"version": placement.version_id})
    answer = _answer(
        form,
        placement,
        lambda: endings.objections_to_ending(placement, form.ending(), clock.today()),
        lambda: endings.end_placement(placement, form.ending(), _hand(form)),
        ENDED,
    )
    page = {"placement": placement, "form": form, "changed": answer.changed}
    return answer.response or (render_template("hours/end_placement.html", **page), answer.status)


@blueprint.route("/mises-a-l-emploi/<public_id>/renouvellement", methods=["GET", "POST"])
@allowed(Act.AMEND_PLACEMENT)
def renew_placement(public_id: str):
    """A contract or a mission goes on after its end; two at once: as for an early end."""
    placement = placement_or_404(public_id)
    form = RenewalForm(data={"version": placement.version_id})
    answer = _answer(
        form,
        placement,
        lambda: periods.objections_to_renew(placement, form.ends_on.data, clock.today()),
        lambda: periods.renew_placement(placement, form.ends_on.data, _hand(form)),
        RENEWED,
    )
    page = {"placement": placement, "form": form, "changed": answer.changed}
    return answer.response or (render_template("hours/renew_placement.html", **page), answer.status)


@dataclass(frozen=True)
class _Answer:
    """Where the sender is led, or with which status the page is shown again, and what changed meanwhile."""

    response: Response | None = None
    status: int = 200
    changed: str = ""


def _answer(
    form: RenewalForm,
    placement: Placement,
    objections: Callable[[], list[Objection]],
    act: Callable[[], None],
    said: str,
) -> _Answer:
    if not form.is_submitted():
        return _Answer()
    if not form.validate():
        form.take(objections())
        return _Answer(status=422)
    address = url_for("placements.show_placement", public_id=placement.public_id)
    try:
        response = once_only(form, lambda: _led_to(address, act))
    except Refused as refused:
        db.session.rollback()
        form.take(refused.objections)
        return _Answer(status=422)
    except Stale as stale:
        db.session.rollback()
        form.version.data = str(placement.version_id)
        return _Answer(status=409, changed=stale.changed)
    db.session.commit()
    flash(said, "success")
    return _Answer(response)


def _led_to(address: str, act: Callable[[], None]) -> str:
    act()
    return address


def _hand(form: RenewalForm) -> Hand:
    return Hand(viewer().person_id, clock.now(), clock.today(), form.seen_version)
