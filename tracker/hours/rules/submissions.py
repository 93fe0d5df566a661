"""What is wrong with a month about to be kept or sent, and what is only worth a look."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tracker.hours.rules.checks import Check, objections_to_lines
from tracker.hours.rules.lines import LineFacts
from tracker.hours.rules.months import Answer, Cell, ClauseMonth, OpenMonth, Row, SentMonth
from tracker.vocabulary.dates import age_on
from tracker.vocabulary.objections import Objection

MAJORITY = 18
# These alone stop a draft: the figure itself cannot be.
WRONG_EVEN_IN_A_DRAFT = {Check.HOURS_AND_NONE, Check.TOO_MANY_DECIMALS, Check.ABOVE_LONGEST_WEEK}


def facts_of(opened: OpenMonth, clause: ClauseMonth, row: Row, cell: Cell, answer: Answer, today: date) -> LineFacts:
    """A cell and its answer, as the checks look at them; nothing of other employers."""
    return LineFacts(
        key=cell.key,
        month=opened.month,
        cell=cell.days,
        today=today,
        placement=row.period,
        performance=clause.performance,
        hours=answer.hours,
        no_hours=answer.no_hours,
        is_minor=age_on(row.born_on, cell.days.first) < MAJORITY,
        weekly_hours=row.weekly_hours,
        approved_on=row.approved_on,
        window=row.window,
        last_month_hours=row.last_month_hours,
        tutor=row.tutor,
        tutor_is_wanted=row.tutor_is_wanted,
        site=row.site,
        deposit_due_on=clause.due_on,
        levels=opened.levels,
    )


def objections_to_submission(opened: OpenMonth, sent: SentMonth, today: date) -> list[Objection]:
    """All that is wrong with sending these answers; fields are those of the cells and of the statements on honour.

    A clause without any answer and without its statement waits for another day. Unreadable cells are not judged: they
    block by themselves, as « unreadable ».
    """
    if not opened.open_clauses:
        return [Objection("nothing_to_send", "Ce mois est déjà transmis : rien n’attend de votre part.")]
    touched = [one for one in opened.open_clauses if one.clause_id in sent.attested or sent.has_typed(one)]
    found = _unreadable(sent)
    for clause in touched:
        found += objections_to_lines(list(_facts(opened, clause, sent, today)))
    unsigned = [one for one in (touched or opened.open_clauses) if one.clause_id not in sent.attested]
    text = "Cochez cette attestation pour transmettre la déclaration."
    found += [Objection("not_attested", text, clause.honour_field) for clause in unsigned]
    return list(dict.fromkeys(found))


def objections_to_draft(opened: OpenMonth, sent: SentMonth, today: date) -> list[Objection]:
    """What forbids even to keep these answers: figures that cannot be; a draft may be incomplete."""
    facts = [one for clause in opened.open_clauses for one in _facts(opened, clause, sent, today)]
    negative = {f"hours-{one.key}" for one in facts if one.hours is not None and one.hours < 0}
    return _unreadable(sent) + [
        objection
        for objection in objections_to_lines(facts)
        if objection.code in WRONG_EVEN_IN_A_DRAFT
        or (objection.code == Check.NOT_POSITIVE and objection.field in negative)
    ]


def warnings_to(opened: OpenMonth, sent: SentMonth, today: date) -> dict[str, list[str]]:
    """What is worth a look without stopping anything, by field; "" for what concerns the whole month."""
    found: dict[str, list[str]] = {}
    for clause in opened.open_clauses:
        for objection in objections_to_lines(list(_facts(opened, clause, sent, today))):
            said = found.setdefault(objection.field, [])
            if not objection.blocks and objection.text not in said:
                said.append(objection.text)
    return found


def _unreadable(sent: SentMonth) -> list[Objection]:
    text = "Écrivez un nombre d’heures, par exemple 151,67 ou 7h30."
    return [Objection("unreadable", text, f"hours-{key}") for key in sent.unreadable]


def _facts(opened: OpenMonth, clause: ClauseMonth, sent: SentMonth, today: date) -> Iterator[LineFacts]:
    for row in clause.open_rows:
        for cell in row.open_cells:
            if cell.key not in sent.unreadable:
                yield facts_of(opened, clause, row, cell, sent.answer(cell), today)
