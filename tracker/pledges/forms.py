"""Whom to invite; a clause's own form stands with the contracts."""

from wtforms.validators import Email, Length

from tracker.plumbing.forms import AddressField, Form, Present, TidyField

BAD_ADDRESS = "Cette adresse n’est pas complète : écrivez par exemple sophie.guerin@entreprise.fr."
NAME_LENGTH = 100


class InvitationForm(Form):
    """Somebody who will declare for the employer."""

    email = AddressField(
        "Adresse électronique",
        [
            Present("Écrivez l’adresse de la personne à inviter."),
            Email(BAD_ADDRESS, allow_smtputf8=False, check_deliverability=False),
        ],
    )
    given_name = TidyField("Prénom", [Present("Écrivez son prénom."), Length(max=NAME_LENGTH)])
    family_name = TidyField("Nom", [Present("Écrivez son nom."), Length(max=NAME_LENGTH)])


class AgainForm(Form):
    """One button: a new link."""
