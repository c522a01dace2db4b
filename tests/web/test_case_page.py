"""The case page: offers, evidence wanted and challenged, parcels, cases taken, statements."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.app.world import SHOP, T0, one
from tests.web.stage import Program, move_clock, opened, signed_in
from tests.web.test_pages import hidden, text

pytestmark = pytest.mark.usefixtures("stage")
ZH = {"HTTP_ACCEPT_LANGUAGE": "zh-CN"}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c636060"
    "6060000000050001a5f645400000000049454e44ae426082"
)


def form_of(content: str, action: str) -> dict[str, str]:
    """Return the hidden fields of the form that is sent to `action`."""
    found = re.search(
        rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', content, re.DOTALL
    )
    assert found, action
    return {
        name: hidden(found[1], name)
        for name in ("version", "key", "answer")
        if f'name="{name}"' in found[1]
    }


def send(client: Client, path: str, **fields: Any) -> Any:
    return client.post(path, {k: v for k, v in fields.items() if v is not None})


def test_an_offer_is_made_countered_and_accepted_on_the_page() -> None:
    case_id = opened(Program("buyer"))
    merchant, buyer = signed_in("merchant", **ZH), signed_in("buyer", **ZH)
    here = f"/cases/{case_id}/"
    page = merchant.get(here).content.decode()
    offer = form_of(page, f"{here}offers/") | {"remedy": "partial_refund", "refund_fen": "30"}
    seen = send(merchant, f"{here}offers/", **offer)
    assert "第 1 号协商方案：部分退款，退 30.00 元" in text(seen)
    assert one("SELECT count(*) FROM event WHERE kind = 'offered'") == 0
    send(merchant, f"{here}offers/", **offer, confirm="yes")
    assert one("SELECT count(*) FROM event WHERE kind = 'offered'") == 1
    assert "撤回方案" in text(merchant.get(here))

    page = buyer.get(here)
    assert "商家的第 1 号方案" in text(page)
    assert "如接受，买家随即得到 ¥30.00。" in text(page)
    assert "接受方案" in text(page)
    assert 'data-due="' in page.content.decode()
    counter = form_of(page.content.decode(), f"{here}offers/")
    send(
        buyer,
        f"{here}offers/",
        **counter,
        remedy="partial_refund",
        refund_fen="50",
        note="裂纹较大",
        confirm="yes",
    )
    page = merchant.get(here)
    assert "已被新方案取代" in text(page)
    assert "裂纹较大" in text(page)
    accept = form_of(page.content.decode(), f"{here}offers/2/")
    assert accept["answer"] == "accept"
    would = send(merchant, f"{here}offers/2/", **accept)
    assert "达成协议：部分退款，退 50.00 元" in text(would)
    assert "¥50.00" in text(would)
    done = send(merchant, f"{here}offers/2/", **accept, confirm="yes")
    assert done.status_code == 302
    assert one("SELECT sum(amount_fen) FROM payment") == 5000
    again = send(merchant, f"{here}offers/2/", **accept, confirm="yes")
    assert again.status_code == 302, "the same form sent twice is done once"
    assert one("SELECT sum(amount_fen) FROM payment") == 5000


def test_an_offer_beyond_what_is_left_is_refused_in_words() -> None:
    case_id = opened(Program("buyer"))
    merchant = signed_in("merchant", **ZH)
    given = {"remedy": "partial_refund", "refund_fen": "9999", "key": "k", "confirm": "yes"}
    got = merchant.post(f"/cases/{case_id}/offers/", given)
    assert got.status_code == 422
    assert "不超过可退的 140.01 元" in text(got)
    assert merchant.post(f"/cases/{case_id}/offers/", {"remedy": "gold"}).status_code == 422
    arbitrator = signed_in("arbitrator")
    assert arbitrator.post(f"/cases/{case_id}/offers/", given).status_code == 403
    assert 'id="negotiation"' not in arbitrator.get(f"/cases/{case_id}/").content.decode()


def test_evidence_wanted_is_listed_by_party_and_challenged_in_time() -> None:
    buyer, merchant = Program("buyer"), Program("merchant")
    case_id = opened(buyer)
    merchant.act(case_id, "reject", reason="无")
    buyer.act(case_id, "escalate")
    here = f"/cases/{case_id}/"
    seen = text(signed_in("merchant", **ZH).get(here))
    assert "买家应交 缺 1 项" in seen
    assert "照片 未提交 HEAR-1" in seen
    buyer.upload(f"/cases/{case_id}/evidence", PNG, "裂纹.png", kind="photo")
    page = signed_in("merchant", **ZH).get(here)
    assert "买家应交 缺" not in text(page)
    piece = str(one("SELECT evidence_id FROM evidence_use"))
    challenge = form_of(page.content.decode(), f"{here}evidence/{piece}/challenge/")
    assert 'name="reason"' not in signed_in("buyer").get(here).content.decode().split("piece-")[1]
    client = signed_in("merchant", **ZH)
    empty = client.post(f"{here}evidence/{piece}/challenge/", challenge | {"reason": " "})
    assert "质证须写明理由" in text(empty)
    send(client, f"{here}evidence/{piece}/challenge/", **challenge, reason="不是本店商品")
    after = client.get(here)
    assert "已被质证" in text(after)
    assert "不是本店商品" in text(after)
    assert "/challenge/" not in after.content.decode(), "a side challenges a piece once"


def test_the_time_to_challenge_runs_out_on_the_page_as_well() -> None:
    buyer = Program("buyer")
    case_id = opened(buyer)
    buyer.upload(f"/cases/{case_id}/evidence", PNG, "a.png", kind="photo")
    client = signed_in("merchant", **ZH)
    assert "/challenge/" in client.get(f"/cases/{case_id}/").content.decode()
    move_clock(T0 + timedelta(hours=25))
    assert "/challenge/" not in client.get(f"/cases/{case_id}/").content.decode()


def test_pictures_stand_on_the_page_by_signed_links_for_their_reader_alone() -> None:
    buyer = Program("buyer")
    case_id = opened(buyer)
    buyer.upload(f"/cases/{case_id}/evidence", PNG, "a.png", kind="photo")
    client = signed_in("merchant")
    page = client.get(f"/cases/{case_id}/").content.decode()
    (source,) = re.findall(r'<img src="([^"]+)"', page)
    assert source.startswith("/e/")
    shown = Client(SERVER_NAME="localhost").get(source)
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/png")
    assert shown["Cache-Control"] == "private, no-store"
    piece = str(one("SELECT evidence_id FROM evidence_use"))
    led = client.get(f"/cases/{case_id}/evidence/{piece}/")
    assert led.status_code == 302
    assert led["Location"].startswith("/e/")
    stranger = signed_in("other-buyer").get(f"/cases/{case_id}/evidence/{piece}/")
    assert stranger.status_code == 404


def test_words_that_a_rulebook_lists_are_chosen_from_and_said_in_the_timeline() -> None:
    buyer, merchant = Program("buyer"), Program("merchant")
    case_id = opened(buyer)
    merchant.act(case_id, "reject", reason="无")
    buyer.act(case_id, "escalate")
    here = f"/cases/{case_id}/"
    client = signed_in("buyer", **ZH)
    page = client.get(here).content.decode()
    assert '<option value="court">法院</option>' in page
    form = {"action": "report_authority", "track": "suspension", "key": "s", "confirm": "yes"}
    client.post(f"{here}act/", form | {"authority": "court", "note": "已立案"})
    assert "法院" in text(client.get(here)).split("时间线")[1]


def test_a_slip_of_the_ruling_is_corrected_with_amounts_on_the_page() -> None:
    buyer, merchant, arbitrator = Program("buyer"), Program("merchant"), Program("arbitrator")
    case_id = opened(buyer)
    _ruled(case_id, buyer, merchant, arbitrator)
    here = f"/cases/{case_id}/"
    asked = buyer.act(case_id, "request_correction", ground="arithmetic", note="算错了")
    assert asked.status == 200, asked.body
    client = signed_in("arbitrator", **ZH)
    page = client.get(here).content.decode()
    assert 'id="correction-correct-refund_fen"' in page
    form = {"action": "correct", "track": "correction", "key": "c", "note": "更正"}
    client.post(f"{here}act/", form | {"refund_fen": "100", "confirm": "yes"})
    assert Program("buyer").get(f"/cases/{case_id}").body["case"]["rulings"][-1]["refund_fen"] == (
        10000
    )


def _ruled(case_id: str, buyer: Program, merchant: Program, arbitrator: Program) -> None:
    merchant.act(case_id, "reject", reason="无")
    buyer.act(case_id, "escalate")
    arbitrator.act(case_id, "close_evidence")
    facts = (("merchant_fault", "proven"), ("buyer_fault", "refuted"), ("goods_returnable", False))
    for name, value in facts:
        found = arbitrator.post(f"/cases/{case_id}/findings", {"name": name, "value": value})
        assert found.status == 200, found.body
    ruled = arbitrator.act(case_id, "rule")
    assert ruled.status == 200, ruled.body


def test_the_statement_of_reasons_is_linked_and_told_to_each_side() -> None:
    buyer, merchant, arbitrator = Program("buyer"), Program("merchant"), Program("arbitrator")
    case_id = opened(buyer)
    _ruled(case_id, buyer, merchant, arbitrator)
    place = f"/cases/{case_id}/rulings/1/"
    assert f'href="{place}"' in signed_in("buyer").get(f"/cases/{case_id}/").content.decode()
    client = signed_in("arbitrator")
    page = client.get(f"/cases/{case_id}/").content.decode()
    assert f"{place}?audience=buyer" in page
    assert f"{place}?audience=merchant" in page
    to_buyer, to_merchant = (
        text(client.get(f"{place}?audience={side}")) for side in ("buyer", "merchant")
    )
    assert to_buyer != to_merchant
    assert "送达 for ：买家 buyer" in to_buyer
    assert to_buyer == text(signed_in("buyer").get(place))
    assert signed_in("buyer").get(f"{place}?audience=merchant").status_code == 404


def test_a_case_is_taken_given_back_and_the_next_one_found() -> None:
    buyer, merchant = Program("buyer"), Program("merchant")
    case_id = opened(buyer)
    client = signed_in("arbitrator", **ZH)
    assert client.post("/queue/next/", follow=True).redirect_chain[-1][0] == "/queue/"
    merchant.act(case_id, "reject", reason="无")
    buyer.act(case_id, "escalate")
    here = f"/cases/{case_id}/"
    assert "领取下一案" in text(client.get("/queue/"))
    assert "该案尚无人领取" in text(client.get(here))
    Program("arbitrator").act(case_id, "close_evidence")
    assert client.post("/queue/next/")["Location"] == here
    assert "您已领取本案" in text(client.get(here))
    client.post(f"{here}take/", {"release": "yes"})
    assert "该案尚无人领取" in text(client.get(here))
    assert signed_in("merchant").post(f"{here}take/").status_code == 403


def test_what_came_back_is_inspected_and_a_loss_reported_on_the_page() -> None:
    buyer, merchant = Program("buyer"), Program("merchant")
    case_id = opened(buyer)
    here = f"/cases/{case_id}/"
    client = signed_in("merchant", **ZH)
    assert f"{here}inspection/" not in client.get(here).content.decode()
    assert merchant.act(case_id, "agree").status == 200
    assert buyer.act(case_id, "ship_return", tracking_number="SF2").status == 200
    operator = signed_in("operator", **ZH)
    assert f"{here}loss/" in operator.get(here).content.decode()
    form = form_of(client.get(here).content.decode(), f"{here}inspection/")
    client.post(f"{here}inspection/", form | {"condition": "damaged", "note": "杯口缺角"})
    assert "商家验货：破损" in text(client.get(here))
    bad = client.post(f"{here}inspection/", form | {"condition": "eaten"})
    assert bad.status_code == 422
    lost = form_of(operator.get(here).content.decode(), f"{here}loss/")
    operator.post(f"{here}loss/", lost | {"proof": "SF-丢件-1"})
    assert "包裹丢失" in text(operator.get(here))


WHERE_TO = {
    "return_name": "王仓",
    "return_phone": "021-5555 0000",
    "return_region": "上海市",
    "return_address": "仓库路 1 号",
}


def test_the_shop_s_own_return_address_is_given_and_read_by_the_buyer() -> None:
    owner = signed_in("merchant", **ZH)
    assert "仓库路 1 号" not in text(owner.get("/money/"))
    owner.post("/money/address/", {"shop": SHOP, **WHERE_TO})
    assert "仓库路 1 号" in text(owner.get("/money/"))
    agent = signed_in("merchant-agent")
    assert agent.post("/money/address/", {"shop": SHOP, **WHERE_TO}).status_code == 403
    case_id = opened(Program("buyer"))
    assert Program("merchant").act(case_id, "agree").status == 200
    assert "仓库路 1 号" in text(signed_in("buyer", **ZH).get(f"/cases/{case_id}/"))


def test_a_courier_is_asked_to_come_and_his_coming_told() -> None:
    case_id = opened(Program("buyer"))
    assert Program("merchant").act(case_id, "agree", **WHERE_TO).status == 200
    here = f"/cases/{case_id}/"
    buyer, operator = signed_in("buyer", **ZH), signed_in("operator", **ZH)
    form = form_of(buyer.get(here).content.decode(), f"{here}pickups/")
    slot = {"slot_from": "2024-03-02T09:00", "slot_until": "2024-03-02T11:00"}
    who = {"contact_name": "林晓雨", "contact_phone": "13812345678", "paid_by": "buyer"}
    buyer.post(f"{here}pickups/", form | slot | who | {"pickup_address": "人民路 1 号"})
    assert "上门取件 1" in text(buyer.get(here))
    told = form_of(operator.get(here).content.decode(), f"{here}pickups/1/")
    collected = {"state": "collected", "tracking_number": "SF9", "freight_fen": "12"}
    operator.post(f"{here}pickups/1/", told | collected)
    after = text(buyer.get(here))
    assert "已取件" in after
    assert "退货包裹 1" in after
    assert "SF9" in after


def test_several_return_parcels_are_sent_received_and_inspected_one_by_one() -> None:
    buyer, merchant = Program("buyer"), Program("merchant")
    case_id = opened(buyer)
    merchant.act(case_id, "agree", **WHERE_TO)
    here = f"/cases/{case_id}/"
    of_buyer, of_merchant = signed_in("buyer", **ZH), signed_in("merchant", **ZH)
    assert buyer.act(case_id, "ship_return", tracking_number="SF1").status == 200
    form = form_of(of_buyer.get(here).content.decode(), f"{here}returns/")
    sent = of_buyer.post(f"{here}returns/", form | {"tracking_number": "SF2", "line.1": "1"})
    assert sent.status_code == 302, text(sent)
    page = of_merchant.get(here)
    assert "退货包裹 2" in text(page)
    arrived = form_of(page.content.decode(), f"{here}returns/2/")
    of_merchant.post(f"{here}returns/2/", arrived)
    assert f'action="{here}returns/2/"' not in of_merchant.get(here).content.decode()
    form = form_of(of_merchant.get(here).content.decode(), f"{here}inspection/")
    unsaid = of_merchant.post(f"{here}inspection/", form | {"condition": "intact"})
    assert unsaid.status_code == 422
    done = of_merchant.post(f"{here}inspection/", form | {"condition": "intact", "parcel": "2"})
    assert done.status_code == 302, text(done)
    assert "验货 ： 完好" in text(of_merchant.get(here)).replace("验货：", "验货 ：")
