"""A test client that judges every page it is given, as a strict reader would."""

import re
from collections import Counter
from contextvars import Context
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from tracker.accounts.models import Membership
from tracker.plumbing.database import db

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
SILENT = frozenset({"script", "style", "code", "pre", "textarea", "title", "option"})
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
BAD_FRENCH = (
    (re.compile(r"\w'\w"), "a straight apostrophe"),
    (re.compile(r" [:;?!%»€]"), "an ordinary space before a double sign"),
    (re.compile(r"« "), "an ordinary space after «"),
    (re.compile("\u202f"), "U+202F, which the font lacks"),
    (re.compile(r"\d h\b(?! )"), "an ordinary space before h"),
    (re.compile(r"\b(?:None|Decimal|True|False)\b"), "a Python word"),
)


class Page(HTMLParser):
    """What the judge needs of a page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.forms: list[dict[str, Any]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if tag == "form":
            self.forms.append({"method": (found.get("method") or "get").lower(), "names": set()})
        if found.get("name") and self.forms:
            self.forms[-1]["names"].add(found["name"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes <{self.open[-1] if self.open else 'nothing'}>")
        while self.open and self.open.pop() != tag:
            pass

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if dict(attrs).get("name") and self.forms:
            self.forms[-1]["names"].add(dict(attrs)["name"])

    def handle_data(self, data: str) -> None:
        if data.strip() and not SILENT & set(self.open):
            self.texts.append(data)


def faults_of(html: str) -> list[str]:
    """Everything the judge holds against a page; empty when it is good."""
    page = Page(html)
    return [*page.faults, *_heading_faults(page), *_label_faults(page), *_safety_faults(page), *_french_faults(page)]


def _heading_faults(page: Page) -> list[str]:
    levels = [HEADINGS.index(tag) + 1 for tag, _ in page.tags if tag in HEADINGS]
    skips = [f"h{a} is followed by h{b}" for a, b in pairwise(levels) if b > a + 1]
    if levels.count(1) != 1:
        skips.append(f"{levels.count(1)} h1")
    if not any(tag == "title" for tag, _ in page.tags):
        skips.append("no title")
    if not any(tag == "html" and found.get("lang") == "fr" for tag, found in page.tags):
        skips.append("no language")
    return skips


def _label_faults(page: Page) -> list[str]:
    ids = [found["id"] for _, found in page.tags if found.get("id")]
    labelled = {found.get("for") for tag, found in page.tags if tag == "label"}
    faults = [f"id {name} stands {n} times" for name, n in Counter(ids).items() if n > 1]
    for tag, found in page.tags:
        is_control = tag in ("select", "textarea") or (
            tag == "input" and found.get("type") not in ("hidden", "submit", "button")
        )
        if is_control and not (found.get("aria-label") or found.get("id") in labelled):
            faults.append(f"{tag} {found.get('name')} has no label")
        for reference in ("aria-describedby", "aria-labelledby"):
            named = (found.get(reference) or "").split()
            faults += [f"{reference} {one} leads nowhere" for one in named if one not in ids]
    return faults


def _safety_faults(page: Page) -> list[str]:
    faults = []
    for tag, found in page.tags:
        faults += [f"{tag} bears {name}" for name in found if name == "style" or name.startswith("on")]
        if tag == "script" and not found.get("src"):
            faults.append("an inline script")
    for form in page.forms:
        if form["method"] == "post" and "csrf_token" not in form["names"]:
            faults.append("a form without its token")
    return faults


def _french_faults(page: Page) -> list[str]:
    return [f"{what}: {text.strip()[:80]!r}" for text in page.texts for bad, what in BAD_FRENCH if bad.search(text)]


class JudgingClient(FlaskClient):
    """Opens pages as a person would, and refuses bad ones.

    What the test built is committed first; the request then runs apart from the test, with its own database session,
    actor and `g`, as it does behind a server; what the test holds is read afresh afterwards.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        is_beside_the_test = has_app_context()
        if is_beside_the_test:
            db.session.commit()
        response = Context().run(super().open, *args, **kwargs)
        if is_beside_the_test:
            db.session.expire_all()
        is_read = response.request.method != "HEAD" and response.status_code not in (301, 302, 303, 308)
        if response.mimetype == "text/html" and is_read:
            found = faults_of(response.text)
            assert not found, f"{response.request.path}: {found}"
        return response

    def acting_for(self, membership: Membership) -> "JudgingClient":
        """Signs in as this person, for this organisation."""
        with self.session_transaction() as session:
            session["_user_id"] = membership.person.fs_uniquifier
            session["_fresh"] = True
            session["person_id"] = membership.person_id
            session["membership_id"] = membership.id
            session["organisation_id"] = membership.organisation_id
            session["can_switch"] = False
        return self

    def token(self) -> str:
        """A token against forgery for this session."""
        with self.session_transaction() as session:
            raw = session.setdefault("csrf_token", "a" * 40)
        secret = self.application.config["SECRET_KEY"]
        return URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps(raw)

    def send(self, address: str, data: dict[str, Any] | None = None, **kwargs: Any) -> Any:
        """Posts a form with its token and a submission key of its own."""
        fields = {"csrf_token": self.token(), "submission_key": kwargs.pop("key", address), **(data or {})}
        return self.post(address, data=fields, **kwargs)
