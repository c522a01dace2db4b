"""The world of the security matrix: a case at some stage, and a thing of each kind to reach for."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import connections
from django.test import Client

from gongdao.app.callers import callers_of, make_key
from gongdao.app.intake_orders import intake
from gongdao.app.permissions import ALL_SCOPES, PERMISSIONS, Caller, Verb
from gongdao.connectors.export_files import export_day
from gongdao.connectors.nightly_export import folder_of
from gongdao.store.models import User
from tests.app.world import DAY, MARKET, T0, an_order
from tests.throwaway import empty
from tests.web.stage import PEOPLE, Answer, Program, opened, set_stage, signed_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from gongdao.store.postgres import Address

ROLES = (
    "buyer", "merchant", "merchant-agent", "arbitrator", "reviewer", "operator", "auditor",
)  # fmt: skip
STRANGERS = ("other-buyer", "other-merchant", "foreign-operator", "foreign-auditor")
#: Stages of a case, in each of which every post tries every verb.
STAGES = (
    "opened", "agreed", "returned", "rejected", "disputed", "reviewing", "ruled", "closed",
)  # fmt: skip
FAST_REFUND = (
    Path(__file__).parents[2] / "rulebooks" / "merchant" / "fast-refund" / "2020-01-01.yaml"
).read_text("utf-8")
ADDRESS = {
    "return_name": "仓库",
    "return_phone": "021-60000000",
    "return_region": "上海",
    "return_address": "一号库",
}
#: Facts that settle a ruling against the merchant.
FOUND = (("merchant_fault", "proven"), ("buyer_fault", "refuted"), ("goods_returnable", False))
UNSHIPPED = {"shipped_at": None, "signed_at": None, "tracking_number": None}
_DISPUTED = ("disputed", "reviewing", "ruled")


class Recording(Program):
    """A program that remembers what it asked for."""

    asked: ClassVar[set[tuple[str, str]]] = set()
    """Method and path, over all programs."""

    def __init__(
        self,
        name: str,
        scopes: frozenset[str] = ALL_SCOPES,
        case_ids: frozenset[str] | None = None,
    ) -> None:
        super().__init__(name, scopes)
        self.name = name
        self.scopes = scopes
        self.case_ids = case_ids
        if case_ids is not None:
            user = User.objects.get(username=name)
            self.key = make_key(callers_of(str(user.pk))[0], "t", scopes, case_ids=case_ids)

    def get(self, path: str, **query: Any) -> Answer:
        self.asked.add(("GET", path))
        return super().get(path, **query)

    def post(
        self, path: str, body: Any, *, key: str | None = "", query: str = "", **headers: str
    ) -> Answer:
        self.asked.add(("POST", path))
        return super().post(path, body, key=key, query=query, **headers)

    def put(self, path: str, body: Any) -> Answer:
        self.asked.add(("PUT", path))
        return super().put(path, body)

    def delete(self, path: str) -> Answer:
        self.asked.add(("DELETE", path))
        return super().delete(path)

    def send_file(self, path: str, content: bytes) -> Answer:
        self.asked.add(("POST", path.partition("?")[0]))
        return super().send_file(path, content)

    def upload(self, path: str, content: bytes, name: str, **fields: str) -> Answer:
        self.asked.add(("POST", path))
        return super().upload(path, content, name, **fields)


class World:
    """A case at `stage`; everything else is made when it is first reached for."""

    exports: ClassVar[Path]
    """Where days are exported to."""

    def __init__(self, address: Address, stage: str = "opened") -> None:
        connections.close_all()
        empty(address)
        set_stage(orders=4)
        unshipped = [an_order(n, **UNSHIPPED) for n in (5, 6)]
        cod = an_order(7, payment="cod", paid_at=None, **UNSHIPPED)
        intake(MARKET, [*unshipped, cod, *(an_order(n) for n in range(10, 150))])
        self.stage = stage
        self._made: dict[tuple[str, str], Any] = {}
        self._unused = iter(range(10, 150))
        self._programs: dict[str, Recording] = {}
        self._clients: dict[str, Client] = {}
        self.case_id = opened(self["buyer"])
        for content in (b"one", b"two"):
            path = f"/cases/{self.case_id}/evidence"
            given = ok(self["buyer"].upload(path, content, "a.txt", kind="chat"))
        self._evidence = [str(item["id"]) for item in given.body["case"]["evidence"]]
        self._bring_to(stage)

    def __getitem__(self, who: str) -> Recording:
        """Return the program of somebody."""
        if who not in self._programs:
            self._programs[who] = Recording(who)
        return self._programs[who]

    def without(self, who: str, scope: str) -> Recording:
        """Return a program of somebody whose key lacks a scope."""
        name = f"{who} without {scope}"
        if name not in self._programs:
            self._programs[name] = Recording(who, ALL_SCOPES - {scope})
        return self._programs[name]

    def browser(self, who: str) -> Client:
        """Return somebody's browser, signed in."""
        if who not in self._clients:
            self._clients[who] = signed_in(who)
        return self._clients[who]

    def _bring_to(self, stage: str) -> None:
        buyer, merchant, arbitrator = self["buyer"], self["merchant"], self["arbitrator"]
        case_id = self.case_id
        if stage in {"agreed", "returned"}:
            ok(merchant.act(case_id, "agree", **ADDRESS))
        if stage == "returned":
            ok(buyer.act(case_id, "ship_return", tracking_number="SF2"))
        if stage in {"rejected", *_DISPUTED}:
            ok(merchant.act(case_id, "reject", reason="无"))
        if stage in _DISPUTED:
            ok(buyer.act(case_id, "escalate"))
        if stage in {"reviewing", "ruled"}:
            ok(arbitrator.act(case_id, "close_evidence"))
        if stage == "ruled":
            for name, value in FOUND:
                body = {"name": name, "value": value}
                ok(arbitrator.post(f"/cases/{case_id}/findings", body))
            ok(arbitrator.act(case_id, "rule"))
        if stage == "closed":
            ok(buyer.act(case_id, "withdraw"))

    # ------------------------------------------------------------------ things to reach for

    def another_case(self, who: str = "") -> str:
        """Another case of the same buyer and shop, for each who asks one of his own."""
        return str(self._once("case", who, lambda: opened(self["buyer"], next(self._unused))))

    def agreed_case(self, who: str = "") -> str:
        """A case whose goods are to come back, for each who asks his own."""
        case_id = self.another_case(f"agreed {who}")
        self._once("agreed", who, lambda: ok(self["merchant"].act(case_id, "agree", **ADDRESS)))
        return case_id

    def returned_case(self, who: str = "") -> str:
        """A case whose goods are on their way back, for each who asks his own."""
        case_id = self.agreed_case(f"returned {who}")
        body = {"tracking_number": "SF9"}
        path = f"/cases/{case_id}/returns"
        self._once("returned", who, lambda: ok(self["buyer"].post(path, body)))
        return case_id

    def pickup_case(self, who: str = "") -> str:
        """A case whose goods a courier is to fetch, for each who asks his own."""
        case_id = self.agreed_case(f"pickup {who}")
        asks = who if who.startswith("merchant") else "buyer"
        path = f"/cases/{case_id}/pickups"
        self._once("pickup", who, lambda: ok(self[asks].post(path, pickup(asks))))
        return case_id

    def evidence_id(self, who: str = "") -> str:
        """A piece of the buyer's evidence; for the agent another than for the owner."""
        return self._evidence[who == "merchant-agent"]

    def orders_for(self, who: str, count: int = 1) -> list[str]:
        """Orders that nobody has claimed on, for each who asks his own."""
        return list(
            self._once(
                f"orders {count}", who, lambda: [f"o{next(self._unused)}" for _ in range(count)]
            )
        )

    def group_for(self, who: str = "") -> str:
        """Two further cases, in dispute and joined, for each who asks his own."""
        return str(self._once("group", who, self._new_group))

    def _new_group(self) -> str:
        cases = [opened(self["buyer"], next(self._unused)) for _ in range(2)]
        for case_id in cases:
            ok(self["merchant"].act(case_id, "reject", reason="无"))
            ok(self["buyer"].act(case_id, "escalate"))
        return self._joined(cases)

    def _joined(self, cases: list[str]) -> str:
        body = {"case_ids": cases, "reason": "同一批次"}
        first = ok(self["operator"].post("/joined-cases", body)).body["items"][0]
        return str(first["case"]["joined"]["group"])

    @property
    def group(self) -> str:
        """Two further cases, in dispute and joined."""
        return self.group_for()

    def joined_case(self, who: str) -> str:
        """A case that is joined with another, for each who asks his own."""
        cases = [self.another_case(f"joined {n} {who}") for n in (1, 2)]
        self._once("joined", who, lambda: self._joined(cases))
        return cases[0]

    @cached_property
    def ruled_group(self) -> str:
        """Joined cases that an arbitrator has ruled together."""
        group, arbitrator = self._new_group(), self["arbitrator"]
        ok(arbitrator.post(f"/joined-cases/{group}/actions", {"action": "close_evidence"}))
        for name, value in FOUND:
            body = {"name": name, "value": value}
            ok(arbitrator.post(f"/joined-cases/{group}/findings", body))
        ok(arbitrator.post(f"/joined-cases/{group}/actions", {"action": "rule"}))
        return group

    @cached_property
    def granted(self) -> str:
        """A case of which a refund is decided and not yet paid."""
        case_id = opened(self["buyer"], next(self._unused), claim="refund_only")
        ok(self["merchant"].act(case_id, "agree"))
        return case_id

    @cached_property
    def strategy(self) -> str:
        """Where a version of a strategy is that has been tried."""
        base = "/shops/shop-1/strategies"
        ok(self["merchant"].post(base, {"text": FAST_REFUND}, key=None))
        ok(self["merchant"].post(f"{base}/fast-refund/1/dry-run", {}, key=None))
        return f"{base}/fast-refund/1"

    @cached_property
    def exception_id(self) -> str:
        """A payment that was reported for another amount."""
        told = {"reference": f"{self.granted}-1", "result": "confirmed", "amount_fen": 1}
        operator = self["operator"]
        ok(operator.post("/payments/reports", {"reports": [told]}, key=None))
        return str(operator.get("/payments/exceptions", open="true").body["items"][0]["id"])

    def endpoint_of(self, who: str) -> str:
        """A webhook endpoint: his own where he may have one, else the operator's."""
        owner = who if who == "merchant" else "operator"
        shop = {"shop_id": "shop-1"} if owner == "merchant" else {}
        body = {"marketplace_id": MARKET, "url": "http://127.0.0.1:9/", **shop}
        made = self._once(
            "endpoint", owner, lambda: ok(self[owner].post("/webhooks", body, key=None))
        )
        return str(made.body["id"])

    def key_of(self, who: str) -> str:
        """The id of a key: his own where he may have one, else the buyer's."""
        may = who in ROLES and PERMISSIONS[Verb.MANAGE_KEYS].covers(PEOPLE[who][0])
        owner = who if may else "buyer"
        body = {"name": "k", "scopes": ["cases:read"]}
        made = self._once("key", owner, lambda: ok(self[owner].post("/keys", body, key=None)))
        return str(made.body["id"])

    def _once(self, what: str, owner: str, make: Callable[[], Any]) -> Any:
        if (what, owner) not in self._made:
            self._made[what, owner] = make()
        return self._made[what, owner]

    @cached_property
    def declaration(self) -> str:
        """A flood that is not over."""
        body = {
            "marketplace_id": MARKET, "province": "北京市", "since": (T0 - DAY).isoformat(),
            "proof": "1 号",
        }  # fmt: skip
        done = ok(self["operator"].post("/force-majeure", body))
        return str(done.body["declaration"]["id"])

    @cached_property
    def offer(self) -> int:
        """An offer of the merchant that waits for the buyer."""
        body = {"remedy": "partial_refund", "refund_fen": 100}
        case = ok(self["merchant"].post(f"/cases/{self.another_case()}/offers", body)).body["case"]
        return int(case["offers"][-1]["number"])

    def invoice_for(self, who: str = "") -> str:
        """The number of an invoice, for each who asks one of his own."""
        order_id = self.orders_for(f"invoice {who}")[0]
        body = invoice(order_id)
        self._once("invoice", who, lambda: ok(self["operator"].post("/invoices", body, key=None)))
        return str(body["number"])

    @property
    def invoiced(self) -> str:
        """An order with an invoice."""
        self.invoice_for()
        return self.orders_for("invoice ")[0]

    def task_for(self, who: str = "") -> str:
        """A task about an invoice, for each who asks one of his own."""
        body = {"shop_id": "shop-1", "number": self.invoice_for(f"task {who}")}
        made = self._once("task", who, lambda: ok(self["merchant"].post("/invoices/wrong", body)))
        return str(made.body["task"]["id"])

    @property
    def invoice_task(self) -> str:
        """A task about an invoice."""
        return self.task_for()

    @cached_property
    def exported_day(self) -> str:
        """A day that was exported."""
        export_day(folder_of(self.exports, MARKET), T0.date(), marketplace_id=MARKET)
        return str(T0.date())

    @cached_property
    def message_id(self) -> str:
        """A message of the case's conversation."""
        ok(self["operator"].post("/messages", told("m-1"), key=None))
        return "m-1"

    def caller(self, program: Recording) -> Caller:
        """Return the program as the use cases know it."""
        user = User.objects.get(username=program.name)
        known = callers_of(str(user.pk))[0]
        return replace(known, scopes=program.scopes, case_ids=program.case_ids)


def told(message_id: str, order_id: str = "o1") -> dict[str, object]:
    """Return a message as the marketplace tells it."""
    message = {
        "shop_id": "shop-1", "message_id": message_id, "session_id": "s-1", "buyer_id": "b1",
        "direction": "buyer", "at": (T0 - DAY).isoformat(), "text": "坏了",
        "order_id": order_id,
    }  # fmt: skip
    return {"marketplace_id": MARKET, "messages": [message]}


def pickup(who: str) -> dict[str, object]:
    """Return when and where a courier is to come, at whose cost."""
    payer = {"merchant": "merchant", "merchant-agent": "merchant", "operator": "platform"}
    return {
        "slot_from": (T0 + DAY).isoformat(), "slot_until": (T0 + 2 * DAY).isoformat(),
        "pickup_address": "一号楼", "contact_name": "张三", "contact_phone": "13800000000",
        "paid_by": payer.get(who, "buyer"),
    }  # fmt: skip


def invoice(order_id: str) -> dict[str, object]:
    """Return an invoice as it is told."""
    return {
        "shop_id": "shop-1", "order_id": order_id, "number": f"24317-{order_id}",
        "medium": "digital", "amount_fen": 100, "issued_at": (T0 - DAY).isoformat(),
    }  # fmt: skip


def ok(answer: Answer) -> Answer:
    """Return the answer, which must be a good one."""
    assert 200 <= answer.status < 300, (answer.status, answer.body)
    return answer
