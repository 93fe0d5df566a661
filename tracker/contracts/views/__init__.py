"""Pages of contracts: their list and its export, and the import of published files."""

from tracker.contracts.views.blueprint import blueprint
from tracker.contracts.views.imports import download_rejects, import_contracts, show_import
from tracker.contracts.views.lists import export_contracts, list_contracts

__all__ = ["blueprint", "download_rejects", "export_contracts", "import_contracts", "list_contracts", "show_import"]
