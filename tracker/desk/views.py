"""The desk of each role, and the pages that everybody may read."""

from flask import Blueprint, render_template

from tracker.accounts.doors import allowed
from tracker.accounts.rules import Act

blueprint = Blueprint("desk", __name__)


@blueprint.get("/")
@allowed(Act.SEE_DESK)
def home():
    """What waits for the person signed in."""
    return render_template("desk/home.html")


@blueprint.get("/planche")
@allowed(Act.READ_PUBLIC_PAGES)
def components():
    """Every component in each of its states."""
    return render_template("desk/components.html")
