"""Who may open what: every route of Flask's own map × every persona, one table; written from `domain.md` §11.

A route without a row fails here: add one line for each method and each thing it may name.

o  opened: 200 for a GET; for a POST with an empty, well-formed body, let through (200, 302, 409, 410 or 422)
1  401: who are you?            3  403: not your role            4  404: not yours, or nothing there
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest
from flask import url_for
from werkzeug.wrappers import Response

from tests.security import database

PERSONAS = {
    "nobody": "without an account",
    "ended": "administrator until yesterday",
    "sophie": "employer, holder of our contract",
    "link": "sophie, let in by a link sent for our clause",
    "lender": "employer who lends somebody to our clause",
    "rival": "employer elsewhere",
    "helene": "officer of our buyer",
    "other_buyer": "officer of another buyer",
    "claire": "facilitator in charge",
    "other_facilitator": "facilitator of another structure",
    "prescriber": "sent amina, and nobody else",
    "observer": "reads totals",
    "both": "administrator too, acting as an observer",
    "administrator": "sees everything",
}

#                                              nobody ended
#                                              |  sophie link lender rival
#                                              |  |    helene other_buyer
#                                              |  |    |  claire other_facilitator
#                                              |  |    |  |  prescriber
#                                              |  |    |  |  | observer both
#                                              |  |    |  |  | |  administrator
TABLE = """
GET  accounts.sign_in               -          oo oooo oo oo o oo o
POST accounts.sign_in               -          oo oooo oo oo o oo o
POST accounts.sign_out              -          11 oooo oo oo o oo o
GET  accounts.choose_organisation   -          11 4344 44 44 4 4o 4
POST accounts.choose_organisation   -          11 4344 44 44 4 4o 4
GET  accounts.open_link             fresh-link oo oooo oo oo o oo o
GET  accounts.open_link             spent-link oo oooo oo oo o oo o
GET  accounts.open_link             no-link    44 4444 44 44 4 44 4
POST accounts.open_link             spent-link oo oooo oo oo o oo o
POST accounts.open_link             no-link    44 4444 44 44 4 44 4
POST accounts.open_link             fresh-link oo oooo oo oo o oo o
POST accounts.renew_link            spent-link oo oooo oo oo o oo o
POST accounts.renew_link            no-link    44 4444 44 44 4 44 4

GET  desk.home                      -          11 oooo oo oo o oo o
GET  desk.sent_messages             -          11 3333 33 33 3 33 o
GET  desk.accessibility             -          oo oooo oo oo o oo o
GET  desk.components                -          oo oooo oo oo o oo o
GET  desk.is_alive                 -          oo oooo oo oo o oo o
GET  desk.is_ready                 -          oo oooo oo oo o oo o
GET  desk.read_metrics             -          11 3333 33 33 3 33 o
GET  desk.legal                     -          oo oooo oo oo o oo o
GET  desk.logo                      -          44 4444 44 44 4 44 4
GET  desk.privacy                   -          oo oooo oo oo o oo o
GET  desk.rules                     -          oo oooo oo oo o oo o
GET  desk.site_map                  -          oo oooo oo oo o oo o
GET  desk.source_code               -          oo oooo oo oo o oo o
GET  static                         stylesheet oo oooo oo oo o oo o
GET  settings.show_settings         -          11 3333 33 33 3 33 o

GET  contracts.list_contracts       -          11 oooo oo oo 3 oo o
GET  contracts.export_contracts     -          11 oooo oo oo 3 oo o
GET  contracts.import_contracts     -          11 3333 oo 33 3 33 o
POST contracts.import_contracts     -          11 3333 oo 33 3 33 o
GET  contracts.show_import          import     11 3333 o4 33 3 33 o
GET  contracts.download_rejects     import     11 3333 o4 33 3 33 o
GET  records.show_contract          ours       11 ooo4 o4 o4 3 oo o
GET  records.show_contract          beside     11 o444 4o o4 3 oo o
GET  records.show_contract          theirs     11 444o 4o 4o 3 oo o
GET  records.show_contract          unclaimed  11 o444 o4 oo 3 oo o
GET  records.show_clause            ours       11 ooo4 o4 o4 3 oo o
GET  records.show_clause            beside     11 o444 4o o4 3 oo o
GET  records.show_clause            theirs     11 444o 4o 4o 3 oo o

GET  pledges.register_clause        ours       11 3333 o4 o4 3 33 o
POST pledges.register_clause        ours       11 3333 o4 o4 3 33 o
GET  pledges.register_clause        unclaimed  11 3333 o4 oo 3 33 o
POST pledges.register_clause        theirs     11 3333 4o 4o 3 33 o
GET  pledges.invite_employer        ours       11 3333 o4 o4 3 33 o
POST pledges.invite_employer        ours       11 3333 o4 o4 3 33 o
GET  pledges.invite_employer        theirs     11 3333 4o 4o 3 33 o
POST pledges.invite_employer        theirs     11 3333 4o 4o 3 33 o
POST pledges.send_again             guest      11 3333 o4 o4 3 33 o
POST pledges.send_again             stranger   11 3333 44 44 3 33 4

GET  placements.list_placements     -          11 oooo 33 oo o 33 o
GET  placements.show_placement      amina      11 oo44 33 o4 o 33 o
GET  placements.show_placement      lucas      11 oo44 33 o4 4 33 o
GET  placements.show_placement      karim      11 oo44 33 o4 4 33 o
GET  placements.show_placement      bilal      11 44o4 33 o4 4 33 o
GET  placements.show_placement      teo        11 o444 33 o4 4 33 o
GET  placements.show_placement      nadia      11 444o 33 4o 4 33 o
GET  placements.download_approval   amina      11 oo44 33 o4 o 33 o
GET  placements.download_approval   lucas      11 4444 33 44 4 33 4
GET  placements.download_approval   teo        11 4444 33 44 4 33 4
GET  placements.download_approval   nadia      11 444o 33 4o 4 33 o
GET  placements.propose_placement   ours       11 ooo4 33 o4 3 33 o
POST placements.propose_placement   ours       11 ooo4 33 o4 3 33 o
GET  placements.propose_placement   beside     11 o444 33 o4 3 33 o
POST placements.propose_placement   beside     11 o444 33 o4 3 33 o
GET  placements.propose_placement   theirs     11 444o 33 4o 3 33 o
POST placements.propose_placement   theirs     11 444o 33 4o 3 33 o
GET  placements.decide_eligibility  lucas      11 3333 33 o4 3 33 o
POST placements.decide_eligibility  lucas      11 3333 33 o4 3 33 o
POST placements.decide_eligibility  nadia      11 3333 33 4o 3 33 o
GET  participants.list_participants -          11 3333 33 oo 3 33 o
GET  participants.show_participant  amina-file 11 3333 33 o4 3 33 o
GET  participants.show_participant  nadia-file 11 3333 33 4o 3 33 o
GET  participants.correct_identity  amina-file 11 3333 33 o4 3 33 o
POST participants.correct_identity  amina-file 11 3333 33 o4 3 33 o
GET  participants.correct_identity  nadia-file 11 3333 33 4o 3 33 o
POST participants.correct_identity  nadia-file 11 3333 33 4o 3 33 o

GET  hours.end_placement            amina      11 oo44 33 o4 3 33 o
GET  hours.end_placement            teo        11 o444 33 o4 3 33 o
GET  hours.end_placement            nadia      11 444o 33 4o 3 33 o
POST hours.end_placement            amina      11 oo44 33 o4 3 33 o
POST hours.end_placement            teo        11 o444 33 o4 3 33 o
POST hours.end_placement            nadia      11 444o 33 4o 3 33 o
GET  hours.renew_placement          amina      11 oo44 33 o4 3 33 o
GET  hours.renew_placement          teo        11 o444 33 o4 3 33 o
GET  hours.renew_placement          nadia      11 444o 33 4o 3 33 o
POST hours.renew_placement          amina      11 oo44 33 o4 3 33 o
POST hours.renew_placement          teo        11 o444 33 o4 3 33 o
POST hours.renew_placement          nadia      11 444o 33 4o 3 33 o
GET  hours.declare_month            month      11 oooo 33 33 3 33 3
POST hours.declare_month            month      11 oooo 33 33 3 33 3
GET  hours.declare_idle_months      -          11 oooo 33 33 3 33 3
POST hours.declare_idle_months      -          11 oooo 33 33 3 33 3
GET  hours.list_declarations        -          11 oooo 33 oo 3 33 o
GET  hours.show_declaration         sent       11 oo44 33 o4 3 33 o
GET  hours.show_declaration         accepted   11 oo44 33 o4 3 33 o
GET  hours.show_declaration         draft      11 oo44 33 44 3 33 4
GET  hours.show_declaration         lent       11 44o4 33 o4 3 33 o
GET  hours.show_declaration         sent-beside 11 o444 33 o4 3 33 o
GET  hours.show_declaration         sent-elsewhere 11 444o 33 4o 3 33 o
GET  hours.decide_declaration       sent       11 3333 33 o4 3 33 o
POST hours.decide_declaration       sent       11 3333 33 o4 3 33 o
POST hours.decide_declaration       draft      11 3333 33 44 3 33 4
POST hours.decide_declaration       sent-elsewhere 11 3333 33 4o 3 33 o

GET  certificates.list_certificates    -           11 oooo oo oo 3 oo o
GET  certificates.issue_certificate    ours        11 3333 33 o4 3 33 o
POST certificates.issue_certificate    ours        11 3333 33 o4 3 33 o
POST certificates.issue_certificate    theirs      11 3333 33 4o 3 33 o
GET  certificates.show_certificate     certificate 11 oo44 o4 o4 3 oo o
GET  certificates.download_certificate paper       11 oo44 o4 o4 3 oo o
GET  certificates.show_certificate     certificate-beside 11 o444 4o o4 3 oo o
GET  certificates.download_certificate paper-beside 11 o444 4o o4 3 oo o
GET  certificates.revoke_certificate   paper       11 3333 33 o4 3 33 o
POST certificates.revoke_certificate   paper       11 3333 33 o4 3 33 o
GET  certificates.verify               -           oo oooo oo oo o oo o
POST certificates.verify               -           oo oooo oo oo o oo o
GET  certificates.verify_code          code        oo oooo oo oo o oo o
GET  certificates.verify_code          no-code     44 4444 44 44 4 44 4
"""
CODES = {"1": {401}, "3": {403}, "4": {404}}
OPENED = {"GET": {200}, "POST": {200, 302, 303, 409, 410, 422}}
READS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Row:
    """One line of the table: a method on an endpoint, about one thing, and a letter per persona."""

    method: str
    endpoint: str
    subject: str
    letters: str

    def codes_for(self, persona: str) -> set[int]:
        """The answers this persona may get."""
        letter = self.letters[list(PERSONAS).index(persona)]
        return OPENED[self.method] if letter == "o" else CODES[letter]


def rows() -> list[Row]:
    """The table, read."""
    parts = [line.split(maxsplit=3) for line in TABLE.splitlines() if line]
    return [Row(method, endpoint, subject, letters.replace(" ", "")) for method, endpoint, subject, letters in parts]


ROWS = rows()


def pairs_of(app) -> set[tuple[str, str]]:
    """Every (method, endpoint) of Flask's own map; HEAD and OPTIONS come with each."""
    return {
        (method, rule.endpoint) for rule in app.url_map.iter_rules() for method in rule.methods - {"HEAD", "OPTIONS"}
    }


def address_of(app, row: Row, world) -> str:
    """The path of a row in this world."""
    with app.test_request_context():
        wanted = next(rule for rule in app.url_map.iter_rules(row.endpoint) if row.method in rule.methods)
        values = world.subjects[row.subject]
        return url_for(row.endpoint, _external=False, **{name: values[name] for name in wanted.arguments})


def walk(app, world, methods: frozenset[str]) -> Iterator[tuple[Row, str]]:
    """Each row of these methods with its address; rows of a room that has not landed are left out."""
    known = pairs_of(app)
    for row in ROWS:
        if row.method in methods and (row.method, row.endpoint) in known:
            yield row, address_of(app, row, world)


def test_every_route_has_a_verdict(whole_app):
    missing = pairs_of(whole_app) - {(row.method, row.endpoint) for row in ROWS}
    said = "\n".join(f"{method} {endpoint}" for method, endpoint in sorted(missing))
    assert not missing, f"give each of these a line in tests/security/test_matrix.py:\n{said}"


def test_the_table_is_well_made(whole_app):
    assert {len(row.letters) for row in ROWS} == {len(PERSONAS)}
    assert Counter((row.method, row.endpoint, row.subject) for row in ROWS).most_common(1)[0][1] == 1


def test_no_verdict_outlives_its_route(whole_app):
    gone = {(row.method, row.endpoint) for row in ROWS} - pairs_of(whole_app)
    assert not gone, f"no such route: {sorted(gone)}"


def test_everybody_reads_what_is_theirs_and_nothing_else(app, world):
    routes = list(walk(app, world, frozenset({"GET"})))
    visitors = {persona: world.visitor(persona) for persona in PERSONAS}
    before, wrong = database.content(app), []
    for persona, client in visitors.items():
        wrong += _disagreements(persona, ((row, client.get(address)) for row, address in routes))
    assert wrong == []
    assert database.changed(before, database.content(app)) == {"reading", "attempt"}


def test_postgresql_itself_holds_every_reading_read_only(app, world):
    visitors = [world.visitor(persona) for persona in ("nobody", "sophie", "administrator")]
    addresses = [address for _, address in walk(app, world, frozenset({"GET"}))]
    with database.watching(app) as watched:
        for client in visitors:
            for address in addresses:
                client.get(address).close()
    assert watched.statements > len(addresses)
    assert watched.written == []


def test_everybody_acts_where_they_may_and_nowhere_else(app, world):
    routes, wrong = list(walk(app, world, frozenset({"POST"}))), []
    for persona in PERSONAS:
        # Each comes another day: how often one may try is tested with the limits themselves.
        database.forget_attempts(app)
        answers = ((row, world.visitor(persona).send(address, key=persona)) for row, address in routes)
        wrong += _disagreements(persona, answers)
    assert wrong == []


def _disagreements(persona: str, answers: Iterable[tuple[Row, Response]]) -> list[str]:
    found = []
    for row, answer in answers:
        answer.close()
        wanted = row.codes_for(persona)
        if answer.status_code not in wanted:
            found.append(f"{persona}, {row.method} {row.endpoint} {row.subject}: {answer.status_code}, not {wanted}")
    return found


def test_a_form_without_its_token_is_refused_and_changes_nothing(app, world):
    routes = list(walk(app, world, frozenset({"POST"})))
    before, let_through = database.content(app), []
    for persona in ("nobody", "sophie", "claire"):
        client = world.visitor(persona)
        for row, address in routes:
            for fields in ({}, {"csrf_token": "forged", "submission_key": "k"}):
                status = client.post(address, data=fields).status_code
                let_through += [f"{persona}, {row.endpoint}: {status}"] if status != 400 else []
    assert let_through == []
    assert database.changed(before, database.content(app)) == set()


def test_another_s_token_is_refused(app, world):
    claire, sophie = world.visitor("claire"), world.visitor("sophie")
    with sophie.session_transaction() as session:
        session["csrf_token"] = "b" * 40
    answer = claire.post("/deconnexion", data={"csrf_token": sophie.token(), "submission_key": "k"})
    assert answer.status_code == 400


def test_head_and_options_give_nothing_more(app, world):
    wrong = []
    for persona in ("nobody", "rival", "observer"):
        client = world.visitor(persona)
        for row, address in walk(app, world, READS):
            head, options = client.head(address), client.options(address)
            if head.status_code not in row.codes_for(persona) or head.data:
                wrong.append(f"{persona}, HEAD {row.endpoint} {row.subject}: {head.status_code}")
            if options.data or not options.allow:
                wrong.append(f"{persona}, OPTIONS {row.endpoint} {row.subject}: {options.data!r}")
            head.close()
    assert wrong == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_no_other_method_does_anything(app, world, method):
    before, client = database.content(app), world.visitor("administrator")
    known = {client.open(address, method=method).status_code for _, address in walk(app, world, READS | {"POST"})}
    # 400 without a token, 405 with none to ask.
    assert known <= {400, 405}
    assert database.changed(before, database.content(app)) == set()
