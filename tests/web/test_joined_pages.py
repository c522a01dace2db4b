"""Pages of joined cases: the card, joining and separating, ruling together, the statement."""

from __future__ import annotations

import re

import pytest

from gongdao.store.models import JoinedCase
from tests.app.world import everything_holds, one
from tests.web.stage import Program, opened, signed_in
from tests.web.test_api_joined import PROVEN, together, under_review

pytestmark = pytest.mark.usefixtures("stage")


def key_in(page: str, form: str) -> str:
    found = re.search(rf'action="[^"]*{form}".*?name="key" value="([^"]+)"', page, re.DOTALL)
    assert found is not None
    return found.group(1)


def test_the_card_links_the_others_and_everybody_of_the_case_sees_it() -> None:
    _, (first, second) = together(1, 2)
    for who in ("buyer", "merchant", "arbitrator", "operator"):
        page = signed_in(who).get(f"/cases/{first}/").content.decode()
        assert 'id="joined"' in page
        assert f"/cases/{second}/" in page
        assert "并案审理" in page


def test_an_arbitrator_joins_and_separates_on_the_page() -> None:
    buyer = Program("buyer")
    first, second = opened(buyer, 1), opened(buyer, 2)
    client = signed_in("arbitrator")
    page = client.get(f"/cases/{first}/").content.decode()
    form = {"key": key_in(page, "/join/"), "case_ids": [second], "reason": "同一批次"}
    assert client.post(f"/cases/{first}/join/", form).status_code == 302
    assert JoinedCase.objects.count() == 2
    page = client.get(f"/cases/{first}/").content.decode()
    form = {"key": key_in(page, "/separate/"), "reason": "案情不同"}
    assert client.post(f"/cases/{first}/separate/", form).status_code == 302
    assert JoinedCase.objects.count() == 0
    assert signed_in("buyer").post(f"/cases/{first}/join/", form).status_code == 403
    stranger = signed_in("foreign-operator")
    assert stranger.post(f"/cases/{first}/join/", form).status_code == 404
    everything_holds()


def test_a_finding_is_recorded_in_all_from_the_page_of_one() -> None:
    _, (first, _) = under_review(1, 2)
    client = signed_in("arbitrator")
    page = client.get(f"/cases/{first}/").content.decode()
    assert 'name="in_all"' in page
    form = {"key": "k", "in_all": "yes", "fact.merchant_fault": "proven"}
    name = re.search(r'name="([^"]*merchant_fault)"', page)
    assert name is not None
    form[name.group(1)] = "proven"
    assert client.post(f"/cases/{first}/findings/", form).status_code == 302
    assert one("SELECT count(*) FROM event WHERE kind = 'fact_found'") == 2


def test_rulings_are_previewed_and_given_on_one_page_and_read_on_one_paper() -> None:
    key, (first, second) = under_review(1, 2)
    client = signed_in("arbitrator")
    page = client.get(f"/joined/{key}/?action=rule").content.decode()
    assert 'name="action" value="rule"' not in page, "what cannot be done is not offered"
    for name, value in PROVEN:
        Program("arbitrator").post(f"/joined-cases/{key}/findings", {"name": name, "value": value})
    page = client.get(f"/joined/{key}/?action=rule").content.decode()
    assert 'name="action" value="rule"' in page
    assert page.count('name="case_ids"') == 2
    form = {"action": "rule", "key": "k", "case_ids": [first, second]}
    assert client.post(f"/joined/{key}/act/", form).status_code == 302
    assert one("SELECT count(*) FROM event WHERE kind = 'ruled'") == 2
    for who in ("buyer", "merchant"):
        told = signed_in(who).get(f"/joined/{key}/statement/")
        assert told.status_code == 200
        assert first in told.content.decode()
        assert second in told.content.decode()
        seen = signed_in(who).get(f"/joined/{key}/?action=rule").content.decode()
        assert 'value="rule"' not in seen
    assert signed_in("other-buyer").get(f"/joined/{key}/").status_code == 404
    assert signed_in("other-buyer").get(f"/joined/{key}/statement/").status_code == 404
    everything_holds()
