"""The table of settings."""

from flask import Blueprint, render_template

from tracker.accounts.doors import allowed
from tracker.accounts.rules import Act
from tracker.plumbing import clock
from tracker.settings import queries

blueprint = Blueprint("settings", __name__)


@blueprint.get("/reglages")
@allowed(Act.SEE_SETTINGS)
def show_settings():
    """Every setting in force today, its source, and since when."""
    today = clock.today()
    return render_template("settings/show_settings.html", rows=queries.settings_on(today).rows, today=today)
