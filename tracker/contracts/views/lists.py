"""The list of contracts, on the screen and as a spreadsheet."""

from flask import Response, render_template, request, send_file

from tracker.accounts.doors import allowed, viewer
from tracker.accounts.rules import Act
from tracker.contracts.queries import lists
from tracker.contracts.views.blueprint import blueprint
from tracker.plumbing import clock
from tracker.plumbing.sheets import Column, write_sheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXPORTED = (
    Column("Numéro", 20),
    Column("Lot", 8),
    Column("Objet", 60),
    Column("Acheteur", 32),
    Column("SIRET de l’acheteur", 18),
    Column("Titulaires", 40),
    Column("SIRET des titulaires", 32),
    Column("Notification", 12),
    Column("Publication", 12),
    Column("Début d’exécution", 16),
    Column("Durée en mois", 14),
    Column("Montant en euros", 18),
    Column("Montant aberrant, tel que publié", 30),
    Column("Code CPV", 12),
    Column("Lieu", 10),
    Column("Clause enregistrée", 18),
    Column("Clause sociale publiée", 20),
    Column("À vérifier", 40),
    Column("Remarques", 60),
)


@blueprint.get("/marches")
@allowed(Act.SEE_CONTRACTS)
def list_contracts():
    """The contracts one may see, searched and filtered."""
    asked = lists.CONTRACTS.read(request.args)
    found = lists.contracts_asked(viewer(), asked)
    may_import = viewer().may(Act.IMPORT_CONTRACTS)
    return render_template("contracts/list_contracts.html", found=found, may_import=may_import)


@blueprint.get("/marches/export.xlsx")
@allowed(Act.SEE_CONTRACTS)
def export_contracts() -> Response:
    """The same list, on however many pages, as a spreadsheet."""
    rows = lists.contracts_to_export(viewer(), lists.CONTRACTS.read(request.args))
    file = write_sheet("Marchés", EXPORTED, rows)
    name = f"marches-{clock.today().isoformat()}.xlsx"
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=name)
