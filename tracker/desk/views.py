"""The desk of each role, and the pages that everybody may read."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request, send_file, url_for

from tracker.accounts.doors import allowed, viewer
from tracker.accounts.rules import Act
from tracker.desk import queries
from tracker.desk.documents import law_figures, sourced_rules, year_of
from tracker.desk.rules import ADVICE, OLD_AFTER_DAYS, Side, Task, counts_by_side, lead_of, queues_of
from tracker.hours.queries.years import counted_of_year
from tracker.plumbing import clock, health, metrics
from tracker.plumbing.outbox import without_links

blueprint = Blueprint("desk", __name__)
LOGO_SECONDS = 3600
NOT_NOW = 503
PUBLIC_PAGES = (
    ("Vérifier une attestation", "certificates.verify"),
    ("D’où viennent nos règles", "desk.rules"),
    ("Accessibilité", "desk.accessibility"),
    ("Données personnelles", "desk.privacy"),
    ("Mentions légales", "desk.legal"),
    ("Plan du site", "desk.site_map"),
    ("Code source", "desk.source_code"),
)


@blueprint.get("/")
@allowed(Act.SEE_DESK)
def home():
    """What waits for the person signed in, oldest first, and who must act."""
    today = clock.today()
    tasks = queries.tasks_of(viewer(), today)
    shown = [task for task in tasks if task.side == request.args.get("a", task.side)]
    mine = queries.side_of(viewer())
    return render_template(
        "desk/home.html",
        queues=queues_of(shown),
        lead=lead_of(tasks, mine, today),
        mine=mine,
        side_filters=_side_filters(tasks, mine),
        advice=ADVICE[viewer().role],
        year=year_of(counted_of_year(today.year, viewer()), counted_of_year(today.year - 1, viewer())),
        day_limit=OLD_AFTER_DAYS,
    )


def _side_filters(tasks: Sequence[Task], mine: Side | None) -> list[tuple[str, str, bool]]:
    chosen = request.args.get("a", "")
    counts = counts_by_side(tasks)
    sides = [
        (f"{'Vous' if side is mine else side.plural} ({count})", url_for("desk.home", a=side.value), chosen == side)
        for side, count in counts.items()
    ]
    return [(f"Tous ({len(tasks)})", url_for("desk.home"), not chosen), *sides]


@blueprint.get("/messages-envoyes")
@allowed(Act.SEE_SENT_MESSAGES)
def sent_messages():
    """The last messages of the outbox: whole in the demonstration, whose mailbox it is; else without their links."""
    is_mailbox = current_app.config["TRACKER_MODE"] == "demo"
    messages = [(one, one.body if is_mailbox else without_links(one.body)) for one in queries.last_messages()]
    return render_template("desk/sent_messages.html", messages=messages)


@blueprint.get("/logo")
@allowed(Act.READ_PUBLIC_PAGES)
def logo():
    """The site's own logo, when it has given one."""
    path = current_app.config["LOGO_PATH"] or abort(404)
    return send_file(Path(path).resolve(), max_age=LOGO_SECONDS)


@blueprint.get("/regles")
@allowed(Act.READ_PUBLIC_PAGES)
def rules():
    """Where every figure and rule of the house comes from: the very objects it computes with."""
    found = sourced_rules()
    subjects = [(subject, f"#regles-{rank}") for rank, subject in enumerate(found, start=1)]
    return render_template("desk/rules.html", figures=law_figures(), rules=found, subjects=subjects)


@blueprint.get("/planche")
@allowed(Act.READ_PUBLIC_PAGES)
def components():
    """Every component in each of its states."""
    return render_template("desk/components.html")


@blueprint.get("/accessibilite")
@allowed(Act.READ_PUBLIC_PAGES)
def accessibility():
    """The state of conformity, honest."""
    return render_template("desk/accessibility.html")


@blueprint.get("/mentions-legales")
@allowed(Act.READ_PUBLIC_PAGES)
def legal():
    """Who publishes, who hosts."""
    return render_template("desk/legal.html")


@blueprint.get("/donnees-personnelles")
@allowed(Act.READ_PUBLIC_PAGES)
def privacy():
    """What is known of people, why, how long."""
    return render_template("desk/privacy.html")


@blueprint.get("/code-source")
@allowed(Act.READ_PUBLIC_PAGES)
def source_code():
    """Where the program is."""
    return render_template("desk/source_code.html")


@blueprint.get("/plan-du-site")
@allowed(Act.READ_PUBLIC_PAGES)
def site_map():
    """Every page one may open."""
    pages = [(label, url_for(endpoint)) for label, endpoint in PUBLIC_PAGES]
    return render_template("desk/site_map.html", pages=pages)


@blueprint.get("/health")
@allowed(Act.PROBE)
def is_alive():
    """Whether this process answers; the database is not asked."""
    return jsonify(alive=True)


@blueprint.get("/ready")
@allowed(Act.PROBE)
def is_ready():
    """Whether this process can serve visitors, item by item: 503 when something needed is missing."""
    items = health.readiness()
    ready = all(item.ok for item in items.values() if item.needed)
    return jsonify(ready=ready, items={name: asdict(item) for name, item in items.items()}), 200 if ready else NOT_NOW


@blueprint.get("/metrics")
@allowed(Act.SEE_METRICS)
def read_metrics():
    """What a monitoring system reads."""
    return Response(metrics.page(), content_type=metrics.CONTENT_TYPE)
