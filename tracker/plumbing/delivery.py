"""Sending what the outbox holds, by SMTP."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import SplitResult, unquote, urlsplit

from flask import current_app
from sqlalchemy import select

from tracker.plumbing import clock
from tracker.plumbing.database import db
from tracker.plumbing.outbox import Message, without_links

# Eleven in the first hour, then one an hour (see the worker): a mail server may be away two days.
MAX_TRIES = 60
SMTP_PORT, SMTPS_PORT = 25, 465
PERMANENT = 500


class NotSent(Exception):
    """The message did not leave now; says no address and nothing a server said, since it ends in logs."""


class Unwritable(Exception):
    """No letter can be written to that address, or with those words."""


# A setting that cannot be read (a port that is no number) is a ValueError: it may be mended, the message waits.
FAILURES = (OSError, smtplib.SMTPException, ValueError, Unwritable)


def deliver(message_id: int) -> bool:
    """Sends one message unless it has left already; the caller commits, also after NotSent.

    True when it left now. The row is locked while it leaves: two workers never send it at once, and the second is
    told NotSent, to come back and see.
    """
    message = _locked(message_id)
    if message is None or message.sent_at or message.given_up_at:
        return False
    message.tries += 1
    try:
        _hand_over(message)
    except FAILURES as error:
        _note_failure(message, error)
        raise NotSent(f"message {message_id}, try {message.tries}: {type(error).__name__}") from None
    message.sent_at, message.last_error = clock.now(), ""
    if current_app.config["TRACKER_MODE"] != "demo":
        message.body = without_links(message.body)
    return True


def _locked(message_id: int) -> Message | None:
    """None when there is no such message."""
    found = select(Message).where(Message.id == message_id)
    message = db.session.scalar(found.with_for_update(skip_locked=True))
    if message is None and db.session.scalar(found.with_only_columns(Message.id)):
        raise NotSent(f"message {message_id}: another worker is sending it")
    return message


def _note_failure(message: Message, error: Exception) -> None:
    message.last_error = f"{type(error).__name__}: {error}"[:500]
    if message.tries >= MAX_TRIES or _is_hopeless(error):
        message.given_up_at = clock.now()


def _is_hopeless(error: Exception) -> bool:
    """No server will ever take it: the address is refused for good, or is none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= PERMANENT for code, _ in error.recipients.values())
    return isinstance(error, Unwritable)


def _hand_over(message: Message) -> None:
    address = current_app.config["MAIL_URL"]
    if not address:
        if current_app.config["TRACKER_MODE"] == "demo":
            return  # the demonstration shows its messages on a page
        raise OSError("MAIL_URL is not set")
    letter = _letter(message)
    with connect(address) as server:
        server.send_message(letter)


@contextmanager
def connect(address: str) -> Iterator[smtplib.SMTP]:
    """A server that answers at smtp://user:password@host:port, or smtps://; TLS whenever it offers it.

    OSError or SMTPException when it does not answer. Once the block is done, how it says goodbye changes nothing.
    """
    parts = urlsplit(address)
    server = _opened(parts)
    try:
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
    finally:
        server.close()


def _opened(parts: SplitResult) -> smtplib.SMTP:
    host, timeout = parts.hostname or "localhost", current_app.config["MAIL_TIMEOUT"]
    context = ssl.create_default_context()
    if parts.scheme == "smtps":
        return smtplib.SMTP_SSL(host, parts.port or SMTPS_PORT, timeout=timeout, context=context)
    server = smtplib.SMTP(host, parts.port or SMTP_PORT, timeout=timeout)
    try:
        server.ehlo_or_helo_if_needed()
        if server.has_extn("starttls"):
            server.starttls(context=context)
    except BaseException:
        server.close()
        raise
    return server


def _letter(message: Message) -> EmailMessage:
    """The message as it travels."""
    letter = EmailMessage()
    letter["From"] = Address(current_app.config["SERVICE_NAME"], addr_spec=current_app.config["MAIL_FROM"])
    try:
        letter["To"] = Address(addr_spec=message.recipient)
        letter["Subject"] = message.subject
    except (ValueError, MessageError) as error:
        raise Unwritable(str(error)) from error
    letter["Date"] = format_datetime(message.created_at)
    letter["Message-ID"] = message.message_id
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(message.body)
    return letter
