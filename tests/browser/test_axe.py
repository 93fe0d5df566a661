"""Everybody can use it: axe-core finds nothing, no page overflows, and the keyboard alone is enough."""

from datetime import date

import pytest

from tests.browser.chain import whole_job
from tests.browser.eye import Eye
from tracker.plumbing import clock

# What anybody may open, and what each role adds to the journey's pages.
ANYBODY = (
    "/connexion",
    "/verifier",
    "/accessibilite",
    "/donnees-personnelles",
    "/mentions-legales",
    "/plan-du-site",
    "/code-source",
    "/nulle-part",
    "/marches",
)
FEWEST_KINDS = 25


def test_axe_finds_nothing_on_any_page_of_the_main_job_and_none_overflows(communes, site, worker, somebody):
    eye = Eye()
    people = whole_job(site, lambda: somebody(eye=eye))
    people.helene.opens("/attestations")
    people.sophie.opens("/mises-a-l-emploi")
    people.claire.opens("/participants")
    assert len(eye.seen) >= FEWEST_KINDS, eye.seen
    assert eye.faults == []


def test_axe_finds_nothing_on_the_pages_open_to_anybody(app, site, somebody):
    eye = Eye()
    anybody = somebody(eye=eye)
    for address in ANYBODY:
        anybody.opens(address)
    assert eye.faults == []
