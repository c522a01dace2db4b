"""Role x verb x state from the permission table: who may, may; who may not changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gongdao.app.permissions import ALL_SCOPES, PERMISSIONS, Verb
from gongdao.core.kernel.words import Role
from tests.app.world import MARKET, SHOP, rows
from tests.web.stage import PEOPLE, Answer, Program, opened

pytestmark = pytest.mark.usefixtures("stage")
ROLES = ("buyer", "merchant", "arbitrator", "reviewer", "operator")
STRANGERS = ("other-buyer", "other-merchant", "foreign-operator")
STATES = ("opened", "disputed", "closed")


def held() -> list[tuple[object, ...]]:
    """Return all that a command could have changed."""
    return (
        rows("SELECT shop_id, id, version, head_hash FROM cases ORDER BY id")
        + rows("SELECT count(*) FROM event")
        + rows("SELECT count(*), coalesce(sum(amount_fen), 0) FROM posting")
        + rows("SELECT count(*) FROM payment")
        + rows("SELECT count(*), max(updated_at) FROM orders")
    )


def case_in(state: str) -> str:
    buyer, merchant = Program("buyer"), Program("merchant")
    case_id = opened(buyer)
    if state == "disputed":
        assert merchant.act(case_id, "reject", reason="无").status == 200
        assert buyer.act(case_id, "escalate").status == 200
    elif state == "closed":
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
}
READING: dict[Verb, Ask] = {
    Verb.SEE_CASES: lambda p, c: p.get(f"/cases/{c}"),
    Verb.SEE_ORDERS: lambda p, _c: p.get(f"/orders/{SHOP}/o1"),
}


def names() -> list[Any]:
    return [
        pytest.param(who, verb, state, id=f"{who}-{verb}-{state}")
        for who in ROLES
        for verb in CHANGING
        for state in STATES
    ]


@pytest.mark.parametrize(("who", "verb", "state"), names())
def test_a_role_without_the_verb_is_refused_and_changes_nothing(
    who: str, verb: Verb, state: str
) -> None:
    case_id = case_in(state)
    before = held()
    got = CHANGING[verb](Program(who), case_id)
    may = PEOPLE[who][0] in PERMISSIONS[verb].roles
    if not may:
        assert (got.status, got.code) == (403, "permission.role")
        assert held() == before
    elif got.status == 200:
        assert held() != before
        assert state != "closed" or verb in {Verb.OPEN_CASE, Verb.INTAKE_ORDERS}
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
    if PEOPLE[who][0] in PERMISSIONS[verb].roles:
        assert (got.status, got.code) == (404, "not_visible")
    else:
        assert (got.status, got.code) == (403, "permission.role")
    assert held() == before


@pytest.mark.parametrize("verb", [*CHANGING, *READING])
def test_a_key_without_the_scope_is_refused(verb: Verb) -> None:
    case_id = case_in("disputed")
    scope = PERMISSIONS[verb].scope
    who = next(name for name in ROLES if PEOPLE[name][0] in PERMISSIONS[verb].roles)
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


def test_every_verb_of_the_table_is_for_somebody() -> None:
    assert set(PERMISSIONS) == set(Verb)
    for permission in PERMISSIONS.values():
        assert permission.roles
        assert Role.CLOCK not in permission.roles
