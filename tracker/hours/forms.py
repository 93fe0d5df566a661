"""The month's page and the review of a declaration: French text ↔ answers and decisions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from wtforms import BooleanField, HiddenField

from tracker.hours.rules.decisions import LineDecision, Motive, Ruling
from tracker.hours.rules.months import Answer, Cell, ClauseMonth, OpenMonth, Row, SentMonth
from tracker.hours.rules.notes import label_of
from tracker.hours.rules.owed import IdleMonths
from tracker.plumbing.forms import BoxesField, Form, HoursField, TidyField, number_of_version, options
from tracker.vocabulary.dates import Month
from tracker.vocabulary.hours import ZERO, format_number, total
from tracker.vocabulary.objections import Objection

Word = TypeVar("Word", bound=StrEnum)


class MonthForm(Form):
    """An employer's month: two fields a cell, and for each clause its statement on honour and what the page saw."""

    opened: OpenMonth

    def _cells(self) -> Iterator[tuple[ClauseMonth, Row, Cell]]:
        for clause in self.opened.open_clauses:
            for row in clause.open_rows:
                for cell in row.open_cells:
                    yield clause, row, cell

    def sent(self) -> SentMonth:
        """What came back, read; a text that is no number is only named, its sentence stands beside its field."""
        cells = [cell for _, _, cell in self._cells()]
        clauses = self.opened.open_clauses
        return SentMonth(
            answers={cell.key: self._answer(cell) for cell in cells},
            attested={clause.clause_id for clause in clauses if self[clause.honour_field].data},
            seen={clause.clause_id: self[clause.seen_field].data for clause in clauses},
            unreadable={cell.key for cell in cells if self[cell.hours_field].process_errors},
        )

    def _answer(self, cell: Cell) -> Answer:
        return Answer(self[cell.hours_field].data, bool(self[cell.none_field].data))

    def take(self, objections: Iterable[Objection]) -> None:
        """As any form, save that an unreadable text already bears its own sentence."""
        super().take(objection for objection in objections if objection.code != "unreadable")

    def copy_last_month(self, target: str) -> None:
        """Fills from last month: one cell by its key, or the empty ones of a clause by its id, or of all clauses."""
        for clause, row, cell in self._cells():
            is_named = target == cell.key
            is_among = target in ("", str(clause.clause_id)) and self._is_empty(cell)
            if row.last_month_hours is not None and len(row.cells) == 1 and (is_named or is_among):
                self._put(cell, row.last_month_hours)

    def _is_empty(self, cell: Cell) -> bool:
        return not self[cell.none_field].data and not self.typed(cell).strip()

    def _put(self, cell: Cell, hours: Decimal) -> None:
        field = self[cell.hours_field]
        field.data, field.process_errors, field.errors = hours or None, (), ()
        field.raw_data = [format_number(hours)] if hours else []
        self[cell.none_field].data = not hours

    def typed(self, cell: Cell) -> str:
        """The text of a cell, as typed."""
        return str(self[cell.hours_field]._value())

    def forget_what_was_seen(self) -> None:
        """Once the sender is told what changed, the page counts as seen anew."""
        for clause in self.opened.open_clauses:
            self[clause.seen_field].data = clause.token

    def _is_wrong(self, cell: Cell) -> bool:
        return bool(self[cell.hours_field].errors)

    @property
    def total_hours(self) -> Decimal:
        """The hours readable on the page, less those that an error stops."""
        return total(self[cell.hours_field].data or ZERO for _, _, cell in self._cells() if not self._is_wrong(cell))

    @property
    def ready(self) -> int:
        """How many cells bear an answer and no error."""
        return sum(not self._answer(cell).is_blank and not self._is_wrong(cell) for _, _, cell in self._cells())

    @property
    def summary(self) -> list[tuple[str, str]]:
        """Every error once, the person named first."""
        return _summary(self, {cell.hours_field: _whose(self.opened, row, cell) for _, row, cell in self._cells()})


def _summary(form: Form, people: Mapping[str, str]) -> list[tuple[str, str]]:
    """Every error as (anchor of its field, sentence); `people` says whom each field is about."""
    found = [("", str(error)) for error in form.form_errors]
    for field in form:
        for error in field.errors:
            said = f"{people[field.name]}\u00a0: {_lower(error)}" if field.name in people else str(error)
            found.append((field.id, said))
    return found


def _whose(opened: OpenMonth, row: Row, cell: Cell) -> str:
    if len(row.cells) == 1:
        return row.person
    return f"{row.person}, {_lower(label_of(opened.month, row, cell))}"


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def month_form(opened: OpenMonth) -> MonthForm:
    """The form of a month, made for its cells; what was kept or returned stands in them."""
    fields: dict[str, Any] = {"opened": opened}
    for clause in opened.open_clauses:
        for row in clause.open_rows:
            for cell in row.open_cells:
                fields[cell.hours_field] = HoursField(label_of(opened.month, row, cell), default=cell.hours or None)
                fields[cell.none_field] = BooleanField(default=cell.hours == ZERO)
        fields[clause.honour_field] = BooleanField()
        fields[clause.seen_field] = HiddenField(default=clause.token)
    form: MonthForm = type("MonthFormOfTheDay", (MonthForm,), fields)()
    return form


class IdleForm(Form):
    """The months without anybody in post, by clause, ticked when the page opens; one statement on honour."""

    idle: Sequence[IdleMonths] = ()
    honour = BooleanField(
        "J’atteste sur l’honneur que, dans les mois cochés, personne n’a travaillé pour mon entreprise au titre de la"
        " clause d’insertion de ces marchés."
    )

    @property
    def ticked(self) -> dict[int, list[Month]]:
        """The months ticked, by clause; a text that is no month is none."""
        return {one.clause_id: [month for month in one.months if str(month) in self._texts(one)] for one in self.idle}

    def _texts(self, one: IdleMonths) -> Sequence[str]:
        return self[one.field].data or ()


def idle_form(idle: Sequence[IdleMonths]) -> IdleForm:
    """The form of these months."""
    fields: dict[str, Any] = {"idle": tuple(idle)}
    for one in idle:
        choices = options((str(month), month.in_french.capitalize()) for month in one.months)
        ticked = [str(month) for month in one.months]
        fields[one.field] = BoxesField(one.title, choices=choices, default=ticked, validate_choice=False)
    form: IdleForm = type("IdleFormOfTheDay", (IdleForm,), fields)()
    return form


class DecisionForm(Form):
    """A declaration's review: for each waiting line a ruling, a usual motive and words of one's own."""

    keys: tuple[str, ...] = ()
    version = HiddenField()

    @property
    def seen_version(self) -> int:
        """The version that the page showed; 0 when it shows none."""
        return number_of_version(self.version.data)

    def decisions(self) -> dict[str, LineDecision]:
        """What was decided, by key of line; a word that is no ruling is none."""
        return {key: self.decision(key) for key in self.keys}

    def decision(self, key: str) -> LineDecision:
        """What was decided of one line."""
        ruling, motive = self[f"decision-{key}"].data, self[f"motive-{key}"].data
        return LineDecision(_one_of(Ruling, ruling), _one_of(Motive, motive), self[f"message-{key}"].data or "")

    @property
    def summary(self) -> list[tuple[str, str]]:
        """Every error once, the person named first."""
        return _summary(self, {field.name: field.label.text for field in self})

    def accept(self, keys: Iterable[str]) -> None:
        """Ticks « accepter » where nothing is decided yet."""
        for key in keys:
            field = self[f"decision-{key}"]
            field.data = field.data or Ruling.ACCEPT.value


def _one_of(words: type[Word], text: str | None) -> Word | None:
    return words(text) if text in set(words) else None


def decision_form(keys: Iterable[str], people: Mapping[str, str], version: int) -> DecisionForm:
    """The form for the waiting lines of a declaration, by key; `people` names who each line is about."""
    fields: dict[str, Any] = {"keys": tuple(keys), "version": HiddenField(default=version)}
    for key in fields["keys"]:
        fields |= {f"{name}-{key}": TidyField(people[key]) for name in ("decision", "motive", "message")}
    form: DecisionForm = type("DecisionFormOfTheDay", (DecisionForm,), fields)()
    return form
