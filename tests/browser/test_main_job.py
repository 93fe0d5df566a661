"""The whole job by its persons, in a browser: from a published contract to a certificate that anybody verifies."""

import pytest

from tests.browser.chain import whole_job


@pytest.mark.parametrize("java_script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_published_contract_becomes_a_certificate_that_anybody_verifies(
    java_script, communes, site, worker, somebody
):
    whole_job(site, lambda: somebody(java_script))
