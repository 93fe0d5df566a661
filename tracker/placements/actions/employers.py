"""The employer a facilitator names in its place: known around the clause, or by its SIRET."""

from datetime import datetime

from tracker.accounts.actions import find_or_add_organisation
from tracker.accounts.models import Organisation
from tracker.accounts.queries import organisation_of
from tracker.accounts.rules import OrganisationKind
from tracker.vocabulary.identifiers import is_siret, tidy_identifier
from tracker.vocabulary.objections import Objection

NO_EMPLOYER = "Choisissez l’employeur, ou écrivez son SIRET."
NOT_A_SIRET = "Ce SIRET n’est pas valide : il a 14 chiffres. Vérifiez-le."
NO_NAME = "Cet employeur n’est pas encore connu : écrivez aussi son nom."


def employer_by_siret(siret: str, name: str, now: datetime) -> tuple[Organisation | None, list[Objection]]:
    """The organisation of that SIRET, made when it is new and named; or what is missing."""
    digits = tidy_identifier(siret)
    if not digits:
        return None, [Objection("employer_missing", NO_EMPLOYER, "employer")]
    if not is_siret(digits):
        return None, [Objection("employer_siret", NOT_A_SIRET, "employer_siret")]
    found = organisation_of(digits)
    if found is None and not name:
        return None, [Objection("employer_name_missing", NO_NAME, "employer_name")]
    return found or find_or_add_organisation(digits, name, OrganisationKind.INSERTION_STRUCTURE, now), []
