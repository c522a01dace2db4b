"""A marketplace to walk through: everything is told, asked and done over the HTTP API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gongdao.store.models import Membership, User
from tests.app.world import MARKET, SHOP
from tests.web.stage import Answer, Program, set_stage

#: The languages in which each walk is walked.
LANGUAGES = ("zh-CN", "en")


class Walk:
    """A sandbox of one platform, its people with their keys, and a clock that we set."""

    def __init__(self, platform: str, lang: str, now: str) -> None:
        set_stage(platform=platform, orders=1)  # an order makes the shop known
        self.platform = platform
        self.lang = lang
        other = User.objects.create(username="second-reviewer")
        Membership.objects.create(user=other, role="reviewer", marketplace_id=MARKET)
        names = (
            "second-reviewer",
            "buyer",
            "merchant",
            "arbitrator",
            "reviewer",
            "operator",
            "other-buyer",
        )
        self.people = {name: Program(name, lang=lang) for name in names}
        self.case_id = ""
        self._before = self._standing(now[:10])
        self._done("put", f"/sandbox/{MARKET}/payer", {"pays_itself": False})
        self.at(now)

    def __getitem__(self, name: str) -> Program:
        return self.people[name]

    def said(self, zh: str, en: str) -> str:
        """Return what is to be read in the language of this walk."""
        return zh if self.lang == "zh-CN" else en

    # -- the clock ---------------------------------------------------------------------------

    def at(self, now: str) -> None:
        """Make it `now` (Beijing time where no offset is given); what falls due happens."""
        instant = now if "+" in now else f"{now}+08:00"
        self._done("put", f"/sandbox/{MARKET}/clock", {"now": instant})

    def time_runs_out(self) -> None:
        """Let the case's next deadline pass, and fire."""
        path = f"/sandbox/{MARKET}/next-deadline"
        passed = self["operator"].post(path, {}, query=f"?case_id={self.case_id}")
        assert passed.status == 200, passed.body
        assert passed.body["fired"] >= 1

    # -- the record --------------------------------------------------------------------------

    def order(self, **told: Any) -> None:
        """Tell an order; given again with more, it has moved on."""
        full = {
            "order_id": "A-1",
            "shop_id": SHOP,
            "buyer_id": "b1",
            "platform": self.platform,
            "payment": "online",
            **told,
        }
        for name in [n for n in full if n.endswith("_at") and "+" not in full[n]]:
            full[name] += "+08:00"
        got = self._done("post", "/orders", {"marketplace_id": MARKET, "orders": [full]})
        assert got["refused"] == []

    # -- the case ----------------------------------------------------------------------------

    def open(self, claim: str, reason: str, **more: Any) -> dict[str, Any]:
        """Let the buyer ask for after-sales service."""
        body = {"shop_id": SHOP, "order_id": "A-1", "claim": claim, "reason": reason, **more}
        answer = self["buyer"].post("/cases", body)
        assert answer.status == 200, answer.body
        self.case_id = answer.body["case"]["id"]
        return answer.body["case"]

    def act(self, name: str, action: str, **payload: Any) -> dict[str, Any]:
        """Let `name` do an action that the case offers."""
        answer = self[name].act(self.case_id, action, **payload)
        assert answer.status == 200, answer.body
        return answer.body["case"]

    def refused(self, name: str, action: str, **payload: Any) -> Answer:
        """Let `name` try an action that is refused."""
        answer = self[name].act(self.case_id, action, **payload)
        assert answer.status >= 400, answer.body
        return answer

    def evidence(self, name: str, kind: str, content: str) -> str:
        """Let `name` hand in evidence; return its id."""
        path = f"/cases/{self.case_id}/evidence"
        answer = self[name].upload(path, content.encode(), f"{kind}.txt", kind=kind)
        assert answer.status == 200, answer.body
        return str(answer.body["case"]["evidence"][-1]["id"])

    def finding(self, name: str, fact: str, value: Any, *evidence: str) -> None:
        """Let `name`, who decides the case, record a fact as established."""
        body = {"name": fact, "value": value, "evidence": list(evidence), "note": "经核对"}
        answer = self[name].post(f"/cases/{self.case_id}/findings", body)
        assert answer.status == 200, answer.body

    def case(self, name: str = "operator") -> dict[str, Any]:
        """Return the case as `name` sees it."""
        return self[name].get(f"/cases/{self.case_id}").body["case"]

    def offered(self, name: str) -> set[str]:
        """Return the actions that the case offers `name` now."""
        allowed = self[name].get(f"/cases/{self.case_id}").body["allowed"]
        return {action["name"] for action in allowed}

    def statement(self, name: str, number: int = 1) -> dict[str, list[str]]:
        """Return the statement of reasons of a ruling for `name`, in the language of the walk."""
        path = f"/cases/{self.case_id}/rulings/{number}/statement"
        told = self[name].get(path)
        assert told.status == 200, told.body
        lang = self.said("zh", "en")
        return {s["title"][lang]: [x[lang] for x in s["lines"]] for s in told.body["sections"]}

    def events(self) -> list[dict[str, Any]]:
        """Return what the case's events hold, in their order, each with its kind."""
        found = self["operator"].get(f"/cases/{self.case_id}/timeline")
        assert found.status == 200, found.body
        return [{"kind": entry["kind"], **entry["body"]} for entry in found.body["items"]]

    def kinds(self) -> list[str]:
        """Return the kinds of the case's events, in their order."""
        return [event["kind"] for event in self.events()]

    # -- the money ---------------------------------------------------------------------------

    def pay_all(self) -> int:
        """Confirm every payment that is due, each twice; return what the buyer was paid, fen."""
        due = self["operator"].get("/payments", state="granted").body["items"]
        reports = [
            {
                "reference": p["reference"],
                "result": "confirmed",
                "amount_fen": p["amount_fen"],
                "external_ref": f"PAY-{i}",
            }
            for i, p in enumerate(due)
        ]
        for _ in range(2):
            told = self._done("post", "/payments/reports", {"reports": reports})
            assert [r["settled"] for r in told["items"]] == ["taken"] * len(reports)
        return sum(p["amount_fen"] for p in due)

    def balances(self, day: str) -> dict[str, int]:
        """Return how the shop's accounts closed on `day` over what they were at first, in fen.

        Zeros are left out; the sum of what is left is zero, as that of every ledger.
        """
        closed = self._standing(day)
        moved = {name: closed.get(name, 0) - self._before.get(name, 0) for name in closed}
        assert sum(moved.values()) == 0
        return {name: fen for name, fen in moved.items() if fen}

    def _standing(self, day: str) -> dict[str, int]:
        told = self["operator"].get(f"/statements/{SHOP}/{day}")
        assert told.status == 200, told.body
        return {a["account"]: a["closing_fen"] for a in told.body["accounts"]}

    def _done(self, verb: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = getattr(self["operator"], verb)(path, body)
        assert answer.status == 200, answer.body
        return answer.body


def instant(text: str) -> datetime:
    """Return an instant that the API wrote."""
    return datetime.fromisoformat(text)
