"""A file of published contracts, chosen on one's own machine."""

from typing import Any

from wtforms import FileField
from wtforms.validators import ValidationError

from tracker.plumbing.forms import Form


class ChosenFile:
    """Asks for a file; the page says so before the browser sends nothing."""

    field_flags = {"required": True}  # noqa: RUF012 - WTForms reads it from the class

    def __call__(self, form: Any, field: FileField) -> None:
        """Stops when no file was chosen."""
        if not getattr(field.data, "filename", ""):
            raise ValidationError("Choisissez un fichier.")


class ImportForm(Form):
    """One file in the format of the essential data (DECP), JSON."""

    file = FileField(
        "Fichier de données essentielles (JSON)",
        [ChosenFile()],
        description="Celui que votre profil d’acheteur publie sur data.gouv.fr, 64 Mo au plus.",
    )

    @property
    def file_name(self) -> str:
        """What the sender calls it; PostgreSQL refuses the NUL sign, so it goes."""
        return str(self.file.data.filename).replace("\x00", "")
