"""A file of published contracts: brought in, and what became of it."""

import io

from flask import Response, abort, render_template, url_for

from tracker.accounts.doors import allowed, viewer
from tracker.accounts.rules import Act, Role
from tracker.contracts.actions.imports import take_whole_file
from tracker.contracts.forms.imports import ImportForm
from tracker.contracts.queries.imports import identifier_of, import_seen_by
from tracker.contracts.views.blueprint import blueprint
from tracker.plumbing import clock
from tracker.plumbing.database import db
from tracker.plumbing.forms import once_only
from tracker.plumbing.sheets import CsvFile
from tracker.vocabulary.objections import Refused

REJECTS = ("Rang", "Emplacement", "Champ", "Motif", "Publié")


@blueprint.route("/marches/importer", methods=["GET", "POST"])
@allowed(Act.IMPORT_CONTRACTS)
def import_contracts():
    """Takes in a file of the open data; a buyer brings its own contracts alone."""
    form = ImportForm()
    if not form.validate_on_submit():
        return render_template("contracts/import_contracts.html", form=form), 422 if form.errors else 200
    try:
        response = once_only(form, lambda: _take_in(form))
    except Refused as refused:
        db.session.rollback()
        form.take(refused.objections)
        return render_template("contracts/import_contracts.html", form=form), 422
    db.session.commit()
    return response


def _take_in(form: ImportForm) -> str:
    """The whole file in one unit of work: its page is there when all of it is."""
    who = viewer()
    buyer = None if who.role is Role.ADMINISTRATOR else identifier_of(who.organisation_id)
    taken = take_whole_file(form.file.data.stream, form.file_name, who.organisation_id, clock.now(), buyer)
    return url_for("contracts.show_import", import_id=taken.id)


@blueprint.get("/marches/imports/<int:import_id>")
@allowed(Act.IMPORT_CONTRACTS)
def show_import(import_id: int):
    """What became of a file: how many contracts, and each record left aside with its reason."""
    taken = import_seen_by(viewer(), import_id) or abort(404)
    return render_template("contracts/show_import.html", taken=taken, counts=taken.counts)


@blueprint.get("/marches/imports/<int:import_id>/rejets.csv")
@allowed(Act.IMPORT_CONTRACTS)
def download_rejects(import_id: int) -> Response:
    """The records left aside, as a file to correct them from."""
    taken = import_seen_by(viewer(), import_id) or abort(404)
    names = ("rank", "path", "path_in_record", "reason", "raw")
    content = io.StringIO(newline="")
    table = CsvFile(content, REJECTS, for_spreadsheets=True)
    for reject in taken.rejects:
        table.write(reject[name] for name in names)
    response = Response(content.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f"attachment; filename=rejets-import-{taken.id}.csv"
    return response
