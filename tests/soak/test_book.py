"""The book by itself, and the pages as its authors read them."""

import pytest

from tests.soak.book import Book
from tests.soak.pages import Page, month_named, read_hours, typed
from tests.soak.run import Kills

LINE = ("abc-0", "2026-03")


def sent(hours: str = "100.00") -> dict:
    return {
        "what": "sent",
        "employer": 1,
        "month": "2026-03",
        "clauses": ["7"],
        "lines": {"abc-0": hours},
        "how": "told",
    }


def decided(ruling: str) -> dict:
    return {"what": "decided", "declaration": "d", "month": "2026-03", "lines": {"abc-0": ruling}, "how": "told"}


@pytest.mark.parametrize(
    ("entries", "is_sound"),
    [
        ([sent(), decided("accept")], True),
        ([sent(), decided("return"), sent("99.75"), decided("accept")], True),
        ([sent(), sent("99.75"), decided("accept"), decided("return")], True),  # who was answered late writes late
        ([sent()], False),
        ([sent(), decided("return")], False),
        ([sent(), decided("accept"), decided("accept")], False),
        ([sent(), sent("99.75"), decided("accept"), decided("refuse")], False),
        ([decided("accept")], False),
    ],
)
def test_each_version_is_decided_once_and_the_line_for_good_once(entries, is_sound):
    book = Book()
    for entry in entries:
        book.add(entry)
    assert (list(book.inconsistencies()) == []) is is_sound


def test_the_hours_accepted_are_those_of_the_last_version():
    book = Book()
    for entry in (sent(), decided("return"), sent("99.75"), decided("accept")):
        book.add(entry)
    assert {line: str(hours) for line, hours in book.accepted.items()} == {LINE: "99.75"}


def test_a_lost_connection_is_no_answer():
    book = Book()
    book.add({"what": "asked", "at": 2.0, "kind": "desk", "status": 0, "ms": 5.0})
    book.add({"what": "asked", "at": 4.0, "kind": "desk", "status": 200, "ms": 7.0})
    assert (book.answers, book.tally["connection lost"], book.durations["desk"]) == (1, 1, [7.0])


def test_kills_come_at_their_writings_and_their_kinds_in_turn():
    assert Kills(3, every=5, kinds=("web", "worker")).due() == {5: "web", 10: "worker", 15: "web"}


HTML = """<form id="mois"><input type="hidden" name="csrf_token" value="t"><input name="hours-a-0" value="12,00">
<input type="checkbox" name="none-a-0" value="1"><input type="radio" name="d" value="x">
<input type="radio" name="d" value="y" checked><button name="action" value="save">Enregistrer</button>
<select name="motive"><option value="">Choisir</option><option value="late" selected>Tard</option></select>
<textarea name="message">Bonjour</textarea></form><table><tr><td>Mars</td><td>1&nbsp;234,50&nbsp;h</td></tr></table>"""


def test_a_form_is_sent_as_a_browser_sends_it_untouched():
    form = Page(HTML).form("mois")
    wanted = {"csrf_token": "t", "hours-a-0": "12,00", "d": "y", "motive": "late", "message": "Bonjour"}
    assert form.sent == wanted
    assert form.keys("none-") == ["a-0"]
    assert Page(HTML).form("autre") is None


def test_hours_and_months_are_read_as_they_are_shown():
    assert read_hours(Page(HTML).rows[0][1]) == "1234.50"
    assert read_hours("–") == ""
    assert typed("1234.50") == "1234,50"
    assert month_named("<h1>Déclaration d&#39;essai</h1>") == ""
    assert month_named("<h1>Déclaration d’août 2026</h1>") == "2026-08"
