"""The table of settings: what each means, its default, its unit, and the source that confirms it when one does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from tracker.vocabulary.hours import format_number
from tracker.vocabulary.law import Source
from tracker.vocabulary.objections import Level, Objection

READ_ON = date(2026, 11, 1)
# The divisor of a yearly full-time equivalent is printed beside every figure made with it.
YEARLY_HOURS = Decimal(1607)
NATIONAL_YEARLY_HOURS = Decimal(1600)

Value = Decimal | str


@dataclass(frozen=True)
class Setting:
    """One setting: a number with its unit, or words; `choices` bounds words, `least` and `most` bound numbers."""

    key: str
    label: str
    default: Value
    unit: str = ""
    source: Source | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    choices: tuple[str, ...] = ()

    @property
    def is_number(self) -> bool:
        return isinstance(self.default, Decimal)

    @property
    def is_confirmed(self) -> bool:
        """Whether a source that was read says the default."""
        return self.source is not None and self.source.is_confirmed

    @property
    def is_level(self) -> bool:
        """Whether it sets how much a check stops."""
        return self.key.startswith("level_")

    @property
    def note(self) -> str:
        """« à confirmer » until a source confirms it."""
        return "" if self.is_confirmed else "à confirmer"

    def shown(self, value: Value) -> str:
        """« 24 mois »."""
        if isinstance(value, str):
            return value
        text = format_number(value, 0 if value == value.to_integral_value() else 2)
        return f"{text} {self.unit}".rstrip("\u00a0")


EPEC = Source("Accord-cadre EPEC (État, 2021)", read_on=READ_ON)
NATIONAL = Source("Bilan national des clauses : 25 124 684 h pour 15 703 équivalents temps plein", read_on=READ_ON)
CASF = Source("Code de l’action sociale et des familles, art. R263-8 (applicabilité à confirmer)")


def _number(
    key: str, label: str, default: Decimal | int, unit: str, bounds: tuple[int, int], source: Source | None = None
) -> Setting:
    least, most = bounds
    return Setting(key, label, Decimal(default), unit, source, Decimal(least), Decimal(most))


_LEVELS = tuple(level.value for level in Level)


def _check(code: str, label: str, default: Level = Level.WARNS) -> Setting:
    return Setting(f"level_{code}", f"Contrôle : {label}", default.value, choices=_LEVELS)


_ALL = (
    _number("window_months", "Durée de prise en compte d’une personne", 24, "mois", (1, 60)),
    _number("cdi_cap_years", "Durée de prise en compte d’un CDI, au plus", 4, "ans", (1, 10), EPEC),
    _number("deposit_day", "Jour du mois où la déclaration est due", 15, "du mois", (1, 28)),
    _number("fte_divisor", "Heures d’un équivalent temps plein sur un an", YEARLY_HOURS, "h", (1000, 2000)),
    _number(
        "national_fte_divisor",
        "Heures d’un équivalent temps plein dans le bilan national",
        NATIONAL_YEARLY_HOURS,
        "h",
        (1000, 2000),
        NATIONAL,
    ),
    Setting("rsa_word", "Nom des personnes au RSA", "allocataires du RSA"),
    _number("link_days", "Validité d’un lien d’accès", 7, "jours", (1, 30)),
    _number(
        "confirm_days", "Délai du titulaire pour confirmer les heures mises à disposition", 5, "jours ouvrés", (1, 30)
    ),
    _number("orders_delay_months", "Délai pour réaliser les heures d’une commande", 3, "mois", (0, 24)),
    _number("observation_days", "Délai laissé pour présenter des observations", 15, "jours", (1, 60)),
    _number("ahead_percent", "En avance à partir de cette part des heures attendues", 110, "%", (100, 300)),
    _number("watch_percent", "En retard sous cette part des heures attendues", 80, "%", (1, 100)),
    _number("underserved_percent", "Territoire sous-doté sous cette part de l’équilibre", 80, "%", (1, 100)),
    Setting("closing_day", "Clôture de l’année précédente (jour/mois)", "31/03"),
    _number("retention_months", "Conservation après le dernier événement", 24, "mois", (1, 120), CASF),
    _number("archive_months", "Archive restreinte ensuite", 24, "mois", (0, 120), CASF),
    _check("above_usual_week", "au-delà de la durée habituelle de la semaine"),
    _check("above_contract", "au-delà du contrat de travail"),
    _check("overlap", "mises à l’emploi simultanées"),
    _check("late", "déclaration en retard"),
    _check("tutor_missing", "tuteur non indiqué"),
    _check("site_missing", "lieu de travail non indiqué"),
    _check("jump", "écart de plus de moitié avec le mois précédent", Level.OFF),
)
SETTINGS: Mapping[str, Setting] = {setting.key: setting for setting in _ALL}


def setting(key: str) -> Setting:
    """The setting of that key; LookupError when there is none."""
    return SETTINGS[key]


@dataclass(frozen=True)
class Change:
    """A setting changed by an administrator, from a day on."""

    key: str
    from_on: date
    value: Value


def value_on(key: str, day: date, changes: Iterable[Change] = ()) -> Value:
    """The value of that day: the latest change begun, else the default; LookupError for an unknown key."""
    begun = [change for change in changes if change.key == key and change.from_on <= day]
    return max(begun, key=lambda change: change.from_on).value if begun else setting(key).default


def number_on(key: str, day: date, changes: Iterable[Change] = ()) -> Decimal:
    """The value of a numeric setting; TypeError when the setting is made of words."""
    value = value_on(key, day, changes)
    if not isinstance(value, Decimal):
        raise TypeError(f"{key} is no number")
    return value


def levels_on(day: date, changes: Iterable[Change] = ()) -> dict[str, Level]:
    """The levels of checks in force that day, by code of check, as the checks of hours take them."""
    known = list(changes)
    keys = [key for key in SETTINGS if key.startswith("level_")]
    return {key.removeprefix("level_"): Level(str(value_on(key, day, known))) for key in keys}


def read_value(key: str, typed: str) -> Value:
    """The value typed for a setting; ValueError when a numeric setting gets no number."""
    text = typed.strip()
    if not setting(key).is_number:
        return text
    try:
        value = Decimal(text.replace("\u00a0", "").replace(" ", "").replace(",", "."))
    except InvalidOperation:
        raise ValueError(f"not a number: {typed!r}") from None
    if not value.is_finite():
        raise ValueError(f"not a number: {typed!r}")
    return value


def objections_to_value(key: str, typed: str) -> list[Objection]:
    """What is wrong with the text typed for a setting; the field is the setting's key."""
    chosen = setting(key)
    try:
        value = read_value(key, typed)
    except ValueError:
        return [Objection("setting_not_a_number", "Écrivez un nombre, par exemple 24.", key)]
    if isinstance(value, Decimal):
        return _bound_objections(chosen, value)
    if not value:
        return [Objection("setting_blank", "Écrivez une valeur.", key)]
    if chosen.choices and value not in chosen.choices:
        return [Objection("setting_unknown_choice", f"Choisissez : {', '.join(chosen.choices)}.", key)]
    return []


def _bound_objections(chosen: Setting, value: Decimal) -> list[Objection]:
    least, most = chosen.least, chosen.most
    if (least is None or least <= value) and (most is None or value <= most):
        return []
    text = f"Entre {format_number(least or 0, 0)} et {format_number(most or 0, 0)} {chosen.unit}."
    return [Objection("setting_out_of_bounds", text, chosen.key)]
