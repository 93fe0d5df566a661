"""Sending what the outbox holds, by SMTP."""

import re
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from flask import current_app
from sqlalchemy import select

from tracker.plumbing import clock
from tracker.plumbing.database import db
from tracker.plumbing.outbox import Message

SEND = "send_message"
MAX_TRIES = 8
TIMEOUT_SECONDS = 20
SMTP_PORT, SMTPS_PORT = 25, 465
_SECRET = re.compile(r"/lien/[\w-]+")


class NotSent(Exception):
    """The mail server did not take the message; it will be tried again."""


def deliver(message_id: int) -> bool:
    """Sends one message unless it has left already; the caller commits, also after NotSent.

    True when it left now. The row is locked while it leaves: two workers never send it twice.
    """
    message = db.session.scalar(select(Message).where(Message.id == message_id).with_for_update(skip_locked=True))
    if message is None or message.sent_at or message.given_up_at:
        return False
    message.tries += 1
    try:
        _hand_over(message)
    except (OSError, smtplib.SMTPException) as error:
        message.last_error = f"{type(error).__name__}: {error}"[:500]
        if message.tries >= MAX_TRIES:
            message.given_up_at = clock.now()
        raise NotSent(message.last_error) from error
    message.sent_at, message.last_error = clock.now(), ""
    if current_app.config["TRACKER_MODE"] != "demo":
        message.body = _SECRET.sub("/lien/…", message.body)
    return True


def _hand_over(message: Message) -> None:
    address = current_app.config["MAIL_URL"]
    if not address:
        if current_app.config["TRACKER_MODE"] == "demo":
            return  # the demonstration shows its messages on a page
        raise OSError("MAIL_URL is not set")
    with connect(address) as server:
        server.send_message(_letter(message))


def connect(address: str) -> smtplib.SMTP:
    """A server that answers at smtp://user:password@host:port, or smtps://; TLS whenever it offers it.

    OSError or SMTPException when it does not answer.
    """
    parts = urlsplit(address)
    host, is_tls = parts.hostname or "localhost", parts.scheme == "smtps"
    context = ssl.create_default_context()
    if is_tls:
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or SMTPS_PORT, timeout=TIMEOUT_SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(host, parts.port or SMTP_PORT, timeout=TIMEOUT_SECONDS)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server


def _letter(message: Message) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = f"{current_app.config['SERVICE_NAME']} <{current_app.config['MAIL_FROM']}>"
    letter["To"] = message.recipient
    letter["Subject"] = message.subject
    letter["Date"] = format_datetime(message.created_at)
    letter["Message-ID"] = message.message_id
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(message.body)
    return letter
