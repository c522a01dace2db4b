"""Rows of the matrix for what happens in cases."""

from __future__ import annotations

from gongdao.app.permissions import Verb
from tests.app.world import SHOP
from tests.security.matrix_asks import Ask, Row, case, got, posted
from tests.security.matrix_world import ADDRESS, STAGES, Recording, World, pickup
from tests.web.stage import Answer


def act_as_offered(p: Recording, w: World) -> Answer:
    """Do the first thing that the case offers; to whom it offers nothing, what arbitrators do."""
    page = p.get(f"/cases/{w.case_id}")
    offered = page.body["allowed"] if page.status == 200 else []
    given = {"tracking_number": "SF2", "part": "score", "ground": "新证据", **ADDRESS}
    given |= {"authority": "court", "kind": "malicious_complaint"}
    for action in sorted(offered, key=lambda a: bool(a["begins"])):
        if action["open"]:
            payload = {name: given.get(name, "x") for name in action["needs"]}
            body = {"action": action["name"], "track": action["track"], "payload": payload}
            return p.post(f"/cases/{w.case_id}/actions", body)
    return p.act(w.case_id, "hand_over")


#: The operator cancels there when the buyer has asked, by an action of the case.
NOT_ON_KUAISHOU = frozenset({"operator"})


def _cancel(p: Recording, _w: World) -> Answer:
    order = {"merchant": "o7", "merchant-agent": "o7", "operator": "o6"}.get(p.name, "o5")
    return p.post(f"/orders/{SHOP}/{order}/cancellation", {})


CASE_ROWS: dict[Verb, Row] = {
    Verb.OPEN_CASE: Row(
        (
            Ask(
                lambda p, w: p.post(
                    "/cases",
                    {
                        "shop_id": SHOP,
                        "order_id": w.orders_for(p.name)[0],
                        "claim": "return_refund",
                        "reason": "quality",
                    },
                )
            ),
            Ask(
                lambda p, w: p.post(
                    "/joined-cases/openings",
                    {
                        "shop_id": SHOP,
                        "requests": [
                            {"order_id": n, "claim": "refund_only", "reason": "quality"}
                            for n in w.orders_for(p.name, 2)
                        ],
                    },
                )
            ),
        ),
        door=lambda b, _w: b.post(
            f"/orders/{SHOP}/o4/open/",
            {"claim": "refund_only", "reason": "quality", "key": "d-open", "confirm": "yes"},
        ),
    ),
    Verb.CANCEL_ORDER: Row((Ask(_cancel, but=NOT_ON_KUAISHOU),)),
    Verb.SEE_CASES: Row(
        (
            Ask(got(case(""))),
            Ask(got(case("/timeline"))),
            Ask(got(case("/evidence-checklist"))),
            Ask(got(case("/rulings/1/statement")), stages=("ruled",)),
            Ask(got(lambda _w: "/cases"), "empty"),
            Ask(lambda p, w: p.get(f"/joined-cases/{w.group}")),
            Ask(lambda p, w: p.get(f"/joined-cases/{w.ruled_group}/statement")),
        ),
        changes=False,
        door=lambda b, w: b.get(f"/cases/{w.case_id}/"),
    ),
    Verb.ACT: Row(
        (
            Ask(act_as_offered, stages=STAGES),
            Ask(
                lambda p, w: p.post(
                    f"/joined-cases/{w.group_for(p.name)}/actions", {"action": "close_evidence"}
                ),
                but=frozenset({"buyer", "merchant", "merchant-agent", "operator"}),
            ),
            Ask(
                lambda p, w: p.post(
                    f"/joined-cases/{w.group}/actions/preview", {"action": "close_evidence"}
                )
            ),
        ),
        of_a_case=True,
        door=lambda b, w: b.post(
            f"/cases/{w.case_id}/act/",
            {
                "action": "withdraw",
                "track": "after_sale",
                "key": "d-act",
                "confirm": "yes",
                "reason": "x",
            },
        ),
    ),
    Verb.NEGOTIATE: Row(
        (
            Ask(posted(case("/offers"), {"remedy": "partial_refund", "refund_fen": 100})),
            Ask(
                lambda p, w: p.post(
                    f"/cases/{w.another_case()}/offers/{w.offer}/answer",
                    {"answer": "decline" if p.name == "buyer" else "withdraw"},
                ),
                but=frozenset({"merchant", "merchant-agent"}),
            ),
        ),
        of_a_case=True,
    ),
    Verb.INSPECT_RETURN: Row(
        (Ask(posted(case("/inspection"), {"condition": "intact"}), stages=("returned",)),),
        of_a_case=True,
    ),
    Verb.REPORT_LOST: Row(
        (Ask(posted(case("/loss"), {"proof": "丢件证明"}), stages=("returned",)),),
        of_a_case=True,
    ),
    Verb.SEND_RETURN: Row(
        (Ask(posted(case("/returns"), {"tracking_number": "SF9"}), stages=("agreed",)),),
        of_a_case=True,
    ),
    Verb.RECEIVE_RETURN: Row(
        (Ask(lambda p, w: p.post(f"/cases/{w.returned_case(p.name)}/returns/1/receipt", {})),)
    ),
    Verb.GIVE_RETURN_ADDRESS: Row(
        (
            Ask(lambda p, w: p.post(f"/cases/{w.agreed_case(p.name)}/return-address", ADDRESS)),
            Ask(lambda p, _w: p.get(f"/shops/{SHOP}/return-address")),
        )
    ),
    Verb.SET_RETURN_ADDRESS: Row(
        (Ask(lambda p, _w: p.put(f"/shops/{SHOP}/return-address", ADDRESS)),)
    ),
    Verb.REQUEST_PICKUP: Row(
        (Ask(lambda p, w: p.post(f"/cases/{w.agreed_case(p.name)}/pickups", pickup(p.name))),)
    ),
    Verb.REPORT_PICKUP: Row(
        (
            Ask(
                lambda p, w: p.post(
                    f"/cases/{w.pickup_case(p.name)}/pickups/1/report", {"state": "cancelled"}
                )
            ),
        )
    ),
    Verb.SUBMIT_EVIDENCE: Row(
        (
            Ask(
                lambda p, w: p.upload(f"/cases/{w.case_id}/evidence", b"chat", "b.txt", kind="chat")
            ),
            Ask(
                lambda p, w: p.post(
                    f"/cases/{w.case_id}/evidence/messages", {"message_ids": [w.message_id]}
                )
            ),
        ),
        of_a_case=True,
    ),
    Verb.CHALLENGE_EVIDENCE: Row(
        (
            Ask(
                lambda p, w: p.post(
                    f"/cases/{w.case_id}/evidence/{w.evidence_id(p.name)}/challenges",
                    {"reason": "假"},
                ),
                but=frozenset({"buyer"}),  # it is his own
            ),
        ),
        of_a_case=True,
    ),
    Verb.SEE_EVIDENCE: Row(
        (
            Ask(lambda p, w: p.get(f"/cases/{w.case_id}/evidence/{w.evidence_id(p.name)}/link")),
            Ask(lambda p, w: p.get(f"/cases/{w.case_id}/evidence/{w.evidence_id(p.name)}/content")),
        ),
        changes=False,
        door=lambda b, w: b.get(f"/cases/{w.case_id}/evidence/{w.evidence_id()}/"),
    ),
    Verb.SEE_MATCHES: Row((Ask(got(case("/evidence-matches"))),), changes=False),
    Verb.TAKE_CASE: Row(
        (
            Ask(lambda p, w: p.put(f"/assignments/{w.case_id}", {}), stages=("disputed",)),
            Ask(lambda p, w: p.delete(f"/assignments/{w.case_id}"), stages=("disputed",)),
            Ask(lambda p, _w: p.put("/assignments/next", {}), "his own", stages=("disputed",)),
            Ask(got(lambda _w: "/assignments"), "empty"),
        )
    ),
    Verb.RECORD_FINDING: Row(
        (
            Ask(
                posted(case("/findings"), {"name": "merchant_fault", "value": "proven"}),
                stages=("disputed",),
            ),
            Ask(
                lambda p, w: p.post(
                    f"/joined-cases/{w.group}/findings",
                    {"name": "merchant_fault", "value": "proven"},
                ),
            ),
        ),
        of_a_case=True,
    ),
    Verb.JOIN_CASES: Row(
        (
            Ask(
                lambda p, w: p.post(
                    "/joined-cases",
                    {
                        "case_ids": [w.another_case(p.name), w.another_case(f"{p.name} 2")],
                        "reason": "同一批次",
                    },
                )
            ),
            Ask(
                lambda p, w: p.post(
                    "/joined-cases/separations",
                    {"case_id": w.joined_case(p.name), "reason": "案情不同"},
                )
            ),
        ),
    ),
}
