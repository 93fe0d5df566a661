"""Compares the book with the database, the letters and the pages; each difference is a sentence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal

from flask import Flask
from sqlalchemy import func, select

from tests.plumbing.mail import Mailbox
from tests.soak.book import Book
from tests.soak.pages import Page, read_hours
from tracker.accounts.models import JournalEntry, Membership
from tracker.accounts.rules import Role
from tracker.hours.models import Declaration, HoursLine, HoursLineVersion, LedgerEntry
from tracker.placements.models import Placement
from tracker.plumbing.database import db
from tracker.plumbing.outbox import Message

ZERO = Decimal(0)
OUTCOMES = {"accept": "accepted", "return": "returned", "refuse": "refused"}


def differences(book: Book, app: Flask, mailbox: Mailbox) -> Iterator[str]:
    """All that does not agree; nothing when all does."""
    yield from book.faults
    yield from book.inconsistencies()
    yield from _lines(book)
    yield from _ledger(book)
    yield from _journal(book)
    yield from _letters(book, mailbox)
    yield from _pages(book, app)


def _sent_lines() -> Iterator[tuple[tuple[str, str], HoursLine]]:
    """Each line that somebody of the soak sent, as the book names it; certified months have nobody's name."""
    rows = db.session.execute(
        select(HoursLine, Placement.public_id)
        .join(Placement, Placement.id == HoursLine.placement_id)
        .join(Declaration, Declaration.id == HoursLine.declaration_id)
        .where(Declaration.submitted_by_id.is_not(None))
    )
    for line, public_id in rows:
        yield (f"{public_id}-{line.part}", str(line.month)), line


def _versions() -> dict[int, list[HoursLineVersion]]:
    found = defaultdict(list)
    for version in db.session.scalars(select(HoursLineVersion).order_by(HoursLineVersion.number)):
        found[version.line_id].append(version)
    return found


def _lines(book: Book) -> Iterator[str]:
    """Nothing lost, nothing doubled: each line has the versions that were sent, and the rulings that were told."""
    versions, kept = _versions(), dict(_sent_lines())
    yield from (f"lost: {line}" for line in book.versions.keys() - kept.keys())
    yield from (f"nobody sent {line}" for line in kept.keys() - book.versions.keys())
    for name in book.versions.keys() & kept.keys():
        its = versions[kept[name].id]
        hours, outcomes = [one.hours for one in its], Counter(str(one.outcome) for one in its)
        if hours != book.versions[name]:
            yield f"{name}: {hours} in the database, {book.versions[name]} in the book"
        if outcomes != Counter(OUTCOMES[ruling] for ruling in book.rulings.get(name, [])):
            yield f"{name}: {outcomes} in the database, {book.rulings.get(name)} in the book"


def _ledger(book: Book) -> Iterator[str]:
    """Each accepted line is counted once, whole, and no other is."""
    booked = defaultdict(list)
    for entry in db.session.scalars(select(LedgerEntry)):
        booked[entry.line_id].append(entry.hours)
    accepted = book.accepted
    for name, line in _sent_lines():
        wanted = [accepted[name]] if name in accepted else []
        if booked[line.id] != wanted:
            yield f"{name}: {booked[line.id]} in the ledger, {wanted} in the book"
        if line.imputed_hours != sum(wanted, ZERO):
            yield f"{name}: {line.imputed_hours} imputed, {wanted} in the book"


def _journal(book: Book) -> Iterator[str]:
    """The journal tells each sending and each decision once."""
    found = select(JournalEntry.verb, JournalEntry.about_id, func.count()).where(
        JournalEntry.about_kind == "declaration"
    )
    told = {(verb, about): count for verb, about, count in db.session.execute(found.group_by("verb", "about_id"))}
    for declaration in db.session.scalars(select(Declaration).where(Declaration.submitted_by_id.is_not(None))):
        sent = book.sent[declaration.employer_id, str(declaration.month), str(declaration.clause_id)]
        pairs = (("declaration_submitted", sent), ("declaration_decided", book.decided[declaration.public_id]))
        for verb, count in pairs:
            if told.get((verb, declaration.id), 0) != count:
                yield f"{declaration.public_id}: {told.get((verb, declaration.id), 0)} {verb}, {count} in the book"


def _letters(book: Book, mailbox: Mailbox) -> Iterator[str]:
    """Each decision told its employer, once: a letter that left twice bears one name."""
    messages = db.session.scalars(select(Message)).all()
    if len(messages) != book.decided.total():
        yield f"{len(messages)} messages, {book.decided.total()} decisions"
    left = {str(letter["Message-ID"]) for letter in mailbox.letters}
    if left != {message.message_id for message in messages}:
        yield f"{len(left)} different letters for {len(messages)} messages"
    yield from (f"message {one.id} did not leave: {one.last_error}" for one in messages if one.sent_at is None)


def _pages(book: Book, app: Flask) -> Iterator[str]:
    """Each employer's own list says, month by month, the hours of the book."""
    wanted = _sums(book)
    employers = db.session.scalars(select(Membership).where(Membership.role == Role.EMPLOYER).order_by(Membership.id))
    for member in employers.all():
        shown = Counter(_shown_to(app, member))
        if shown != wanted[member.organisation_id]:
            yield f"{member.organisation.name} reads {shown}, the book has {wanted[member.organisation_id]}"


def _sums(book: Book) -> dict[int, Counter[tuple[int, str, str]]]:
    """By employer, for each of its declarations: lines, hours declared, hours accepted."""
    accepted = book.accepted
    sums: dict[int, dict[int, list[Decimal]]] = defaultdict(lambda: defaultdict(lambda: [ZERO, ZERO, ZERO]))
    for name, line in _sent_lines():
        one = sums[line.declaration.employer_id][line.declaration_id]
        for rank, value in enumerate((Decimal(1), book.versions.get(name, [ZERO])[-1], accepted.get(name, ZERO))):
            one[rank] += value
    return {
        employer: Counter(
            (int(lines), f"{declared:.2f}", f"{accepted:.2f}") for lines, declared, accepted in its.values()
        )
        for employer, its in sums.items()
    }


def _shown_to(app: Flask, member: Membership) -> Iterator[tuple[int, str, str]]:
    page = app.test_client().acting_for(member).get("/declarations")
    for cells in Page(page.text).rows[1:]:
        yield int(cells[3]), read_hours(cells[4]), read_hours(cells[5])
