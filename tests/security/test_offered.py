"""No page offers its reader a door that is closed to them."""

from html.parser import HTMLParser

from tests.security.test_matrix import walk


class Links(HTMLParser):
    """Where a page leads, its own anchors and the outside left out."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        href = dict(attrs).get("href") or ""
        if tag in ("a", "link") and href.startswith("/"):
            self.found.add(href.partition("#")[0])


def offered_to(app, world, persona: str) -> dict[str, str]:
    """Each address that a page open to this persona leads to, with the page."""
    client, offered = world.visitor(persona), {}
    for row, address in walk(app, world, frozenset({"GET"})):
        if 200 in row.codes_for(persona) and row.endpoint not in ("static", "desk.components"):
            answer = client.get(address)
            if answer.mimetype == "text/html":
                offered |= dict.fromkeys(Links(answer.text).found, f"{row.endpoint} {row.subject}")
            answer.close()
    # The house's name leads everybody home, where a stranger is asked to sign in.
    offered.pop("/", None)
    return offered


def test_every_link_on_an_open_page_opens(app, world):
    closed = {}
    for persona in (
        "nobody",
        "sophie",
        "link",
        "lender",
        "helene",
        "claire",
        "prescriber",
        "observer",
        "administrator",
    ):
        client = world.visitor(persona)
        for href, page in offered_to(app, world, persona).items():
            answer = client.get(href)
            answer.close()
            if answer.status_code not in (200, 302):
                closed[persona, href] = f"{answer.status_code}, offered by {page}"
    assert closed == {}
