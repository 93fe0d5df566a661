"""The visitors of the first of the month, for Locust; never imported by our own processes, which it would patch.

SOAK_WORLD names the file of who comes, SOAK_BOOK the open descriptor on which the book is written, an entry a line. A
visitor whose connection is lost does as people do: sends the same page again, or reads again what became of it.
"""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path
from random import Random
from typing import Any

import gevent
from locust import HttpUser, between, events, task

from tests.soak.pages import Form, Page, month_named, typed

WORLD: dict[str, Any] = json.loads(Path(os.environ["SOAK_WORLD"]).read_text(encoding="utf-8"))
SERVER_ERROR = 500
FOUND, GOOD, STALE = 302, 200, 409
PATIENCE = (0.1, 0.6)
# How often, out of a hundred.
DRAFTS, DOUBLE_CLICKS, NOTHING_WORKED, RETURNS, REFUSALS, READS_AGAIN = 30, 15, 5, 12, 8, 50
RULINGS = {"return": "too_many", "refuse": "other_contract"}
STARTED = time.monotonic()
everybody = {kind: iter(WORLD[kind]) for kind in ("employers", "facilitators", "passers")}


class Writer:
    """Writes the book, and knows when the last line was decided."""

    def __init__(self) -> None:
        self.final: set[tuple[str, str]] = set()
        self.returned: set[tuple[str, str]] = set()

    def write(self, what: str, **entry: Any) -> None:
        """One entry; a line of less than a pipe's page is written whole."""
        line = json.dumps({"what": what, "at": round(time.monotonic() - STARTED, 3), **entry}) + "\n"
        os.write(int(os.environ["SOAK_BOOK"]), line.encode())

    def decided(self, declaration: str, lines: dict[str, str]) -> None:
        """Notes who is done with; a line that went back comes again."""
        for key, ruling in lines.items():
            (self.returned if ruling == "return" else self.final).add((declaration, key))


writer = Writer()


class Visitor(HttpUser):
    """Somebody at a browser."""

    abstract = True
    wait_time = between(*WORLD["pace"])
    kind = ""

    def on_start(self) -> None:
        """Signs in once: a password is dear to check."""
        self.chance = Random(f"{self.kind}")
        if not self.kind:
            return
        self.me = next(everybody[self.kind])
        self.chance = Random(self.me["email"])
        form = self.read("sign in", "/connexion").main_form()
        secret = {"email": self.me["email"], "password": WORLD["password"]}
        self.expect(FOUND, self.ask("sign in", "POST", "/connexion", {**form.sent, **secret}), "sign in")

    def ask(self, kind: str, method: str, address: str, data: dict[str, str] | None = None) -> Any:
        """The answer, asking again as long as the connection is lost."""
        while not (answer := self.ask_once(kind, method, address, data)).status_code:
            self.wait_a_moment()
        return answer

    def ask_once(self, kind: str, method: str, address: str, data: dict[str, str] | None = None) -> Any:
        """The answer, its status 0 when the connection was lost."""
        started = time.monotonic()
        answer = self.client.request(method, address, name=kind, data=data, allow_redirects=False)
        ms = round((time.monotonic() - started) * 1000, 1)
        writer.write("asked", kind=kind, status=answer.status_code, ms=ms)
        if answer.status_code >= SERVER_ERROR:
            self.fault(f"{kind}, {method} {address}: {answer.status_code}")
        return answer

    def wait_a_moment(self) -> None:
        gevent.sleep(self.chance.uniform(*PATIENCE))

    def read(self, kind: str, address: str) -> Page:
        """A page that must open."""
        answer = self.ask(kind, "GET", address)
        self.expect(GOOD, answer, f"{kind} {address}")
        return Page(answer.text)

    def expect(self, status: int, answer: Any, what: str) -> None:
        if answer.status_code != status:
            self.fault(f"{self.kind or 'public'}, {what}: {answer.status_code}, not {status}")

    def fault(self, said: str) -> None:
        writer.write("fault", said=said)

    def happens(self, out_of_a_hundred: int) -> bool:
        return self.chance.randrange(100) < out_of_a_hundred


class Employer(Visitor):
    """Declares each month it owes, then comes back for what was returned."""

    kind = "employers"
    fixed_count = len(WORLD["employers"])

    def on_start(self) -> None:
        super().on_start()
        self.owed: list[str] = list(WORLD["months"])
        self.times: dict[tuple[str, str], int] = {}

    @task
    def come(self) -> None:
        """The desk, then a month to declare; once all are sent, those with lines to correct."""
        if not self.owed:
            found = re.findall(r'href="/declarations/(\d{4}-\d\d)"', self.ask("list", "GET", "/declarations").text)
            self.owed = [month for month in dict.fromkeys(found) if month in WORLD["months"]]
            gevent.sleep(self.chance.uniform(*WORLD["come_back_pace"]))
        if self.owed:
            self.declare(self.owed.pop(0))

    def declare(self, month: str) -> None:
        """Fills the month, keeps it first sometimes, and sends it."""
        form = self.open_month(month)
        if form is None:
            return
        if self.happens(DRAFTS):
            form = self.keep(month, form) or form
        hours = self.hours_of(form, month)
        boxes = {name: "y" for name in form.names if name.startswith("honour-")}
        writer.write("about", kind="month sent")
        how = self.send(month, {**form.sent, **self.filled(hours), **boxes, "action": "submit"})
        for key in hours:
            self.times[key, month] = self.times.get((key, month), 0) + 1
        lines = {key: value or "0.00" for key, value in hours.items()}
        if how:
            clauses = form.keys("honour-")
            writer.write("sent", employer=self.me["id"], month=month, clauses=clauses, lines=lines, how=how)

    def open_month(self, month: str) -> Form | None:
        """The month's form; None when nothing of it waits."""
        form = self.read("month opened", f"/declarations/{month}").form("mois")
        return form if form and form.keys("hours-") else None

    def hours_of(self, form: Form, month: str) -> dict[str, str]:
        """What this employer has to say of each line: the same however often it is asked, less once corrected."""
        found = {}
        for key in form.keys("hours-"):
            times = self.times.get((key, month), 0)
            chance = Random(f"{key} {month}")
            quarters = chance.randrange(240, 560) - times
            found[key] = "" if chance.randrange(100) < NOTHING_WORKED else f"{quarters / 4:.2f}"
        return found

    def filled(self, hours: dict[str, str]) -> dict[str, str]:
        """The fields of these answers; « aucune heure » is a box."""
        fields = {f"hours-{key}": typed(value) for key, value in hours.items()}
        return fields | {f"none-{key}": "1" for key, value in hours.items() if not value}

    def keep(self, month: str, form: Form) -> Form | None:
        """Keeps half of it as a draft, and finds it again on the page."""
        hours = self.hours_of(form, month)
        half = {key: value for key, value in list(hours.items())[: len(hours) // 2] if value}
        kept = self.ask(
            "draft kept", "POST", f"/declarations/{month}", {**form.sent, **self.filled(half), "action": "save"}
        )
        self.expect(FOUND, kept, f"draft of {month}")
        again = self.open_month(month)
        for key, value in half.items():
            found = again.sent.get(f"hours-{key}") if again else None
            if found != typed(value):
                self.fault(f"a draft is lost: {key} of {month} holds {found}, not {value}")
        return again

    def send(self, month: str, fields: dict[str, str]) -> str:
        """How the employer knows that it was sent: « told », or « found » when the answer never came."""
        address = f"/declarations/{month}"
        if self.happens(DOUBLE_CLICKS):
            return self.click_twice(address, fields)
        answer = self.ask_once("month sent", "POST", address, fields)
        if not answer.status_code and self.happens(READS_AGAIN):
            self.wait_a_moment()
            if self.open_month(month) is None:
                return "found"
        if not answer.status_code:
            answer = self.ask("month sent", "POST", address, fields)
        self.expect(FOUND, answer, f"month {month} sent")
        return "told" if answer.status_code == FOUND else ""

    def click_twice(self, address: str, fields: dict[str, str]) -> str:
        """Both clicks are led to the same page; the month is sent once."""
        writer.write("double click")
        clicks = [gevent.spawn(self.ask, "month sent", "POST", address, fields) for _ in range(2)]
        answers = [click.get() for click in gevent.joinall(clicks)]
        for answer in answers:
            self.expect(FOUND, answer, f"double click on {address}")
        return "told" if all(answer.status_code == FOUND for answer in answers) else ""


class Facilitator(Visitor):
    """Decides what waits, taken at random so that two sometimes meet on the same declaration."""

    kind = "facilitators"
    fixed_count = len(WORLD["facilitators"])

    @task(4)
    def decide_some(self) -> None:
        """Some of those that wait."""
        waiting = self.waiting()
        for address in self.chance.sample(waiting, min(6, len(waiting))):
            self.decide(address)

    @task(1)
    def open_desk(self) -> None:
        self.read("desk", "/")

    def waiting(self) -> list[str]:
        links = self.read("list", "/declarations").links
        return list(dict.fromkeys(link for link in links if link.startswith("/declarations/a-valider/")))

    def decide(self, address: str) -> None:
        """Reads the declaration, decides each line, and says it."""
        answer = self.ask("review opened", "GET", address)
        form = Page(answer.text).form("decision") if answer.status_code == GOOD else None
        if form is None:
            return  # a colleague was quicker
        declaration, month = address.rpartition("/")[2], month_named(answer.text)
        rulings = {key: self.ruling(declaration, key) for key in form.keys("decision-")}
        fields = {**form.sent, **self.filled(rulings), "action": "decide"}
        writer.write("about", kind="decision")
        answer = self.ask_once("decision", "POST", address, fields)
        how = "told" if answer.status_code else "sent again"
        if not answer.status_code:
            self.wait_a_moment()
            answer = self.ask("decision", "POST", address, fields)
        if answer.status_code == STALE:
            writer.write("a colleague was quicker")
            return
        self.expect(FOUND, answer, f"decision {address}")
        if answer.status_code == FOUND:
            self.note(declaration, month, rulings, how)

    def note(self, declaration: str, month: str, rulings: dict[str, str], how: str) -> None:
        """Writes what was decided, reads the page one is led to, and says that all is over after the last line."""
        writer.decided(declaration, rulings)
        writer.write("decided", declaration=declaration, month=month, lines=rulings, how=how)
        self.read("declaration read", f"/declarations/suivi/{declaration}")
        if len(writer.final) == WORLD["lines"]:
            writer.write("over")

    def ruling(self, declaration: str, key: str) -> str:
        """Accepted mostly; a line goes back once at most."""
        chance = self.chance.randrange(100)
        if chance < RETURNS and (declaration, key) not in writer.returned:
            return "return"
        return "refuse" if chance >= 100 - REFUSALS else "accept"

    def filled(self, rulings: dict[str, str]) -> dict[str, str]:
        fields = {}
        for key, ruling in rulings.items():
            fields[f"decision-{key}"] = ruling
            if ruling in RULINGS:
                fields |= {f"motive-{key}": RULINGS[ruling], f"message-{key}": "À revoir avec le relevé signé."}
        return fields


class Passer(Visitor):
    """An officer who opens the desk and lists."""

    kind = "passers"
    fixed_count = len(WORLD["passers"])

    @task
    def look(self) -> None:
        kind, address = self.chance.choice(
            (("desk", "/"), ("contracts", "/marches"), ("certificates", "/attestations"))
        )
        self.read(kind, address)


class Public(Visitor):
    """Somebody with a certificate in hand; a machine may ask so often in a quarter of an hour."""

    fixed_count = 1
    wait_time = between(*WORLD["public_pace"])
    left = 50

    @task
    def verify(self) -> None:
        if not self.left:
            return
        self.left -= 1
        paper = self.chance.choice(WORLD["certificates"])
        if self.happens(50):
            form = self.read("verify by number", "/verifier").main_form()
            fields = {**form.sent, "number": paper["number"], "check_code": paper["check"]}
            answer = self.ask("verify by number", "POST", "/verifier", fields)
            self.expect(FOUND, answer, "verify by number")
        answer = self.ask("verify by code", "GET", f"/verifier/{paper['code']}")
        self.expect(GOOD, answer, "verify by code")
        if paper["number"] not in answer.text or "140,00" not in answer.text:
            self.fault(f"certificate {paper['number']} does not say its hours")


@events.quitting.add_listener
def say_goodbye(environment: Any, **_: Any) -> None:
    """Our own judge says whether the run was good."""
    environment.process_exit_code = 0
