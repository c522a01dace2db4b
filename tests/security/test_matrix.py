"""Post x verb x stage from the permission table: who may, may; who may not changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gongdao.app.permissions import ALL_SCOPES, PERMISSIONS, Caller, Post, Verb, allow
from gongdao.core.kernel.findings import NotAllowed
from gongdao.core.kernel.words import Role
from tests.app.world import MARKET, MARKETS, SHOP, rows
from tests.web.stage import PEOPLE, Answer, Program, opened

pytestmark = pytest.mark.usefixtures("stage")
ROLES = (
    "buyer", "merchant", "merchant-agent", "arbitrator", "reviewer", "operator", "auditor",
)  # fmt: skip
STRANGERS = ("other-buyer", "other-merchant", "foreign-operator", "foreign-auditor")
STATES = ("opened", "rejected", "disputed", "ruled", "closed")


def held() -> list[tuple[object, ...]]:
    """Return all that a command could have changed."""
    return (
        rows("SELECT shop_id, id, version, head_hash FROM cases ORDER BY id")
        + rows("SELECT count(*) FROM event")
        + rows("SELECT count(*), coalesce(sum(amount_fen), 0) FROM posting")
        + rows("SELECT count(*) FROM payment")
        + rows("SELECT count(*) FROM outside_refund")
        + rows("SELECT count(*) FROM deposit_movement")
        + rows("SELECT count(*) FROM webhook_endpoint")
        + rows("SELECT count(*) FROM evidence_use")
        + rows("SELECT count(*), max(expires_at) FROM assignment")
        + rows("SELECT count(*), max(updated_at) FROM orders")
    )


def rule_on(case_id: str) -> None:
    """An arbitrator establishes the facts and rules."""
    arbitrator = Program("arbitrator")
    assert arbitrator.act(case_id, "close_evidence").status == 200
    for name, value in (
        ("merchant_fault", "proven"), ("buyer_fault", "refuted"), ("goods_returnable", False),
    ):  # fmt: skip
        found = arbitrator.post(f"/cases/{case_id}/findings", {"name": name, "value": value})
        assert found.status == 200, found.body
    assert arbitrator.act(case_id, "rule").status == 200


def case_in(state: str) -> str:
    buyer, merchant = Program("buyer"), Program("merchant")
    case_id = opened(buyer)
    if state in {"rejected", "disputed", "ruled"}:
        assert merchant.act(case_id, "reject", reason="无").status == 200
    if state in {"disputed", "ruled"}:
        assert buyer.act(case_id, "escalate").status == 200
    if state == "ruled":
        rule_on(case_id)
    if state == "closed":
        assert buyer.act(case_id, "withdraw").status == 200
    return case_id


ORDER = {
    "order_id": "n1",
    "shop_id": SHOP,
    "buyer_id": "b1",
    "platform": "kuaishou",
    "payment": "online",
    "placed_at": "2024-02-28T10:00:00+08:00",
    "lines": [{"line_id": "1", "title": "伞", "quantity": 1, "paid_fen": 1}],
}
Ask = Callable[[Program, str], Answer]
CHANGING: dict[Verb, Ask] = {
    Verb.OPEN_CASE: lambda p, _c: p.post(
        "/cases",
        {"shop_id": SHOP, "order_id": "o2", "claim": "return_refund", "reason": "quality"},
    ),
    Verb.ACT: lambda p, c: p.act(c, "hand_over"),
    Verb.SUBMIT_EVIDENCE: lambda p, c: p.upload(
        f"/cases/{c}/evidence", b"chat", "a.txt", kind="chat"
    ),
    Verb.RECORD_FINDING: lambda p, c: p.post(
        f"/cases/{c}/findings", {"name": "merchant_fault", "value": "proven"}
    ),
    Verb.REPORT_PAYMENT: lambda p, c: p.post(
        f"/cases/{c}/payments", {"number": 1, "result": "sent", "amount_fen": 1}
    ),
    Verb.INTAKE_ORDERS: lambda p, _c: p.post(
        "/orders", {"marketplace_id": MARKET, "orders": [ORDER]}
    ),
    Verb.NEGOTIATE: lambda p, c: p.post(
        f"/cases/{c}/offers", {"remedy": "partial_refund", "refund_fen": 100}
    ),
    Verb.REPORT_OUTSIDE_REFUND: lambda p, _c: p.post(
        "/payments/outside-refunds",
        {"shop_id": SHOP, "order_id": "o2", "amount_fen": 1, "external_ref": "x"},
    ),
    Verb.MOVE_DEPOSIT: lambda p, _c: p.post(
        f"/payments/deposits/{SHOP}", {"amount_fen": 1, "external_ref": "x"}
    ),
    Verb.ERASE_PERSON: lambda p, _c: p.post(
        "/people/erasures", {"marketplace_id": MARKET, "buyer_id": "b-nobody"}
    ),
    Verb.MANAGE_WEBHOOKS: lambda p, _c: p.post(
        "/webhooks",
        {"marketplace_id": MARKET, "shop_id": SHOP, "url": "https://hooks.example/g"},
    ),
    Verb.CHALLENGE_EVIDENCE: lambda p, c: p.post(
        f"/cases/{c}/evidence/x/challenges", {"reason": "假"}
    ),
    Verb.TAKE_CASE: lambda p, c: p.put(f"/assignments/{c}", {}),
}
READING: dict[Verb, Ask] = {
    Verb.SEE_MATCHES: lambda p, c: p.get(f"/cases/{c}/evidence-matches"),
    Verb.SEE_CASES: lambda p, c: p.get(f"/cases/{c}"),
    Verb.SEE_ORDERS: lambda p, _c: p.get(f"/orders/{SHOP}/o1"),
}


OF_A_CASE = {Verb.ACT, Verb.SUBMIT_EVIDENCE, Verb.RECORD_FINDING, Verb.NEGOTIATE}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", CHANGING)
def test_a_post_without_the_verb_is_refused_and_changes_nothing(verb: Verb, state: str) -> None:
    """First all who may not, then all who may: of these the process itself may refuse some."""
    case_id = case_in(state)
    before = held()
    for who in ROLES:
        if not PERMISSIONS[verb].covers(PEOPLE[who][0]):
            got = CHANGING[verb](Program(who), case_id)
            assert (who, got.status, got.code) == (who, 403, "permission.role")
            assert held() == before
    for who in ROLES:
        if PERMISSIONS[verb].covers(PEOPLE[who][0]):
            before = held()
            got = CHANGING[verb](Program(who), case_id)
            if got.status == 200:
                assert state != "closed" or verb not in OF_A_CASE
            else:
                assert got.status in {403, 409, 422}
                assert not got.code.startswith("permission.")
                assert held() == before


@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize("verb", [*CHANGING, *READING])
def test_what_is_somebody_elses_does_not_exist(who: str, verb: Verb) -> None:
    case_id = case_in("disputed")
    before = held()
    got = (CHANGING | READING)[verb](Program(who), case_id)
    if PERMISSIONS[verb].covers(PEOPLE[who][0]):
        assert (got.status, got.code) == (404, "not_visible")
    else:
        assert (got.status, got.code) == (403, "permission.role")
    assert held() == before


@pytest.mark.parametrize("verb", [*CHANGING, *READING])
def test_a_key_without_the_scope_is_refused(verb: Verb) -> None:
    case_id = case_in("disputed")
    scope = PERMISSIONS[verb].scope
    who = next(name for name in ROLES if PERMISSIONS[verb].covers(PEOPLE[name][0]))
    before = held()
    got = (CHANGING | READING)[verb](Program(who, ALL_SCOPES - {scope}), case_id)
    assert (got.status, got.code) == (403, "permission.scope")
    assert held() == before


def test_an_action_is_only_for_the_roles_the_process_names() -> None:
    case_id = case_in("opened")
    before = held()
    for who in ("buyer", "arbitrator", "reviewer", "operator"):
        got = Program(who).act(case_id, "reject", reason="x")
        assert (got.status, got.code) == (403, "case.not_your_action")
    assert held() == before


@pytest.mark.parametrize("verb", list(Verb))
def test_the_table_is_what_is_enforced(verb: Verb) -> None:
    """Of every post and verb; the generated page shows the same table."""
    page = (Path(__file__).parents[2] / "docs" / "reference" / "permissions.md").read_text("utf-8")
    line = next(li for li in page.splitlines() if li.startswith(f"| `{verb}` "))
    ticks = [cell.strip() == "✓" for cell in line.split("|")[3:-1]]
    for post, ticked in zip(Post, ticks, strict=True):
        caller = Caller(
            user_id="u", role=post.role, marketplace_ids=MARKETS, agent=post is Post.AGENT
        )
        if ticked:
            allow(caller, verb)
            continue
        with pytest.raises(NotAllowed) as refused:
            allow(caller, verb)
        assert refused.value.code == "permission.role"


def test_an_auditor_reads_and_changes_nothing() -> None:
    assert {v for v in Verb if PERMISSIONS[v].covers(Post.AUDITOR)} <= {
        v for v in Verb if v == Verb.VERIFY or v.startswith("see_")
    }


def test_every_verb_of_the_table_is_for_somebody() -> None:
    assert set(PERMISSIONS) == set(Verb)
    for permission in PERMISSIONS.values():
        assert permission.roles
        assert Role.CLOCK not in permission.roles
