"""What every page owes its reader: headers, cookies, tokens, read-only visits, forms that act once."""

import re
from contextvars import Context
from threading import Barrier, Thread

import pytest
from psycopg.errors import ReadOnlySqlTransaction
from sqlalchemy import func, select
from sqlalchemy.exc import InternalError

from tests import builders as a
from tracker.accounts import actions
from tracker.accounts.models import Reading
from tracker.accounts.rules import Role
from tracker.app import create_app
from tracker.contracts.models import Clause
from tracker.plumbing.database import db
from tracker.plumbing.once import Submission

NEXT_YEAR = "max-age=31536000"
GUEST = {"email": "nadia@guerin.fr", "given_name": "Nadia", "family_name": "Roy"}
CLAUSE = {
    "lever": "execution_condition",
    "perimeter": "tout le lot",
    "edition": "EPEC-2021",
    "means": ["direct_hire"],
    "rhythm": "monthly",
    "deposit_day": "15",
    "basis": "fixed",
    "due_hours": "490",
    "facilitator": "",
    "facilitator_contact": "Claire Morvan",
}


@pytest.mark.parametrize("address", ["/connexion", "/", "/nulle-part", "/static/css/base.css"])
def test_every_answer_bears_the_headers_of_safety(client, address):
    with client.get(address) as answer:
        headers = answer.headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


def test_pages_are_not_kept_by_browsers_and_stylesheets_may_be(client):
    assert client.get("/connexion").headers["Cache-Control"] == "no-store"
    with client.get("/static/css/base.css") as answer:
        assert "no-store" not in answer.headers.get("Cache-Control", "")


@pytest.mark.parametrize(("base", "has_hsts"), [("https://clauses.test", True), ("http://clauses.test", False)])
def test_tls_is_demanded_for_a_year_once_it_is_there(client, base, has_hsts):
    found = client.get("/connexion", base_url=base).headers.get("Strict-Transport-Security", "")
    assert found.startswith(NEXT_YEAR) == has_hsts


def test_outside_production_nobody_pretends_that_tls_is_there(client):
    headers = client.get("/connexion", headers={"X-Forwarded-Proto": "https"}).headers
    assert "Strict-Transport-Security" not in headers


def cookie_of(answer) -> set[str]:
    return {part.strip() for part in answer.headers["Set-Cookie"].split(";")[1:]}


@pytest.fixture
def production(server, app, tmp_path):
    """The application as a site runs it, behind its own TLS."""
    site = create_app(
        TRACKER_MODE="production",
        DATABASE_URL=server.app_url,
        INSTANCE_PATH=tmp_path,
        SECRET_KEY="a site's own",
        BASE_URL="https://clauses.test",
    )
    yield site
    with site.app_context():
        db.engine.dispose()


def test_the_session_s_cookie_is_out_of_reach_of_scripts_and_other_sites(client):
    kept = cookie_of(client.get("/connexion"))
    assert {"HttpOnly", "SameSite=Lax"} <= kept
    assert "Secure" not in kept


def test_in_production_it_travels_over_tls_alone(production):
    answer = Context().run(production.test_client().get, "/connexion", headers={"X-Forwarded-Proto": "https"})
    assert {"HttpOnly", "SameSite=Lax", "Secure"} <= cookie_of(answer)
    assert answer.headers["Strict-Transport-Security"].startswith(NEXT_YEAR)


def test_production_demands_its_secret(server, tmp_path):
    with pytest.raises(SystemExit, match="SECRET_KEY"):
        create_app(TRACKER_MODE="production", DATABASE_URL=server.app_url, INSTANCE_PATH=tmp_path, SECRET_KEY="")


@pytest.mark.parametrize("token", [None, "", "forged"])
def test_a_form_without_its_token_does_nothing_and_says_what_to_do(client, cast, token):
    data = GUEST | {"submission_key": "k"} | ({} if token is None else {"csrf_token": token})
    answer = client.acting_for(cast.claire).post(f"/engagements/{cast.pledge.public_id}/inviter", data=data)
    assert answer.status_code == 400
    assert "rechargez-la" in answer.text
    assert "Claire Morvan" in answer.text
    assert db.session.scalar(select(func.count()).select_from(Submission)) == 0


def test_another_session_s_token_is_refused(app, client, cast):
    stranger = app.test_client()
    with stranger.session_transaction() as session:
        session["csrf_token"] = "b" * 40
    data = GUEST | {"submission_key": "k", "csrf_token": stranger.token()}
    answer = client.acting_for(cast.claire).post(f"/engagements/{cast.pledge.public_id}/inviter", data=data)
    assert answer.status_code == 400


def in_a_request(app, method: str, act) -> None:
    """Runs an act as a view of that method would, in a context of its own."""

    def run() -> None:
        with app.test_request_context("/connexion", method=method):
            app.preprocess_request()
            act()

    Context().run(run)


def add_a_person() -> None:
    a.a_person()
    db.session.commit()


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_visit_can_write_nothing_postgresql_sees_to_it(app, method):
    with pytest.raises(InternalError) as refusal:
        in_a_request(app, method, add_a_person)
    assert isinstance(refusal.value.orig, ReadOnlySqlTransaction)


def test_a_form_may_write(app, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    in_a_request(app, "POST", add_a_person)


def test_a_visit_leaves_its_trail_beside(client, cast):
    cookie = client.acting_for(cast.claire).get_cookie("clauses", domain="clauses.test")

    def read(headers: dict[str, str]) -> None:
        with client.application.test_request_context("/", headers=headers):
            client.application.preprocess_request()
            actions.record_reading("participant", 1)

    Context().run(read, {"Cookie": f"clauses={cookie.value}"})
    Context().run(read, {})
    assert db.session.scalars(select(Reading.person_id)).all() == [cast.claire.person_id]


def clauses_on(contract) -> int:
    return db.session.scalar(select(func.count()).select_from(Clause).where(Clause.contract_id == contract.id))


def test_a_form_sent_twice_at_the_same_moment_acts_once(app, client, cast):
    contract = a.a_contract(cast.buyer, [cast.guerin])
    address, start, answers = f"/marches/{contract.id}/clauses/nouvelle", Barrier(2), []
    senders = [app.test_client().acting_for(cast.helene) for _ in range(2)]
    db.session.commit()

    def press(sender) -> None:
        start.wait()
        answers.append(sender.send(address, CLAUSE, key="one form"))

    threads = [Thread(target=press, args=(sender,)) for sender in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [302, 302]
    assert len({answer.location for answer in answers}) == 1
    assert clauses_on(contract) == 1


def test_one_key_on_two_addresses_acts_twice(client, cast):
    contracts = [a.a_contract(cast.buyer, [cast.guerin]) for _ in range(2)]
    client.acting_for(cast.helene)
    for contract in contracts:
        client.send(f"/marches/{contract.id}/clauses/nouvelle", CLAUSE, key="one form")
    assert [clauses_on(contract) for contract in contracts] == [1, 1]


def test_a_refused_form_may_be_sent_again_with_the_same_key(client, cast):
    contract = a.a_contract(cast.buyer, [cast.guerin])
    client.acting_for(cast.helene)
    statuses = [
        client.send(f"/marches/{contract.id}/clauses/nouvelle", CLAUSE | change, key="one form").status_code
        for change in ({"perimeter": ""}, {})
    ]
    assert statuses == [422, 302]


def test_a_form_without_its_key_was_not_made_here(client, cast):
    answer = client.acting_for(cast.claire).send(f"/engagements/{cast.pledge.public_id}/inviter", GUEST, key="")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "/marches/99999999999999999999/clauses/nouvelle",
        "/marches/2147483648/clauses/nouvelle",
        "/marches/2147483647/clauses/nouvelle",
        "/engagements/%00/inviter",
        "/marches?q=%00",
        "/engagements/nul/inviter",
    ],
)
def test_an_address_that_names_nothing_is_not_found(client, cast, address):
    assert client.acting_for(cast.administrator).get(address).status_code == 404


def test_the_page_of_errors_says_what_to_do(client, cast):
    page = client.acting_for(cast.claire).get("/nulle-part")
    assert page.status_code == 404
    assert "Claire Morvan" in page.text


def test_a_stranger_is_asked_to_sign_in_and_another_role_is_refused(client, cast):
    assert client.get("/reglages").status_code == 401
    a.a_membership(Role.OBSERVER, cast.structure)
    assert client.acting_for(cast.observer).get("/reglages").status_code == 403


def test_a_style_sheet_is_kept_a_year_under_an_address_that_changes_with_it(client):
    href = re.search(r'href="(/static/css/base\.css\?v=[0-9a-f]{10})"', client.get("/verifier").text)[1]
    answer = client.get(href)
    assert answer.cache_control.max_age == 365 * 24 * 3600
    assert "no-store" not in answer.headers["Cache-Control"]
    answer.close()
