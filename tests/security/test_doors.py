"""Doors: keys, sessions, cross-site requests, guessing of passwords, files that would run."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from gongdao.store.models import ApiToken, User
from gongdao.web import evidence_links
from tests.app.world import rows
from tests.web.stage import PASSWORD, Program, answer, opened, signed_in

pytestmark = pytest.mark.usefixtures("stage")
BODY = {"action": "reject", "payload": {"reason": "x"}}


def events() -> object:
    return rows("SELECT count(*) FROM event")[0][0]


def test_keys_are_kept_only_as_hashes() -> None:
    key = Program("buyer").key
    assert not ApiToken.objects.filter(hash=key.encode()).exists()
    assert key not in str(list(ApiToken.objects.values()))


@pytest.mark.parametrize("fault", ["revoked", "expired", "inactive", "wrong", "role taken away"])
def test_a_key_that_is_no_longer_good_opens_nothing(fault: str) -> None:
    program = Program("buyer")
    if fault == "revoked":
        ApiToken.objects.update(revoked_at=timezone.now())
    elif fault == "expired":
        ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif fault == "inactive":
        User.objects.filter(username="buyer").update(is_active=False)
    elif fault == "wrong":
        program.key += "x"
    else:
        User.objects.get(username="buyer").membership_set.all().delete()
    got = program.get("/cases")
    assert (got.status, got.code) == (401, "auth.required")


def test_a_session_needs_the_csrf_token_on_the_api() -> None:
    case_id = opened(Program("buyer"))
    client = signed_in("merchant", enforce_csrf_checks=True)
    path = f"/api/v1/cases/{case_id}/actions"
    headers = {"Idempotency-Key": "k"}
    got = answer(client.post(path, BODY, content_type="application/json", headers=headers))
    assert (got.status, got.code) == (403, "auth.csrf")
    assert events() == 1
    client.get("/queue/")
    headers["X-CSRFToken"] = client.cookies["csrftoken"].value
    got = answer(client.post(path, BODY, content_type="application/json", headers=headers))
    assert got.status == 200
    assert events() == 2


def test_forms_from_elsewhere_change_nothing() -> None:
    case_id = opened(Program("buyer"))
    client = signed_in("merchant", enforce_csrf_checks=True)
    form = {"action": "reject", "track": "after_sale", "key": "k", "reason": "x", "confirm": "yes"}
    got = client.post(f"/cases/{case_id}/act/", form, headers={"Accept-Language": "zh-CN"})
    assert got.status_code == 403
    assert "请重新提交" in got.content.decode()
    assert events() == 1


def test_pages_are_not_changed_by_looking_at_them() -> None:
    case_id = opened(Program("buyer"))
    client = signed_in("merchant")
    for path in ("act/", "findings/", "evidence/"):
        assert client.get(f"/cases/{case_id}/{path}").status_code == 405
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/queue/").status_code == 200


def test_quick_guessing_of_a_password_is_stopped() -> None:
    client = Client(SERVER_NAME="localhost")
    for _ in range(5):
        client.post("/accounts/login/", {"login": "buyer", "password": "wrong"})
    assert (
        client.post("/accounts/login/", {"login": "buyer", "password": PASSWORD}).status_code == 200
    )
    assert client.get("/queue/").status_code == 302


def test_patient_guessing_of_a_password_locks_the_door() -> None:
    client = Client(SERVER_NAME="localhost", headers={"Accept-Language": "zh-CN"})
    for _ in range(10):
        cache.clear()  # as if minutes had passed
        client.post("/accounts/login/", {"login": "buyer", "password": "wrong"})
    cache.clear()
    got = client.post("/accounts/login/", {"login": "buyer", "password": PASSWORD})
    assert got.status_code == 429
    assert "尝试次数过多" in got.content.decode()
    assert client.get("/queue/").status_code == 302


def test_after_signing_in_nobody_is_sent_elsewhere() -> None:
    client = Client(SERVER_NAME="localhost")
    got = client.post(
        "/accounts/login/",
        {"login": "merchant", "password": PASSWORD, "next": "https://evil.example/"},
    )
    assert got["Location"] == "/"


def test_evidence_cannot_run_in_the_readers_browser() -> None:
    case_id = opened(Program("buyer"))
    given = Program("buyer").upload(
        f"/cases/{case_id}/evidence", b"<script>alert(1)</script>", "x.html", kind="chat"
    )
    assert given.status == 200
    item = given.body["case"]["evidence"][0]
    reader = signed_in("merchant")
    sent_on = reader.get(f"/cases/{case_id}/evidence/{item['id']}/")
    assert (sent_on.status_code, sent_on["Location"][:3]) == (302, "/e/")
    got = reader.get(sent_on["Location"])
    assert got["Content-Type"] == "text/plain"
    assert got["Content-Disposition"].startswith("attachment")
    assert got["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in got["Content-Security-Policy"]


def test_what_people_write_is_shown_as_text() -> None:
    case_id = opened(Program("buyer"), description='<img src=x onerror="alert(1)">')
    page = signed_in("merchant").get(f"/cases/{case_id}/").content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_a_signed_link_shows_one_file_to_its_reader_for_minutes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case_id = opened(Program("buyer"))
    given = Program("buyer").upload(f"/cases/{case_id}/evidence", b"seen", "x.txt", kind="chat")
    item = given.body["case"]["evidence"][0]
    path = f"/cases/{case_id}/evidence/{item['id']}/link"
    assert Program("other-merchant").get(path).status == 404
    url = Program("merchant").get(path).body["url"]
    stranger = Client(SERVER_NAME="localhost")
    got = stranger.get(url)
    assert (got.status_code, got.content) == (200, b"seen")
    assert got["Cache-Control"] == "private, no-store"
    head, _, tail = url.strip("/").rpartition(":")
    assert stranger.get(f"/{head}:{tail[::-1]}/").status_code == 404
    later = time.time() + evidence_links.GOOD_FOR.total_seconds() + 1
    with monkeypatch.context() as patched:
        patched.setattr("django.core.signing.time.time", lambda: later)
        assert stranger.get(url).status_code == 404
    User.objects.get(username="merchant").membership_set.all().delete()
    assert stranger.get(url).status_code == 404
