"""The whole job by its persons, in a browser: from a published contract to a certificate that anybody verifies."""

from tests.browser.chain import whole_job
from tests.browser.eye import Eye

FEWEST_KINDS_OF_PAGE = 30


def test_a_published_contract_becomes_a_certificate_on_pages_that_everybody_can_use(communes, site, worker, somebody):
    eye = Eye()
    people = whole_job(site, lambda: somebody(eye=eye))
    people.helene.opens("/attestations")
    people.sophie.opens("/mises-a-l-emploi")
    people.claire.opens("/participants")
    assert eye.faults == []
    assert len(eye.seen) >= FEWEST_KINDS_OF_PAGE, eye.seen


def test_the_same_job_is_done_without_javascript(communes, site, worker, somebody):
    whole_job(site, lambda: somebody(java_script=False))
