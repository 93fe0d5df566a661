"""A real mail server on the loopback, which can be told to refuse, to keep silent or to hang up."""

import asyncio
import ssl
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from threading import Event

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

CERTIFICATE = Path(__file__).with_name("localhost.pem")
SECONDS = 60


class Mailbox:
    """What a server received, and how it will answer the next letters: one word each, then « take »."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []  # taken
        self.heard: list[EmailMessage] = []  # taken or not
        self.answers: list[str] = []
        self.tls: list[bool] = []
        self.holds = Event()  # set once a letter is held
        self.release = Event()

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's own name
        if self.answers and self.answers[0].startswith("address "):
            return self.answers.pop(0).removeprefix("address ")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's own name
        letter = message_from_bytes(envelope.content, policy=default)
        self.heard.append(letter)
        self.tls.append(session.ssl is not None)
        answer = self.answers.pop(0) if self.answers else "take"
        if answer == "hang up":
            server.transport.abort()
            return "250 never heard"
        if answer == "hold":
            self.holds.set()
            await asyncio.to_thread(self.release.wait, SECONDS)
            if server.transport is None or server.transport.is_closing():
                return "451 gone"
        if answer[:1].isdigit():
            return answer
        self.letters.append(letter)
        if answer == "take and hang up":
            await server.push("250 taken")
            server.transport.close()
        return "250 taken"


class MailServer(Controller):
    """Listens on a port that the system chooses."""

    def __init__(self, mailbox: Mailbox, **options) -> None:
        super().__init__(mailbox, hostname="127.0.0.1", port=0, **options)

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def started(mailbox: Mailbox, **options) -> MailServer:
    """A server at work; whoever starts it stops it."""
    server = MailServer(mailbox, **options)
    server.start()
    return server


def with_tls(mailbox: Mailbox, **options) -> MailServer:
    """One that offers TLS, with a certificate that nobody trusts unless told to."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return started(mailbox, tls_context=context, **options)


def with_accounts(mailbox: Mailbox, user: str, password: str) -> MailServer:
    """The same, which takes letters from that account alone."""
    expected = (user.encode(), password.encode())

    def judge(server, session, envelope, mechanism, given):
        return AuthResult(success=(given.login, given.password) == expected, handled=False)

    return with_tls(mailbox, auth_required=True, authenticator=judge)
