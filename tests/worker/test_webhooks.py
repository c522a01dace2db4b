"""Webhooks: signed, in order, tried again, given up, replayed; told where it may be told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from gongdao.app import webhook_endpoints as hooks
from gongdao.app.act import act
from gongdao.app.deliver_webhooks import MOST_TRIES, Parcel
from gongdao.app.intake_orders import intake
from gongdao.app.permissions import Caller
from gongdao.core.kernel.findings import BadInput, NotVisible
from gongdao.core.kernel.words import Role
from gongdao.store.connection import cursor, transaction
from gongdao.store.postgres import Address
from gongdao.worker import courier
from gongdao.worker.courier import deliver_round
from gongdao.worker.post import post
from tests.app.world import (
    HOUR,
    MARKET,
    MARKETS,
    MERCHANT,
    OPERATOR,
    SHOP,
    T0,
    a_marketplace,
    an_order,
    everything_holds,
    one,
    opened,
    rows,
    with_orders,
)  # fmt: skip
from tests.worker.listener import Listener, listening


@pytest.fixture
def listener(db: Address) -> Iterator[Listener]:
    with listening() as found:
        yield found


def in_time() -> None:
    """Let everything that waits be due now."""
    with transaction() as on:
        cursor(on).execute("UPDATE webhook_delivery SET try_at = clock_timestamp()")


def test_every_event_is_told_signed_and_in_order(listener: Listener) -> None:
    with_orders(1)
    made = hooks.make_endpoint(OPERATOR, MARKET, listener.url)
    case = opened()
    act(MERCHANT, case.id, "agree", key="a", now=T0 + HOUR)
    done = deliver_round()
    told = [h.event for h in listener.heard]
    assert [t["type"] for t in told] == [
        "gongdao.case.opened",
        "gongdao.case.acted",
        "gongdao.case.money_granted",
        "gongdao.payment.instructed",
        "gongdao.case.closed",
    ]
    assert (done.delivered, done.put_off, done.dead) == (5, 0, 0)
    assert [t["sequence"] for t in told] == [f"{n:010d}" for n in (1, 2, 3, 3, 4)]
    assert {t["subject"] for t in told} == {case.id}
    assert told[3]["data"]["reference"] == f"{case.id}-1"
    assert told[3]["data"]["amount_fen"] == 14001
    for heard in listener.heard:
        assert Webhook(made.secret).verify(heard.body, heard.headers) == heard.event
        assert heard.headers["webhook-id"] == heard.event["id"]
        assert heard.headers["content-type"] == "application/cloudevents+json"
    with pytest.raises(WebhookVerificationError):
        Webhook(made.secret).verify(listener.heard[0].body + b" ", listener.heard[0].headers)
    assert deliver_round().delivered == 0, "nothing is told twice"


def test_an_endpoint_of_a_shop_hears_only_what_it_asked_for(listener: Listener) -> None:
    a_marketplace()
    intake(MARKET, [an_order(1), replace(an_order(2), shop_id="shop-2")])
    hooks.make_endpoint(MERCHANT, MARKET, listener.url, shop_id=SHOP, kinds=("case.opened",))
    opened(1)
    opened(2, shop_id="shop-2")
    act(MERCHANT, str(one("SELECT id FROM cases WHERE shop_id = 'shop-1'")), "reject",
        {"reason": "x"}, key="a", now=T0 + HOUR)  # fmt: skip
    deliver_round()
    assert [(h.event["type"], h.event["data"]["shop_id"]) for h in listener.heard] == [
        ("gongdao.case.opened", SHOP)
    ]


def test_a_failure_is_tried_again_and_holds_up_only_its_case(listener: Listener) -> None:
    with_orders(2)
    hooks.make_endpoint(OPERATOR, MARKET, listener.url)
    case = opened(1)
    act(MERCHANT, case.id, "reject", {"reason": "x"}, key="a", now=T0 + HOUR)
    listener.answers = [500]
    assert deliver_round().put_off == 1
    assert len(listener.heard) == 1
    assert rows("SELECT tries, trouble FROM webhook_delivery WHERE seq = 1") == [(1, "HTTP 500")]
    opened(2)
    deliver_round()
    assert [h.event["subject"] == case.id for h in listener.heard] == [True, False]
    in_time()
    deliver_round()
    assert [h.event["sequence"] for h in listener.heard if h.event["subject"] == case.id] == [
        "0000000001", "0000000001", "0000000002",
    ]  # fmt: skip
    assert listener.heard[0].headers["webhook-id"] == listener.heard[2].headers["webhook-id"]


def test_what_never_arrives_is_given_up_seen_and_replayed(listener: Listener) -> None:
    with_orders(1)
    made = hooks.make_endpoint(OPERATOR, MARKET, listener.url, kinds=("case.opened",))
    opened()
    with transaction() as on:
        cursor(on).execute(f"UPDATE webhook_delivery SET tries = {MOST_TRIES - 1}")
    listener.answers = [302]
    assert deliver_round().dead == 1
    assert hooks.list_endpoints(OPERATOR)[0].dead == 1
    (dead,) = hooks.list_deliveries(OPERATOR, made.id, state="dead").rows
    assert dead.trouble == "HTTP 302", "a redirect is not followed"
    in_time()
    assert deliver_round().delivered == 0
    assert hooks.replay(OPERATOR, made.id, dead.id) == 1
    assert deliver_round().delivered == 1
    assert hooks.replay(OPERATOR, made.id) == 0


def test_a_killed_sender_sends_again_after_its_lease(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_orders(1)
    hooks.make_endpoint(OPERATOR, MARKET, listener.url)
    opened()

    def die(_parcels: Sequence[Parcel]) -> list[str]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(courier, "post_all", die)
        with pytest.raises(KeyboardInterrupt):
            deliver_round()
    assert deliver_round().delivered == 0, "leased"
    in_time()
    assert deliver_round().delivered == 1


def test_a_test_event_is_signed(listener: Listener) -> None:
    with_orders(1)
    made = hooks.make_endpoint(OPERATOR, MARKET, listener.url, kinds=("case.closed",))
    changed = hooks.rotate_secret(OPERATOR, made.id)
    sent = hooks.send_test(OPERATOR, made.id)
    deliver_round()
    (heard,) = listener.heard
    assert Webhook(changed.secret).verify(heard.body, heard.headers)["type"] == (
        "gongdao.webhook.test"
    )
    assert heard.headers["webhook-id"] == sent
    with pytest.raises(WebhookVerificationError):
        Webhook(made.secret).verify(heard.body, heard.headers)


def test_an_instruction_that_arrived_makes_the_payment_sent(listener: Listener) -> None:
    a_marketplace(sandbox=False)
    intake(MARKET, [an_order(1)])
    with transaction() as on:  # only a sandbox may be told at a private address
        cursor(on).execute("UPDATE marketplace SET sandbox = true, sandbox_pays = false")
    hooks.make_endpoint(OPERATOR, MARKET, listener.url, kinds=("payment.instructed",))
    case = opened()
    act(MERCHANT, case.id, "agree", key="a", now=T0 + HOUR)
    assert one("SELECT state FROM payment") == "granted"
    deliver_round()
    assert one("SELECT state FROM payment") == "sent"
    assert one("SELECT count(*) FROM outbox WHERE sent_at IS NULL") == 0
    everything_holds()


def test_a_real_marketplace_is_told_at_public_https_addresses_only(db: Address) -> None:
    a_marketplace(sandbox=False)
    for url in ("http://example.com/", "ftp://x/", "https://", "https://a:b@example.com/", "x"):
        with pytest.raises(BadInput) as refusal:
            hooks.make_endpoint(OPERATOR, MARKET, url)
        assert refusal.value.code == "webhook.bad_url"
    for url in ("https://127.0.0.1/", "https://10.0.0.8/", "https://[::1]/", "https://localhost/",
                "https://169.254.169.254/", "https://[::ffff:10.0.0.8]/"):  # fmt: skip
        parcel = Parcel(url=url, headers={}, body=b"", anywhere=False)
        assert "not a public address" in post(parcel)


def test_endpoints_are_their_owners_only(db: Address) -> None:
    with_orders(1)
    made = hooks.make_endpoint(OPERATOR, MARKET, "https://example.com/")
    other = Caller(user_id="o2", role=Role.OPERATOR, marketplace_ids=frozenset({"elsewhere"}))
    for stranger in (MERCHANT, other):
        assert hooks.list_endpoints(stranger) == ()
        with pytest.raises(NotVisible):
            hooks.disable(stranger, made.id)
    with pytest.raises(NotVisible):
        hooks.make_endpoint(MERCHANT, MARKET, "https://example.com/", shop_id="shop-9")
    with pytest.raises(BadInput):
        hooks.make_endpoint(MERCHANT, MARKET, "https://example.com/")
    assert replace(MERCHANT, marketplace_ids=MARKETS) == MERCHANT
    hooks.disable(OPERATOR, made.id)
    opened()
    assert one("SELECT count(*) FROM webhook_delivery") == 0
    assert ("manage_webhooks", "not_visible") in rows("SELECT verb, result FROM audit_log")
