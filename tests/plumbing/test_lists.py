"""Lists: whatever the address says, something sensible is asked, and asked again by its links."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import column, literal, select

from tracker.plumbing.database import db
from tracker.plumbing.lists import Asked, Listing, Order, Page, matches
from tracker.vocabulary.words import search_key

LISTING = Listing(("annee", "clause"), (Order("recent", "Récents", (column("a"),)), Order("objet", "A à Z", ())))


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ({}, Asked("", {}, "recent", 1, "recent")),
        ({"q": "  Deux   mots "}, Asked("Deux mots", {}, "recent", 1, "recent")),
        ({"q": "a\x00b"}, Asked("ab", {}, "recent", 1, "recent")),
        ({"annee": "2025", "clause": " ", "other": "x"}, Asked("", {"annee": "2025"}, "recent", 1, "recent")),
        ({"tri": "objet", "page": "3"}, Asked("", {}, "objet", 3, "recent")),
        ({"tri": "nothing", "page": "three"}, Asked("", {}, "recent", 1, "recent")),
        ({"page": "-2"}, Asked("", {}, "recent", 1, "recent")),
        ({"page": "0"}, Asked("", {}, "recent", 1, "recent")),
        ({"page": "²"}, Asked("", {}, "recent", 1, "recent")),
        ({"page": "9" * 5000}, Asked("", {}, "recent", 1, "recent")),
    ],
)
def test_an_address_is_read_whatever_it_says(args, expected):
    assert LISTING.read(args) == expected


def test_a_query_is_cut_where_nobody_types_further():
    assert len(LISTING.read({"q": "x" * 5000}).query) == 200


@given(st.dictionaries(st.sampled_from(["q", "annee", "clause", "tri", "page"]), st.text()))
def test_the_address_of_a_list_asks_the_same_again(args):
    asked = LISTING.read(args)
    again = LISTING.read({name: str(value) for name, value in asked.address(page=asked.page).items()})
    assert again == asked


@pytest.mark.parametrize(
    ("asked", "changes", "expected"),
    [
        (Asked("", {}, "recent", 4, "recent"), {}, {}),
        (Asked("", {}, "recent", 4, "recent"), {"page": 2}, {"page": 2}),
        (Asked("é", {"annee": "2025"}, "objet", 1, "recent"), {}, {"q": "é", "annee": "2025", "tri": "objet"}),
        (Asked("", {}, "objet", 1, "recent"), {"tri": "recent"}, {}),
        (Asked("", {}, "recent", 1, "recent"), {"tri": "objet"}, {"tri": "objet"}),
        (Asked("", {"annee": "2025"}, "recent", 1, "recent"), {"annee": ""}, {}),
    ],
)
def test_a_link_says_only_what_is_not_usual(asked, changes, expected):
    assert asked.address(**changes) == expected


def test_a_filter_keeps_only_the_values_it_offers():
    asked = Asked("", {"annee": "1999", "clause": "avec"}, "recent", 1, "recent")
    assert asked.only_known({"annee": ["2025"]}).chosen == {"clause": "avec"}


@pytest.mark.parametrize(
    ("page", "last", "said"),
    [
        (Page((), 1, 0), 1, "0\u00a0marché"),
        (Page((1,), 1, 1), 1, "1\u00a0marché"),
        (Page(range(50), 1, 50), 1, "50\u00a0marchés"),
        (Page(range(50), 1, 51), 2, "1 à 50 sur 51\u00a0marchés"),
        (Page((1,), 2, 51), 2, "51 à 51 sur 51\u00a0marchés"),
        (Page(range(50), 30, 1618), 33, "1\u00a0451 à 1\u00a0500 sur 1\u00a0618\u00a0marchés"),
    ],
)
def test_a_page_says_where_it_stands(page, last, said):
    assert (page.last, page.said("marché")) == (last, said)


TEXT = search_key("2025-BAT-014 Réhabilitation de l’école d’Œuilly", "Guérin & Fils", "81245678900021")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("« ! »", True),
        ("rehab", True),
        ("ÉCOLE guér", True),
        ("ecole absent", False),
        ("cole", False),
        ("œuilly", True),
        ("2025-BAT-014", True),
        ("bat 14", False),
        ("812 456 789 00021", True),
        ("812456789", True),
        ("812 456", False),
        ("ecole:* | absent", False),
        ("!ecole", True),
        ("' OR 1=1 --", False),
    ],
)
def test_every_word_begins_a_word_of_the_text(app, query, found):
    assert db.session.scalar(select(matches(literal(TEXT), query))) is found


@given(query=st.text(max_size=40))
def test_no_query_breaks_the_search(whole_app, query):
    with whole_app.app_context():
        assert db.session.scalar(select(matches(literal("texte"), query.replace("\x00", "")))) in (True, False)
        db.session.rollback()
