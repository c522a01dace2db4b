"""Keys for named cases only: within them as their maker, outside them nothing exists."""

from __future__ import annotations

import pytest

from gongdao.app.callers import caller_of_key
from gongdao.app.invoices.follow_cases import follow_cases
from gongdao.app.permissions import ALL_SCOPES, OF_A_CASE, PERMISSIONS, Verb, allow
from gongdao.core.kernel.findings import NotAllowed
from tests.app.world import SHOP, T0
from tests.security.test_matrix import held
from tests.web.stage import PEOPLE, Program, opened

pytestmark = pytest.mark.usefixtures("stage")
WHO = [name for name in PEOPLE if name in {"buyer", "merchant", "arbitrator", "operator"}]


class Limited(Program):
    """A program with a key that its maker limited to cases."""

    def __init__(self, name: str, *case_ids: str) -> None:
        super().__init__(name)
        body = {"name": "expert", "scopes": sorted(ALL_SCOPES), "case_ids": list(case_ids)}
        made = self.post("/keys", body)
        assert made.status == 200, made.body
        self.id, self.key = made.body["id"], made.body["key"]


def two_cases() -> tuple[str, str]:
    """Return two disputed cases."""
    cases = opened(Program("buyer"), 1), opened(Program("buyer"), 2)
    for case_id in cases:
        assert Program("merchant").act(case_id, "reject", reason="x").status == 200
        assert Program("buyer").act(case_id, "escalate").status == 200
    return cases


@pytest.mark.parametrize("who", WHO)
def test_the_named_case_is_there_and_no_other(who: str) -> None:
    mine, other = two_cases()
    key = Limited(who, mine)
    assert key.get(f"/cases/{mine}").status == 200
    assert key.get(f"/cases/{mine}/timeline").status == 200
    assert key.get(f"/orders/{SHOP}/o1").status == 200
    assert key.get(f"/orders/{SHOP}/o1").body["case_ids"] == [mine]
    assert [c["case_id"] for c in key.get("/cases").body["items"]] == [mine]
    assert [o["order_id"] for o in key.get("/orders").body["items"]] == ["o1"]
    for path in (
        f"/cases/{other}", f"/cases/{other}/timeline", f"/cases/{other}/evidence-checklist",
        f"/cases/{other}/evidence/x/content", f"/cases/{other}/rulings/1/statement",
        f"/orders/{SHOP}/o2", f"/orders/{SHOP}/o3",
    ):  # fmt: skip
        got = key.get(path)
        assert (path, got.status, got.code) == (path, 404, "not_visible")


@pytest.mark.parametrize("who", WHO)
def test_nothing_is_changed_outside_the_named_case(who: str) -> None:
    mine, other = two_cases()
    key = Limited(who, mine)
    calls = {
        Verb.ACT: lambda c: key.act(c, "nothing_such"),
        Verb.SUBMIT_EVIDENCE: lambda c: key.upload(f"/cases/{c}/evidence", b"x", "a.txt", kind="x"),
        Verb.RECORD_FINDING: lambda c: key.post(
            f"/cases/{c}/findings", {"name": "no_such_fact", "value": True}
        ),
        Verb.NEGOTIATE: lambda c: key.post(
            f"/cases/{c}/offers", {"remedy": "partial_refund", "refund_fen": 100}
        ),
        Verb.CHALLENGE_EVIDENCE: lambda c: key.post(
            f"/cases/{c}/evidence/x/challenges", {"reason": "假"}
        ),
    }
    for verb, call in calls.items():
        if not PERMISSIONS[verb].covers(PEOPLE[who][0]):
            continue
        before = held()
        got = call(other)
        assert (verb, got.status, got.code) == (verb, 404, "not_visible")
        assert held() == before
        here = call(mine)
        assert here.status == 200 or here.code != "not_visible"


@pytest.mark.parametrize("verb", sorted(set(Verb) - OF_A_CASE))
def test_what_reaches_beyond_cases_is_refused(verb: Verb) -> None:
    mine, _ = two_cases()
    for who in WHO:
        caller = caller_of_key(Limited(who, mine).key)
        assert caller is not None
        with pytest.raises(NotAllowed) as refused:
            allow(caller, verb)
        mine_to_do = PERMISSIONS[verb].covers(PEOPLE[who][0])
        assert refused.value.code == ("permission.cases_only" if mine_to_do else "permission.role")


def test_only_verbs_about_one_case_are_within_them() -> None:
    assert {"see_matches", "take_case", "join_cases", "open_case"}.isdisjoint(OF_A_CASE)
    assert set(OF_A_CASE) <= set(PERMISSIONS)


def test_calls_beyond_the_cases_are_refused_by_the_api() -> None:
    mine, other = two_cases()
    key = Limited("operator", mine)
    before = held()
    for got in (
        key.post("/joined-cases", {"case_ids": [mine, other], "reason": "x"}),
        key.post("/keys", {"name": "k", "scopes": ["cases:read"]}),
        key.get("/payments"),
        key.get("/marks"),
        key.post(
            "/cases",
            {"shop_id": SHOP, "order_id": "o3", "claim": "return_refund", "reason": "quality"},
        ),
    ):
        assert (got.status, got.code) == (403, "permission.cases_only"), got.body
    assert held() == before


def test_of_joined_cases_only_the_named_one_is_there() -> None:
    body = {
        "shop_id": SHOP,
        "requests": [
            {"order_id": o, "claim": "return_refund", "reason": "quality"} for o in ("o1", "o2")
        ],
    }
    made = Program("buyer").post("/joined-cases/openings", body).body["items"]
    mine, other = (item["case"]["id"] for item in made)
    group = made[0]["case"]["joined"]["group"]
    key = Limited("arbitrator", mine)
    seen = key.get(f"/joined-cases/{group}")
    assert [m["case"]["id"] for m in seen.body["members"]] == [mine]
    got = key.post(f"/joined-cases/{group}/actions", {"action": "x", "cases": {other: {}}})
    assert (got.status, got.code) == (404, "not_visible")


@pytest.mark.parametrize(
    ("cases", "status", "code"),
    [([], 422, "token.no_cases"), (["nonsense"], 404, "not_visible"),
     (["01890000-0000-7000-8000-000000000009"], 404, "not_visible")],
)  # fmt: skip
def test_a_key_is_made_for_cases_that_its_maker_sees(
    cases: list[str], status: int, code: str
) -> None:
    body = {"name": "k", "scopes": ["cases:read"], "case_ids": cases}
    got = Program("buyer").post("/keys", body)
    assert (got.status, got.code) == (status, code)


def test_anothers_case_is_not_named_and_rotation_widens_nothing() -> None:
    mine, other = two_cases()
    body = {"name": "k", "scopes": ["cases:read"], "case_ids": [mine]}
    assert Program("other-buyer").post("/keys", body).status == 404
    assert Program("other-merchant").post("/keys", body).status == 404
    owner = Program("arbitrator")
    made = owner.post("/keys", body).body
    (listed,) = [k for k in owner.get("/keys").body["items"] if k["id"] == made["id"]]
    assert listed["case_ids"] == [mine]
    rotated = owner.post(f"/keys/{made['id']}/rotate", {}, key=None)
    assert rotated.status == 200, rotated.body
    caller = caller_of_key(rotated.body["key"])
    assert caller is not None
    assert caller.case_ids == {mine}
    assert other not in caller.case_ids


def invoice(order_id: str, number: str) -> dict[str, object]:
    return {
        "shop_id": SHOP, "order_id": order_id, "number": number, "medium": "digital",
        "amount_fen": 14001, "issued_at": T0.isoformat(),
    }  # fmt: skip


def test_invoices_of_the_named_case_are_there_and_no_others() -> None:
    mine, other = opened(Program("buyer"), 1, claim="refund_only"), opened(Program("buyer"), 2)
    merchant, key = Program("merchant"), Limited("merchant", mine)
    assert merchant.post("/invoices", invoice("o2", "N2"), key=None).status == 200
    wrong = {"shop_id": SHOP, "number": "N2"}
    theirs = merchant.post("/invoices/wrong", wrong).body["task"]["id"]
    before = held()
    for got in (
        key.get("/invoices", shop_id=SHOP, order_id="o2"),
        key.get(f"/invoices/tasks/{theirs}"),
        key.post("/invoices", invoice("o2", "N2"), key=None),
        key.post("/invoices", invoice("o3", "N3"), key=None),
        key.post("/invoices/wrong", wrong),
        key.post(f"/invoices/tasks/{theirs}/actions", {"action": "enter"}),
    ):
        assert (got.status, got.code) == (404, "not_visible")
    assert key.get("/invoices/tasks").body["items"] == []
    assert held() == before

    assert key.post("/invoices", invoice("o1", "N1"), key=None).status == 200
    assert merchant.act(mine, "agree").status == 200
    assert follow_cases().opened == 1
    assert len(key.get("/invoices", shop_id=SHOP, order_id="o1").body["items"]) == 1
    (task,) = key.get("/invoices/tasks").body["items"]
    assert task["case_id"] == mine
    done = key.post(f"/invoices/tasks/{task['id']}/actions", {"action": "enter"})
    assert (done.status, done.body["task"]["code"]) == (200, "02")
    assert Limited("merchant", other).get(f"/invoices/tasks/{task['id']}").status == 404


def test_a_task_that_no_case_opened_goes_with_its_order() -> None:
    mine, other = opened(Program("buyer"), 1), opened(Program("buyer"), 2)
    key = Limited("merchant", mine)
    assert key.post("/invoices", invoice("o1", "N1"), key=None).status == 200
    made = key.post("/invoices/wrong", {"shop_id": SHOP, "number": "N1"})
    assert made.status == 200, made.body
    task = made.body["task"]["id"]
    assert made.body["task"]["case_id"] is None
    assert [t["id"] for t in key.get("/invoices/tasks").body["items"]] == [task]
    elsewhere = Limited("merchant", other)
    assert elsewhere.get("/invoices/tasks").body["items"] == []
    assert elsewhere.get(f"/invoices/tasks/{task}").status == 404
