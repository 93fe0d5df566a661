"""`flask certificates print`: the very file that was issued, from the terminal."""

from pathlib import Path

import click
from flask.cli import AppGroup

from tracker.certificates.models import Certificate
from tracker.certificates.queries.certificates import by_code_or_number
from tracker.plumbing import files

certificates = AppGroup("certificates", help="Attestations délivrées.")


@certificates.command("print")
@click.argument("code")
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Le fichier à écrire.")
def print_certificate(code: str, output: Path) -> None:
    """Écrit le PDF délivré : CODE est celui de la page de vérification, ou un numéro (sa dernière version)."""
    certificate = by_code_or_number(code)
    if certificate is None:
        raise click.ClickException(f"aucune attestation ne porte « {code} ».")
    content = _content_of(certificate)
    try:
        output.write_bytes(content)
    except OSError as refused:
        raise click.ClickException(f"impossible d’écrire {output} : {refused.strerror}.") from None
    click.echo(f"{certificate.number}, version {certificate.version} : {output}")


def _content_of(certificate: Certificate) -> bytes:
    try:
        return files.content_of(certificate.file_digest)
    except FileNotFoundError as missing:
        raise click.ClickException(f"fichier introuvable : {missing.filename}.") from None
    except files.Altered:
        raise click.ClickException("le fichier gardé a été altéré : restaurez-le depuis une sauvegarde.") from None
