"""Whatever is typed in an address, a question or a field, the answer is a page with a reason, never a failure."""

import re
from hashlib import sha256
from html.parser import HTMLParser
from inspect import getsource, unwrap
from itertools import product
from pathlib import Path

from tests.security import database
from tests.security.test_matrix import ROWS, Row, address_of, walk
from tracker.app import ROOT

# Who opens the most of each side; a row is tried by the first of them to whom it is open.
HANDS = ("claire", "helene", "sophie", "administrator")
# Long, and not to be compressed: what no index of PostgreSQL holds.
LONG = "".join(sha256(bytes([rank])).hexdigest() for rank in range(200))
# No number of anything, or one too great.
NUMBERS = ("-1", "0", "²", "١٢٣", "1_000", "2147483648", "1" + "0" * 30, "9" * 5000, "1e400", "NaN")
DAYS = ("2026-13", "9999-12", "1000-01", "31/02/2026", "31/12/9999")
TEXTS = (
    "\x00",
    "a\x00b",
    LONG,
    "' OR 1=1 --",
    "../../etc/passwd",
    "a\r\nSet-Cookie: b=c",
    "{{ 7*7 }}<script>",
    "😀\u202e",
)
NASTY = NUMBERS + DAYS + TEXTS
# In an address, what is no number is stopped at once where a number is wanted.
PLACED = ("-1", "2147483648", "9" * 5000, *DAYS[:3], *TEXTS)
# Each field alone, while the others are sound: nothing a database holds, no amount, no year of ours.
SHARPEST = ("\x00" + LONG, "31/12/9999")
# How many times a whole form is sent, each field with another value each time.
ROUNDS = 7
ASKED = ("q", "page", "tri", "acheteur", "annee", "clause", "revoir", "etat", "a", "suite")


def hand_for(row: Row) -> str:
    """Who tries this row."""
    return next((hand for hand in HANDS if row.codes_for(hand) & {200}), HANDS[0])


def failures(answers) -> list[str]:
    """Every answer of 500 or more, with what was asked."""
    found = []
    for said, answer in answers:
        answer.close()
        if answer.status_code >= 500:
            found.append(f"{said}: {answer.status_code}")
    return found


def rules_with_arguments(app):
    """One rule for each address that names something, and a row to know who may try it."""
    seen = {row.endpoint: row for row in ROWS}
    for rule in app.url_map.iter_rules():
        if rule.arguments and rule.endpoint != "static":
            yield rule, seen[rule.endpoint]


def test_no_address_makes_the_program_fail(app, world):
    def answers():
        for rule, row in rules_with_arguments(app):
            client = world.visitor(hand_for(row))
            for nasty in PLACED:
                address = re.sub(r"<(int:)?[^>]+>", lambda found, text=nasty: placed(found, text), rule.rule)
                method = "GET" if "GET" in rule.methods else "POST"
                yield f"{rule.endpoint} {nasty[:20]!r}", client.open(address, method=method, data=form_of(client))

    assert failures(answers()) == []


def placed(found: re.Match[str], text: str) -> str:
    """As it travels in an address; 1 where only a number leads anywhere."""
    if found[1] and not text.isdecimal():
        return "1"
    return "".join(f"%{byte:02X}" for byte in text.encode())


def form_of(client) -> dict[str, str]:
    """The least a form of ours holds."""
    return {"csrf_token": client.token(), "submission_key": "nasty"}


def test_no_question_makes_the_program_fail(app, world):
    def answers():
        for row in questioned(app):
            client, address = world.visitor(hand_for(row)), address_of(app, row, world)
            for nasty in NASTY:
                # A page beyond any is looked for among rows: nothing else is asked then.
                asked = {"page": nasty} if nasty in NUMBERS else dict.fromkeys(ASKED, nasty)
                yield f"{row.endpoint} {nasty[:20]!r}", client.get(address, query_string=asked)

    assert failures(answers()) == []


def questioned(app) -> list[Row]:
    """The pages that read a question in their address."""
    plain = [row for row in ROWS if row.method == "GET" and row.subject == "-"]
    return [row for row in plain if "request.args" in getsource(unwrap(app.view_functions[row.endpoint]))]


def test_every_question_is_tried():
    """A view that reads another word of the address adds it to the table above."""
    sources = "\n".join(path.read_text() for path in Path(ROOT, "tracker").rglob("*.py"))
    assert set(re.findall(r'args\.get\(\s*"(\w+)"', sources)) <= set(ASKED)


class Fields(HTMLParser):
    """The names and first values of a page's fields, the form against forgery left out."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        name = attributes.get("name")
        if tag in ("input", "select", "textarea", "button") and name not in (None, "csrf_token", "submission_key"):
            self.found.setdefault(name, attributes.get("value") or "")


def forms(app, world):
    """Each form that can be sent, by each side that may: row, address, sender, and fields as the page gives them."""
    known = set()
    for row, address in walk(app, world, frozenset({"POST"})):
        for hand in HANDS[:3] if row.subject != "-" else [hand_for(row)]:
            if 200 in row.codes_for(hand) and (row.endpoint, hand) not in known:
                known.add((row.endpoint, hand))
                client = world.visitor(hand)
                yield row, address, client, Fields(client.get(address).text).found


def test_no_form_makes_the_program_fail(app, world):
    def answers():
        for row, address, client, fields in list(forms(app, world)):
            for start in range(ROUNDS):
                typed = {name: NASTY[(start + 3 * rank) % len(NASTY)] for rank, name in enumerate(fields)}
                yield f"{row.endpoint}, {typed}"[:300], client.send(address, typed, key=f"round {start}")

    assert failures(answers()) == []


SOUND = {
    "pledges.register_clause": {
        "lever": "execution_condition",
        "perimeter": "tout le lot",
        "edition": "EPEC-2021",
        "means": "direct_hire",
        "rhythm": "monthly",
        "deposit_day": "15",
        "basis": "fixed",
        "due_hours": "490",
        "facilitator_contact": "Claire Morvan",
    },
    "placements.propose_placement": {
        "given_name": "Amina",
        "family_name": "Diallo",
        "born_on": "17/05/1990",
        "sex": "female",
        "commune_code": "37261",
        "level": "3",
        "contract_type": "cdd",
        "means": "direct_hire",
        "weekly_hours": "35",
        "starts_on": "13/04/2026",
        "ends_on": "31/07/2026",
    },
    "participants.correct_identity": {
        "version": "1",
        "given_name": "Amina",
        "family_name": "Zadiallo",
        "born_on": "17/05/1990",
        "sex": "female",
        "commune_code": "37261",
        "level": "3",
    },
    "placements.decide_eligibility": {
        "version": "1",
        "outcome": "granted",
        "main_category": "rsa",
        "rsa_status": "recipient",
        "proof_kind": "rsa",
        "proof_seen_on": "07/04/2026",
        "proof_seen_by": "Claire Morvan",
    },
    "hours.end_placement": {"version": "1", "ends_on": "07/04/2026", "reason": "departure", "note": "Fin du lot"},
    "hours.renew_placement": {"version": "1", "ends_on": "30/09/2026"},
    "pledges.invite_employer": {"email": "nina@guerin.fr", "given_name": "Nina", "family_name": "Neuve"},
    "certificates.issue_certificate": {"kind": "interim", "reason": "Relecture", "seen_version": "1"},
    "certificates.revoke_certificate": {"reason": "Erreur de titulaire"},
    "certificates.verify": {"number": "AR-2026-0001", "check_code": "ABCDEFGHJK"},
    "accounts.sign_in": {"email": "sophie@exemple.test", "password": "un mot de passe"},
}


def test_no_field_alone_makes_the_program_fail(app, world, communes):
    def answers():
        for row, address, client, fields in list(forms(app, world)):
            sound = {**fields, **SOUND.get(row.endpoint, {})}
            for name, (rank, nasty) in product([*sound, "submission_key"], enumerate(SHARPEST)):
                if "9999" in nasty and not name.endswith("_on"):
                    continue
                typed = {**sound, "submission_key": f"{name} {rank}", name: nasty}
                yield f"{row.endpoint}.{name} {nasty[:20]!r}", client.send(address, typed)
            database.forget_attempts(app)

    assert failures(answers()) == []
