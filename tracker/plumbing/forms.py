"""French text ↔ values: the fields every form uses, and how a rule's objections reach them.

A form never judges: it reads. Bounds are the rules' business; their objections are laid beside the fields they name.
"""

import re
import secrets
from collections.abc import Callable, Container, Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import abort, redirect, request
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.wrappers import Response
from wtforms import Field, HiddenField, SelectChoice, SelectMultipleField, StringField
from wtforms.i18n import get_translations
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, EmailInput, HiddenInput, ListWidget

from tracker.plumbing import once
from tracker.vocabulary.dates import format_day
from tracker.vocabulary.hours import NotHours, format_number, parse_hours
from tracker.vocabulary.objections import Objection

# `new_key` writes letters, digits, - and _; PostgreSQL indexes no long text, and holds no NUL sign.
_KEY = re.compile(r"[ -~]{1,200}")
LONGEST_VERSION = 9
REQUIRED = "Remplissez ce champ."
CHOICE = "Choisissez une réponse."


class Present:
    """Asks for an answer; shows « obligatoire » to assistive technologies through the field's flag."""

    field_flags = {"required": True}  # noqa: RUF012 - WTForms reads it from the class

    def __init__(self, text: str = REQUIRED) -> None:
        self.text = text

    def __call__(self, form: Any, field: Field) -> None:
        """Stops when nothing was typed; a value that could not be read already has its own sentence."""
        if field.data in (None, "", []) and not field.errors and not field.process_errors:
            raise StopValidation(self.text)


class TidyField(StringField):
    """A line of text, without the spaces around it; nothing typed is the empty string."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """The text, tidied; PostgreSQL refuses the NUL sign, so it goes."""
        self.data = valuelist[0].replace("\x00", "").strip() if valuelist else ""


class AddressField(TidyField):
    """An electronic address, tidied as a line of text; whether it is one is the rules' business."""

    widget = EmailInput()


class DayField(StringField):
    """A day: « 12/03/2026 », or what a browser's date field sends; None when nothing was typed."""

    data: date | None

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else (format_day(self.data) if self.data else "")

    def process_formdata(self, valuelist: list[str]) -> None:
        """The day; ValueError in French when the text is none."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if text:
            self.data = parse_day(text)


class DecimalField(StringField):
    """A number as the French write it, kept as a Decimal; None when nothing was typed."""

    data: Decimal | None
    wrong = "Écrivez un nombre, par exemple 1 250,50."

    def __init__(self, *args: Any, places: int = 2, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places

    def _value(self) -> str:
        return (
            self.raw_data[0] if self.raw_data else ("" if self.data is None else format_number(self.data, self.places))
        )

    def process_formdata(self, valuelist: list[str]) -> None:
        """The number; ValueError in French when the text is none or is too precise."""
        text = "".join(valuelist[0].split()).replace("€", "").replace("%", "") if valuelist else ""
        self.data = None
        if text:
            self.data = self._parse(text)

    def _parse(self, text: str) -> Decimal:
        try:
            value = Decimal(text.replace(",", "."))
        except InvalidOperation:
            raise ValueError(self.wrong) from None
        if not value.is_finite() or abs(value) >= Decimal(10) ** 12:
            raise ValueError(self.wrong)
        if value != round(value, self.places):
            raise ValueError(f"Écrivez {self.places} décimales au plus.")
        return value


class HoursField(DecimalField):
    """Hours: « 151,67 » or « 7h30 »; None when nothing was typed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """The hours; ValueError in French when the text is none."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if text:
            self.data = _hours(text)


class BoxesField(SelectMultipleField):
    """Several choices as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def options(pairs: Iterable[tuple[Any, str]]) -> list[SelectChoice]:
    """(value, label) pairs as the fields of WTForms take them."""
    return [SelectChoice(value, label) for value, label in pairs]


def new_key() -> str:
    """A submission key nobody has had."""
    return secrets.token_urlsafe(18)


class French:
    """WTForms' own sentences as a civil servant would write them."""

    OWN = {"Not a valid choice.": "Choisissez une réponse dans la liste."}  # noqa: RUF012 - read alone
    THEIRS = get_translations(["fr"])

    def gettext(self, text: str) -> str:
        """One sentence in French."""
        return self.OWN.get(text) or self.THEIRS.gettext(text).replace("'", "’")

    def ngettext(self, one: str, many: str, count: int) -> str:
        """One sentence in French, as many as there are."""
        return self.THEIRS.ngettext(one, many, count).replace("'", "’")


FRENCH = French()


class Form(FlaskForm):
    """A form of the house: its token against forgery, its submission key, and room for the rules' objections."""

    class Meta(FlaskForm.Meta):
        """WTForms' own sentences, in French."""

        def get_translations(self, _form: FlaskForm) -> Any:
            return FRENCH

    submission_key = HiddenField(default=new_key)

    def hidden_tag(self, *_fields: str) -> Markup:
        """Its hidden fields, without ids: several forms may stand on one page."""
        hidden = (field for field in self if isinstance(field.widget, HiddenInput))
        return Markup("\n").join(field(id=False) for field in hidden)

    def take(self, objections: Iterable[Objection]) -> None:
        """Lays each blocking objection beside the field it names, or above the form."""
        for objection in objections:
            if not objection.blocks:
                continue
            field = self._fields.get(objection.field)
            if field is None:
                self.form_errors.append(objection.text)
            else:
                field.errors = [*field.errors, objection.text]

    def keep_errors_of(self, names: Container[str]) -> None:
        """Forgets what is wrong elsewhere, for a question asked before the whole form is typed."""
        for field in self:
            if field.name not in names:
                field.errors = []

    @property
    def summary(self) -> list[tuple[str, str]]:
        """Every error as (anchor of its field, sentence), in the order of the form."""
        errors = [
            (field.id, _named(field, error)) for field in self for error in field.errors if isinstance(error, str)
        ]
        return [*(("", str(error)) for error in self.form_errors), *errors]


def _named(field: Field, error: str) -> str:
    # A sentence that any field may bear says which one it is about.
    is_common = error in (REQUIRED, CHOICE) or error in field.process_errors
    return f"{field.label.text}\u00a0: {error[0].lower()}{error[1:]}" if is_common else error


def once_only(form: Form, act: Callable[[], str]) -> Response:
    """Acts unless this very form acted already, and leads to the address the act gives; the view commits.

    A form without its key, or with one that no page of ours gave, was not made by them: 400.
    """
    key = form.submission_key.data or ""
    if not _KEY.fullmatch(key):
        abort(400)
    led_to = once.claim(f"{request.path}:{key}")
    if led_to:
        return redirect(led_to)
    location = act()
    once.remember(f"{request.path}:{key}", location)
    return redirect(location)


def number_of_version(seen: object) -> int:
    """The version that a page showed, as its form says it; 0, which is stale, when it was tampered with."""
    text = str(seen)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_VERSION else 0


def parse_day(text: str) -> date:
    """« 12/03/2026 » or « 2026-03-12 » as a day; ValueError in French."""
    for pattern in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            day = datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a civil day has no zone
        except ValueError:
            continue
        if 1900 <= day.year <= 2199:  # noqa: PLR2004 - a year of four digits typed in earnest
            return day
    raise ValueError("Écrivez une date comme 12/03/2026.")


def _hours(text: str) -> Decimal:
    try:
        return parse_hours(text)
    except NotHours as wrong:
        raise ValueError(str(wrong)) from None
