"""A stage for tests of API and pages: a marketplace whose clock stands near T0, people, keys."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache as kept
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from gongdao.app.callers import callers_of, make_key
from gongdao.app.intake_orders import intake
from gongdao.app.permissions import ALL_SCOPES, Post
from gongdao.app.shop_address import keep_address
from gongdao.core.kernel.text import Text
from gongdao.store.connection import transaction
from gongdao.store.marketplaces import MarketplaceRow, put_marketplace
from gongdao.store.models import Membership, User
from tests.app.world import ADDRESS, MARKET, SHOP, T0, an_order

ELSEWHERE, SHOP_ELSEWHERE = "m2", "shop-2"
PASSWORD = "zheng-zheng-ri-shang"
#: Name -> post, and where: marketplace, shop, buyer.
PEOPLE: dict[str, tuple[Post, str, str | None, str | None]] = {
    "buyer": (Post.BUYER, MARKET, None, "b1"),
    "other-buyer": (Post.BUYER, MARKET, None, "b2"),
    "merchant": (Post.OWNER, MARKET, SHOP, None),
    "merchant-agent": (Post.AGENT, MARKET, SHOP, None),
    "other-merchant": (Post.OWNER, ELSEWHERE, SHOP_ELSEWHERE, None),
    "arbitrator": (Post.ARBITRATOR, MARKET, None, None),
    "reviewer": (Post.REVIEWER, MARKET, None, None),
    "operator": (Post.OPERATOR, MARKET, None, None),
    "auditor": (Post.AUDITOR, MARKET, None, None),
    "foreign-operator": (Post.OPERATOR, ELSEWHERE, None, None),
    "foreign-auditor": (Post.AUDITOR, ELSEWHERE, None, None),
}
_numbers = count()


def set_stage(*, platform: str = "kuaishou", orders: int = 3) -> None:
    """Make two marketplaces, their orders, and everybody's account."""
    cache.clear()  # allauth counts attempts to sign in there
    move_clock(T0, platform=platform)
    intake(MARKET, [an_order(n, platform=platform) for n in range(1, orders + 1)])
    with transaction() as on:
        put_marketplace(
            on, MarketplaceRow(id=ELSEWHERE, platform="douyin", title=Text("别处", "elsewhere"))
        )
        keep_address(on, MARKET, SHOP, ADDRESS, "merchant")
    far = replace(an_order(1, platform="douyin"), shop_id=SHOP_ELSEWHERE, buyer_id="b9")
    intake(ELSEWHERE, [far])
    for name, (post, market, shop, buyer) in PEOPLE.items():
        user = User.objects.create(username=name, password=_hashed())
        Membership.objects.create(
            user=user, role=post.value, marketplace_id=market, shop_id=shop, buyer_id=buyer
        )
    User.objects.create(username="nobody", password=_hashed())


@kept
def _hashed() -> str:
    """Hashing is slow on purpose; once is enough."""
    return make_password(PASSWORD)


def move_clock(to: datetime, *, platform: str = "kuaishou") -> None:
    """Let the marketplace's clock stand at `to` now; it goes on from there."""
    ahead = timedelta(seconds=round((to - datetime.now(UTC)).total_seconds()))
    with transaction() as on:
        put_marketplace(
            on,
            MarketplaceRow(
                id=MARKET,
                platform=platform,
                title=Text("试验", "trial"),
                sandbox=True,
                clock_offset=ahead,
            ),
        )


def signed_in(name: str, **options: Any) -> Client:
    """Return a browser in which `name` is signed in."""
    client = Client(SERVER_NAME="localhost", **options)
    client.force_login(
        User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


@dataclass
class Answer:
    """An answer of the API."""

    status: int
    body: Any
    headers: Any

    @property
    def code(self) -> str:
        return str(self.body["code"])


class Program:
    """A program with a key of `name`."""

    def __init__(self, name: str, scopes: frozenset[str] = ALL_SCOPES, lang: str = "zh-CN") -> None:
        user = User.objects.get(username=name)
        self.key = make_key(callers_of(str(user.pk))[0], "test", scopes)
        self._client = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
        self._lang = lang

    def _headers(self, given: dict[str, str]) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}", "Accept-Language": self._lang, **given}

    def get(self, path: str, **query: Any) -> Answer:
        return answer(self._client.get(f"/api/v1{path}", query, headers=self._headers({})))

    def post(
        self, path: str, body: Any, *, key: str | None = "", query: str = "", **headers: str
    ) -> Answer:
        """Post a command; a new key unless one is given, none at all with None."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if key is not None:
            given["Idempotency-Key"] = key or f"k-{next(_numbers)}"
        return answer(
            self._client.post(
                f"/api/v1{path}{query}",
                json.dumps(body),
                content_type="application/json",
                headers=self._headers(given),
            )
        )

    def put(self, path: str, body: Any) -> Answer:
        return answer(
            self._client.put(
                f"/api/v1{path}",
                json.dumps(body),
                content_type="application/json",
                headers=self._headers({}),
            )
        )

    def delete(self, path: str) -> Answer:
        return answer(self._client.delete(f"/api/v1{path}", headers=self._headers({})))

    def send_file(self, path: str, content: bytes) -> Answer:
        headers = self._headers({})
        kind = "application/octet-stream"
        sent = self._client.post(f"/api/v1{path}", content, content_type=kind, headers=headers)
        return answer(sent)

    def upload(self, path: str, content: bytes, name: str, **fields: str) -> Answer:
        from django.core.files.uploadedfile import SimpleUploadedFile

        given = {"file": SimpleUploadedFile(name, content), **fields}
        headers = self._headers({"Idempotency-Key": f"k-{next(_numbers)}"})
        return answer(self._client.post(f"/api/v1{path}", given, headers=headers))

    def act(self, case_id: str, action: str, **payload: Any) -> Answer:
        return self.post(f"/cases/{case_id}/actions", {"action": action, "payload": payload})


def answer(response: HttpResponse) -> Answer:
    kind = response.headers.get("Content-Type", "")
    content = b"".join(response) if response.streaming else response.content
    response.close()
    is_json = kind.startswith(("application/json", "application/problem+json")) and content
    return Answer(
        response.status_code, json.loads(content) if is_json else content, response.headers
    )


def opened(buyer: Program, order: int = 1, **changes: Any) -> str:
    """Open a case by the API and return its id."""
    body = {
        "shop_id": SHOP,
        "order_id": f"o{order}",
        "claim": "return_refund",
        "reason": "quality",
        **changes,
    }
    made = buyer.post("/cases", body)
    assert made.status == 200, made.body
    return str(made.body["case"]["id"])
