"""Signing in, choosing the organisation acted for."""

from wtforms import PasswordField, RadioField

from tracker.plumbing.forms import CHOICE, AddressField, Form, Present


class SignInForm(Form):
    """An address and a password."""

    email = AddressField("Adresse électronique", [Present("Écrivez votre adresse électronique.")])
    password = PasswordField("Mot de passe", [Present("Écrivez votre mot de passe.")])


class OrganisationForm(Form):
    """The organisation to act for, among one's own."""

    membership = RadioField("Vous agissez pour", [Present(CHOICE)], coerce=int)


class LinkForm(Form):
    """One button."""
