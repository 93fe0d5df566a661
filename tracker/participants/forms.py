"""A person's identity as typed."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any, TypeVar

from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import Length, Optional

from tracker.participants.rules.identity import EducationLevel, IdentityDraft, Sex
from tracker.plumbing.forms import DayField, Form, TidyField, number_of_version, options
from tracker.vocabulary.objections import Objection

Word = TypeVar("Word", bound=StrEnum)
LONGEST_LINE = 200
SHORT_LINE = Length(max=LONGEST_LINE, message=f"Écrivez {LONGEST_LINE} signes au plus.")


def word_of(kind: type[Word]) -> Callable[[Any], Word | None]:
    """Reads one word of an enumeration; None for anything else, which the rules then ask for."""

    def read(text: Any) -> Word | None:
        try:
            return kind(text)
        except ValueError:
            return None

    return read


class ReadForm(Form):
    """A form whose rules are asked even when some text could not be read, so that all its errors come at once."""

    def take(self, objections: Iterable[Objection]) -> None:
        """Lays each objection beside its field, unless that field's own text was already found unreadable."""
        super().take(one for one in objections if not self._was_unreadable(one.field))

    def _was_unreadable(self, name: str) -> bool:
        field = self._fields.get(name)
        return bool(field and field.process_errors)


class IdentityForm(ReadForm):
    """Who the person is."""

    given_name = TidyField("Prénom")
    family_name = TidyField("Nom")
    born_on = DayField("Date de naissance", description="Par exemple 12/03/1990.")
    sex = RadioField(
        "Sexe", coerce=word_of(Sex), choices=options((sex, sex.label) for sex in Sex), validate_choice=False
    )
    commune_code = TidyField("Commune : nom ou code postal", [Optional(), SHORT_LINE])
    level = SelectField(
        "Niveau de diplôme",
        [Optional()],
        coerce=word_of(EducationLevel),
        choices=options([("", "à compléter"), *((level, level.label) for level in EducationLevel)]),
        validate_choice=False,
    )

    def identity(self, commune_code: str) -> IdentityDraft:
        """What was typed, the commune being read already."""
        return IdentityDraft(
            given_name=self.given_name.data or "",
            family_name=self.family_name.data or "",
            born_on=self.born_on.data,
            sex=self.sex.data,
            commune_code=commune_code,
            level=self.level.data,
        )


class CorrectionForm(IdentityForm):
    """An identity put right, and the version of the person's file that the page showed."""

    version = HiddenField()

    @property
    def seen_version(self) -> int:
        """The version that the page showed; 0, which is stale, when it shows none."""
        return number_of_version(self.version.data)
