"""Why somebody counts is for those in charge alone; a name, for those who may read it (`domain.md` §11).

Each ground of each person, and each earlier name, is marked; then everybody opens all that is open to them, and every
word is searched.
"""

import re

import pytest
from sqlalchemy import func, select, text

from tests.security.reading import logged, words_of
from tests.security.test_matrix import PERSONAS, READS, walk
from tests.security.world import NAMES
from tracker.accounts.models import Person
from tracker.accounts.rules import ANYONE
from tracker.certificates.documents.paper import draw
from tracker.participants.models import Participant
from tracker.participants.rules.decisions import RsaStatus
from tracker.plumbing.database import db
from tracker.plumbing.outbox import Message
from tracker.publics.rules import DEFAULT_EDITION, EDITIONS, Proof

EVERY_MARK = "za(?:categorie|temoin|avis|quartier|ancien)-"
FAMILY = {name: full.split()[1].lower() for name, full in NAMES.items()}
OURS = {"amina", "lucas", "karim", "bilal", "teo"}
# Whose names stand somewhere on the pages of each; an employer reads its own people's.
READS_NAMES = {
    "sophie": {"amina", "lucas", "karim", "teo"},
    "link": {"amina", "lucas", "karim"},
    "lender": {"bilal"},
    "rival": {"nadia"},
    "prescriber": {"amina"},
    "claire": OURS,
    "other_facilitator": {"nadia"},
    "administrator": OURS | {"nadia"},
}
# Who was decided upon, and by whom that is read.
READS_WHY = {
    "claire": {"amina", "bilal", "lucas", "teo"},
    "other_facilitator": {"nadia"},
    "administrator": {"amina", "bilal", "lucas", "nadia", "teo"},
}
LABELS = {
    *(category.label.lower() for category in EDITIONS[DEFAULT_EDITION].categories),
    *(proof.label.lower() for proof in Proof),
    *(status.label.lower() for status in RsaStatus if status is not RsaStatus.NONE),
}
GROUNDS = re.compile(r"\b(?:rsa|aah|rqth|handicap\w*|allocataires?|qpv|zrr)\b")
GRANT = {
    "version": "1",
    "outcome": "granted",
    "main_category": "opinion",
    "other_categories": ["minima"],
    "proof_kind": "opinion",
    "proof_seen_on": "07/04/2026",
    "proof_seen_by": "Zatemoin-lucas",
    "reason": "Zaavis-lucas",
}


@pytest.fixture
def drawn():
    """Papers are drawn for good: they are read here."""
    return draw


@pytest.fixture
def told(world):
    """What was decided through the pages, so that messages left: a grant, a declaration, an invitation."""
    claire, helene = world.visitor("claire"), world.visitor("helene")
    lucas, amina = world.placements["lucas"], world.placements["amina"]
    sent = world.subjects["sent"]["public_id"]
    key = f"{amina.public_id}-0"
    accept = {"version": "1", "action": "decide", f"decision-{key}": "accept", f"message-{key}": ""}
    guest = {"email": "nouvelle@guerin.fr", "given_name": "Nina", "family_name": "Neuve"}
    answers = (
        claire.send(f"/mises-a-l-emploi/{lucas.public_id}/eligibilite", GRANT),
        claire.send(f"/declarations/a-valider/{sent}", accept),
        helene.send(f"/engagements/{world.cast.pledge.public_id}/inviter", guest),
    )
    assert [answer.status_code for answer in answers] == [302, 302, 302]
    return world


def everything_read(app, world, persona: str) -> dict[str, str]:
    """Each open page of this persona, by what it is: its words; everybody's pages for somebody of each kind alone."""
    client, reads_all = world.visitor(persona), persona in ("nobody", "sophie", "observer")
    return {
        f"{row.endpoint} {row.subject}": words_of(client.get(address))
        for row, address in walk(app, world, frozenset({"GET"}))
        if 200 in row.codes_for(persona) and (reads_all or not is_for_everybody(app, row.endpoint))
    }


def is_for_everybody(app, endpoint: str) -> bool:
    """Whether no account is asked; a stylesheet has no act."""
    return getattr(app.view_functions[endpoint], "act", None) in {*ANYONE, None}


def test_nobody_reads_why_nor_a_name_unless_they_may(app, told):
    names, marks, grounds = {}, {}, {}
    for persona in PERSONAS:
        pages = everything_read(app, told, persona)
        whole = "\n".join(pages.values())
        assert persona != "sophie" or "attestation" in pages["certificates.download_certificate paper"]
        assert persona != "sophie" or "accord préalable du" in pages["placements.download_approval amina"]
        names[persona] = {name for name, family in FAMILY.items() if family in whole}
        marks[persona] = set(re.findall(f"{EVERY_MARK}([a-z]+)", whole))
        grounds[persona] = _grounds_in(app, pages)
    assert names == {persona: READS_NAMES.get(persona, set()) for persona in PERSONAS}
    assert marks == {persona: READS_WHY.get(persona, set()) for persona in PERSONAS}
    assert [persona for persona in PERSONAS if grounds[persona]] == list(READS_WHY), grounds


def _grounds_in(app, pages: dict[str, str]) -> set[str]:
    """The words that would betray a ground, on the pages that are not everybody's."""
    found = set()
    for page, words in pages.items():
        if is_for_everybody(app, page.split()[0]):
            continue
        found |= {f"{page}: {word}" for word in (*GROUNDS.findall(words), *(one for one in LABELS if one in words))}
    return found


def test_no_message_says_why_and_none_names_anybody_to_a_buyer(told):
    messages = db.session.scalars(select(Message)).all()
    assert {"Accord préalable", "Guérin Construction"} <= {
        part for message in messages for part in re.findall("Accord préalable|Guérin Construction", message.subject)
    }
    officers = {told.cast.helene.person.email, told.cast.other_buyer.person.email}
    for message in messages:
        words = f"{message.subject}\n{message.body}\n{message.last_error}".lower()
        assert not re.search(EVERY_MARK, words), message.subject
        assert not GROUNDS.search(words), message.subject
        assert message.recipient not in officers or not any(family in words for family in FAMILY.values())


def test_the_journal_holds_no_value_of_anybody(told):
    whole = "\n".join(db.session.scalars(text("SELECT facts::text FROM journal_entry"))).lower()
    assert whole
    assert not re.search(EVERY_MARK, whole)
    assert not any(family in whole for family in FAMILY.values())


def test_no_line_of_the_log_names_anybody_or_holds_a_secret(app, world):
    secrets = {value for subject in world.subjects.values() for key, value in subject.items() if key in HIDDEN}
    people = db.session.scalars(select(Person)).all()
    forbidden = {*FAMILY.values(), *(person.name.lower() for person in people), "@", "za"} | secrets
    routes = walk(app, world, READS | {"POST"})
    named = [(row, address) for row, address in routes if row.subject != "-" or row.method == "POST"]
    with logged() as lines:
        for persona in ("nobody", "sophie", "claire"):
            client = world.visitor(persona)
            for row, address in named:
                answer = client.get(address) if row.method == "GET" else client.send(address, TYPED)
                answer.close()
    assert len(lines) > 100
    assert {word for line in lines for word in forbidden if word in line} == set()


def test_the_page_that_anybody_verifies_on_names_nobody(app, world):
    nobody = world.visitor("nobody")
    words = words_of(nobody.get(f"/verifier/{world.subjects['code']['code']}"))
    assert "guérin construction" in words
    assert [person.name for person in db.session.scalars(select(Person)) if person.name.lower() in words] == []


WORK = {
    "sex": "female",
    "commune_code": "37261",
    "level": "3",
    "contract_type": "cdd",
    "means": "direct_hire",
    "weekly_hours": "35",
    "starts_on": "13/04/2026",
    "ends_on": "31/07/2026",
}


@pytest.mark.usefixtures("communes")
@pytest.mark.parametrize("name", ["bilal", "nadia", "unknown"])
def test_an_employer_s_entry_always_looks_new(world, name):
    """Somebody in the files of others, typed again or named by a stolen identifier: no answer tells."""
    given, family = NAMES.get(name, "Zoé Zainconnue").split()
    stolen = world.subjects.get(f"{name}-file", {"public_id": "a" * 16})["public_id"]
    typed = {**WORK, "given_name": given, "family_name": family, "born_on": "17/05/1990", "participant": stolen}
    known = db.session.scalar(select(func.count(Participant.id)))
    sophie = world.visitor("sophie")
    answer = sophie.send(f"/clauses/{world.cast.clause.id}/mises-a-l-emploi/nouvelle", typed)
    assert answer.status_code == 302
    assert db.session.scalar(select(func.count(Participant.id))) == known + 1
    newest = db.session.scalar(select(Participant).order_by(Participant.id.desc()).limit(1))
    assert newest.public_id != stolen
    assert "déjà" not in sophie.get(answer.location).text


HIDDEN = {"secret", "code", "public_id", "number"}
TYPED = {
    "email": "zadenonce@exemple.test",
    "password": "zamot-de-passe",
    "given_name": "Zaprenom",
    "family_name": "Zanom",
    "born_on": "17/05/1990",
    "number": "AR-zanumero",
    "check_code": "zacontrole",
}
