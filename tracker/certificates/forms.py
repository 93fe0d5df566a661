"""Issuing, revoking and verifying a certificate."""

from wtforms import HiddenField, RadioField
from wtforms.validators import Optional
from wtforms.widgets import TextArea

from tracker.certificates.rules import Kind
from tracker.plumbing.forms import CHOICE, Form, Present, TidyField, number_of_version, options


class LongTextField(TidyField):
    """Some sentences."""

    widget = TextArea()


class IssueForm(Form):
    """A kind, what to print beside the figures, and why a former certificate is replaced."""

    kind = RadioField(
        "Nature de l’attestation",
        [Present(CHOICE)],
        choices=options((kind.value, kind.label.capitalize()) for kind in Kind),
    )
    reservations = LongTextField("Réserves", [Optional()])
    reason = LongTextField("Motif du remplacement")
    seen_version = HiddenField(default="0")

    @property
    def version(self) -> int:
        """The version the page showed; 0 when the field was tampered with, which the action then finds stale."""
        return number_of_version(self.seen_version.data)


class RevokeForm(Form):
    """Why a certificate has no value any more."""

    reason = LongTextField("Motif de la révocation")


class VerifyForm(Form):
    """What is printed on the paper."""

    number = TidyField("Numéro de l’attestation", [Present("Écrivez le numéro de l’attestation.")])
    check_code = TidyField("Code de contrôle", [Present("Écrivez le code de contrôle.")])
