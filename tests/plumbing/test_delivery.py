"""A message leaves once, whatever the mail server does; what could not leave is tried again, then shown."""

from threading import Thread

import pytest
from sqlalchemy import select, text

from tests.plumbing import mail
from tracker.commands import work
from tracker.plumbing import delivery, outbox, sessions
from tracker.plumbing.database import db
from tracker.plumbing.outbox import Message


@pytest.fixture
def mailbox():
    return mail.Mailbox()


@pytest.fixture
def reached(app, monkeypatch):
    """Makes a server the application's own, at an address that may bear an account."""
    servers = []

    def reach(server, account="", host="127.0.0.1"):
        servers.append(server)
        monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://{account}{host}:{server.port}")
        monkeypatch.setitem(app.config, "MAIL_TIMEOUT", 5.0)
        return server

    yield reach
    for server in servers:
        server.stop(no_assert=True)


@pytest.fixture
def post_office(reached, mailbox):
    yield reached(mail.started(mailbox))
    mailbox.release.set()


@pytest.fixture
def message(app):
    return posted()


def posted(**changes):
    """A message written and committed, as an act does."""
    row = {"recipient": "sophie@guerin.example", "subject": "Votre accès", "body": "Bonjour,\n/lien/s3cr-et_1\n"}
    message = outbox.post(**{**row, **changes})
    db.session.commit()
    return message


def deliver(message):
    """As the worker does, which commits whatever happened; whether it left."""
    try:
        return work.send_message(message.id)
    except delivery.NotSent:
        return False
    finally:
        db.session.expire_all()


def jobs():
    return db.session.execute(text("SELECT task_name, args FROM procrastinate_jobs")).all()


def test_a_message_leaves_once(post_office, mailbox, message):
    assert [deliver(message), deliver(message)] == [True, False]
    (letter,) = mailbox.letters
    assert (letter["To"], letter["Subject"]) == ("sophie@guerin.example", "Votre accès")
    assert letter["Message-ID"] == message.message_id
    assert letter["From"].addresses[0].display_name == "Suivi des clauses d’insertion"
    assert "/lien/s3cr-et_1" in letter.get_content()
    assert message.sent_at
    assert (message.tries, message.last_error) == (1, "")


NOT_TAKEN = ("451 try later", "554 your sender is refused", "address 450 mailbox busy", "hang up", "hold")


@pytest.mark.parametrize("answer", NOT_TAKEN)
def test_what_was_not_taken_is_sent_again_under_the_same_name(app, post_office, mailbox, message, answer, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_TIMEOUT", 0.3)
    mailbox.answers = [answer]
    assert deliver(message) is False
    assert message.sent_at is None
    assert message.given_up_at is None
    assert message.last_error
    monkeypatch.setitem(app.config, "MAIL_TIMEOUT", 5.0)
    assert deliver(message) is True
    assert {letter["Message-ID"] for letter in mailbox.heard} == {message.message_id}
    assert message.tries == 2
    assert len(mailbox.letters) == 1


def test_a_server_that_hangs_up_after_taking_has_taken(post_office, mailbox, message):
    mailbox.answers = ["take and hang up"]
    assert deliver(message) is True
    assert deliver(message) is False
    assert len(mailbox.letters) == 1


@pytest.mark.parametrize("url", ["smtp://127.0.0.1:9", "smtps://127.0.0.1:9", "smtp://127.0.0.1:port", ""])
def test_a_server_that_is_not_there_is_waited_for(app, message, url, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_URL", url)
    assert deliver(message) is False
    assert (message.tries, message.given_up_at) == (1, None)
    assert message.last_error


def test_the_demonstration_keeps_its_messages_on_a_page(app, message, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_URL", "")
    monkeypatch.setitem(app.config, "TRACKER_MODE", "demo")
    assert deliver(message) is True
    assert message.sent_at


@pytest.mark.parametrize(
    ("tries", "is_given_up"), [(0, False), (delivery.MAX_TRIES - 2, False), (delivery.MAX_TRIES - 1, True)]
)
def test_a_message_is_given_up_after_so_many_tries(post_office, mailbox, message, tries, is_given_up):
    message.tries = tries
    mailbox.answers = ["451 try later"]
    assert deliver(message) is False
    assert bool(message.given_up_at) is is_given_up
    assert deliver(message) is not is_given_up
    assert len(mailbox.letters) == (0 if is_given_up else 1)


@pytest.mark.parametrize(("answer", "is_given_up"), [("address 550 unknown", True), ("address 499 odd", False)])
def test_an_address_refused_for_good_is_given_up_at_once(post_office, mailbox, message, answer, is_given_up):
    mailbox.answers = [answer]
    assert deliver(message) is False
    assert bool(message.given_up_at) is is_given_up
    assert answer.split()[1] in message.last_error


@pytest.mark.parametrize("recipient", ["sophie@@guerin.example", "sophie guerin@b.example", "a@b.example\nBcc: c@d.fr"])
def test_an_address_that_is_none_is_given_up_at_once(post_office, mailbox, recipient):
    message = posted(recipient=recipient)
    assert deliver(message) is False
    assert message.given_up_at
    assert mailbox.heard == []


def test_a_subject_is_one_line_whatever_names_it_bears(post_office, mailbox):
    assert deliver(posted(subject="Collège\r\nBcc: autre@exemple.test")) is True
    assert mailbox.letters[0]["Subject"] == "Collège Bcc: autre@exemple.test"
    assert mailbox.letters[0]["Bcc"] is None


@pytest.mark.parametrize(
    ("mode", "body"), [("production", "Bonjour,\n/lien/…\n"), ("demo", "Bonjour,\n/lien/s3cr-et_1\n")]
)
def test_a_link_that_left_is_forgotten_outside_the_demonstration(
    app, post_office, mailbox, message, mode, body, monkeypatch
):
    monkeypatch.setitem(app.config, "TRACKER_MODE", mode)
    mailbox.answers = ["451 try later"]
    deliver(message)
    assert "/lien/s3cr-et_1" in message.body
    deliver(message)
    assert message.body == body
    assert "/lien/s3cr-et_1" in mailbox.letters[0].get_content()


def test_what_a_failure_says_in_the_logs_names_nobody(post_office, mailbox, message):
    mailbox.answers = ["address 550 sophie is unknown"]
    with pytest.raises(delivery.NotSent) as failure:
        work.send_message(message.id)
    assert "sophie" not in str(failure.value)
    assert failure.value.__cause__ is None


def test_two_workers_at_once_send_it_once(app, post_office, mailbox, message):
    mailbox.answers = ["hold"]
    sent = []

    def first():
        with app.app_context(), sessions.acting_as(sessions.Actor("job")):
            sent.append(work.send_message(message_id))

    message_id = message.id
    thread = Thread(target=first)
    thread.start()
    assert mailbox.holds.wait(mail.SECONDS)
    with pytest.raises(delivery.NotSent, match="another worker"):
        work.send_message(message_id)
    mailbox.release.set()
    thread.join()
    assert work.send_message(message_id) is False
    assert sent == [True]
    assert len(mailbox.letters) == 1


def test_a_message_that_does_not_exist_is_no_failure(app):
    assert work.send_message(2**31 - 1) is False


def test_what_is_rolled_back_never_leaves(app):
    outbox.post("sophie@guerin.example", "Votre accès", "Bonjour")
    assert len(jobs()) == 1
    db.session.rollback()
    assert jobs() == []
    assert db.session.scalars(select(Message)).all() == []


def test_a_message_and_its_job_are_written_together(message):
    assert jobs() == [("send_message", {"message_id": message.id})]


@pytest.fixture
def trusted(monkeypatch):
    """The servers' certificate, as if an authority had signed it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(mail.CERTIFICATE))


def test_an_account_s_password_may_hold_any_sign(reached, mailbox, message, trusted):
    server = mail.with_accounts(mailbox, "clauses@dept", "p@ss/:!")
    reached(server, account="clauses%40dept:p%40ss%2F%3A!@", host="localhost")
    assert deliver(message) is True


def test_a_wrong_password_is_waited_for(reached, mailbox, message, trusted):
    reached(mail.with_accounts(mailbox, "clauses", "right"), account="clauses:wrong@", host="localhost")
    assert deliver(message) is False
    assert "Authentication" in message.last_error
    assert message.given_up_at is None
    assert mailbox.heard == []


def test_a_letter_travels_hidden_when_the_server_offers_it(reached, mailbox, message, trusted):
    reached(mail.with_tls(mailbox), host="localhost")
    assert deliver(message) is True
    assert mailbox.tls == [True]


def test_a_server_that_cannot_prove_its_name_is_told_nothing(reached, mailbox, message):
    reached(mail.with_tls(mailbox), host="localhost")
    assert deliver(message) is False
    assert "CERTIFICATE_VERIFY_FAILED" in message.last_error
    assert mailbox.heard == []
