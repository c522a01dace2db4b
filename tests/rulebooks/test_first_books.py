"""What the house, Kuaishou and Douyin books promise beyond their golden cases."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongdao.core.kernel.time import Span
from gongdao.core.kernel.words import Claim, Reason, Remedy, Role
from gongdao.core.rulebook.evaluate import evaluate
from gongdao.core.rulebook.model import Rulebook
from gongdao.core.rulebook.processes import Process, State
from gongdao.library.shelf import Shelf

SHELF = Shelf()
HOUSE_AFTER_SALE = SHELF.exact("house/after-sale@2020-01-01")
HOUSE_DISPUTE = SHELF.exact("house/dispute@2020-01-01")
KUAISHOU = SHELF.exact("kuaishou/after-sale@2024-01-03")
DOUYIN = SHELF.exact("douyin/dispute@2023-07-29")
BOOKS = (HOUSE_AFTER_SALE, HOUSE_DISPUTE, KUAISHOU, DOUYIN)
PROCESSES = [pytest.param(b, p, id=f"{b.id}:{p.name}") for b in BOOKS for p in b.processes.values()]
SUSPENDED = [
    pytest.param(s, id=f"{b.id}:{p.name}:{s.name}")
    for b in BOOKS
    for p in b.processes.values()
    for s in p.states.values()
    if s.suspended
]
HOURS = 3600
DAYS = 24 * HOURS


@pytest.mark.parametrize("state", SUSPENDED)
def test_a_suspended_state_carries_out_every_remedy_once(state: State) -> None:
    covered = Counter(r for a in state.actions.values() for r in a.remedies)
    assert covered == Counter(Remedy)
    assert state.actions["resume"].by == (Role.RULING,)


@pytest.mark.parametrize(("book", "process"), PROCESSES)
def test_every_state_that_waits_has_a_clock_of_a_set_parameter(
    book: Rulebook, process: Process
) -> None:
    for state in process.states.values():
        if state.final is None and not state.suspended:
            assert state.waits_for, state.name
            assert state.clocks, state.name
        for clock in state.clocks:
            assert clock.parameter in book.parameters, f"{state.name}/{clock.name}"
            assert clock.after is not None, f"{state.name}/{clock.name}"


@pytest.mark.parametrize("book", BOOKS, ids=lambda b: b.id)
def test_a_number_is_marked_house_exactly_when_only_house_clauses_give_it(book: Rulebook) -> None:
    for parameter in book.parameters.values():
        refs = {book.sources[c].ref for c in parameter.cite}
        assert parameter.house == (refs == {"house"}), parameter.name


@pytest.mark.parametrize(
    ("book", "name", "seconds"),
    [
        (KUAISHOU, "unpaid", 24 * HOURS),
        (KUAISHOU, "merchant_reply", 48 * HOURS),
        (KUAISHOU, "merchant_reply_cod", 48 * HOURS),
        (KUAISHOU, "tracking", 7 * DAYS),
        (KUAISHOU, "tracking_cod", 7 * DAYS),
        (KUAISHOU, "receipt", 7 * DAYS),
        (KUAISHOU, "receipt_cod", 7 * DAYS),
        (KUAISHOU, "voucher", 48 * HOURS),
        (DOUYIN, "ordinary_limit", 15 * DAYS),
        (DOUYIN, "three_guarantees_limit", 90 * DAYS),
        (DOUYIN, "late_gate", 48 * HOURS),
        (DOUYIN, "seven_days", 7 * DAYS),
    ],
)
def test_numbers_of_the_sources(book: Rulebook, name: str, seconds: int) -> None:
    assert book.parameters[name].value == Span(seconds=seconds)
    assert not book.parameters[name].house


def test_six_months_are_months_and_unset_times_stay_unset() -> None:
    assert DOUYIN.parameters["long_limit"].value == Span(months=6)
    assert DOUYIN.parameters["handle_return"].value is None
    assert DOUYIN.parameters["handle_refund"].value is None


FINDINGS = (None, "proven", "refuted", "unproven")
ON_FILE = list(product(Claim, Reason, (True, False), (True, False), (True, False)))


@pytest.mark.parametrize("merchant", FINDINGS)
@pytest.mark.parametrize("buyer", FINDINGS)
def test_the_facts_on_file_always_decide(merchant: str | None, buyer: str | None) -> None:
    for claim, reason, shipped, received, free_shipping in ON_FILE:
        facts: dict[str, str | bool] = {
            "claim": claim.value,
            "reason": reason.value,
            "shipped": shipped,
            "received": received,
            "free_shipping": free_shipping,
        }
        if merchant is not None:
            facts["merchant_fault"] = merchant
        if buyer is not None:
            facts["buyer_fault"] = buyer
        answer = evaluate(HOUSE_DISPUTE, "on_file", facts)
        assert answer.status == "decided"
        if not shipped:
            assert answer.outputs["remedy"] == "refund_only"
        if merchant != "proven":
            assert answer.outputs["liable"] in ("none", "buyer", "merchant")


@given(
    goods=st.integers(0, 10_000_000),
    postage=st.integers(0, 100_000),
    asked=st.integers(0, 20_000_000),
)
def test_kuaishou_never_refunds_postage(goods: int, postage: int, asked: int) -> None:
    facts = {
        "payment": "online",
        "paid": goods + postage,
        "postage": postage,
        "claimed": asked,
        "claimed_goods": goods,
    }
    refund = evaluate(KUAISHOU, "refund", facts).outputs["refund"]
    assert refund == min(asked, goods)


@given(price=st.integers(0, 100_000_000))
def test_counterfeits_cost_three_times_the_price_and_at_least_500_yuan(price: int) -> None:
    facts = {
        "reason": "counterfeit",
        "counterfeit": "proven",
        "claimed_goods": price,
        "order_stage": "received",
        "shipped": True,
        "received": True,
    }
    answer = evaluate(DOUYIN, "ruling", facts)
    assert answer.outputs["compensation"] == max(3 * price, 50_000)
    assert answer.outputs["liable"] == "merchant"


#: Row of `evidence` -> who gives it, and whether it suffices. A collect table answers with all of them.
EVIDENCE = {
    "transaction-record": ("platform", "transaction_record", False),
    "chat-record": ("platform", "chat_record", False),
    "visible-photo": ("buyer", "product_photo", True),
    "invisible-appraisal": ("buyer", "appraisal", True),
    "invisible-description": ("buyer", "description", False),
    "quality-packaging": ("buyer", "packaging", False),
    "quality-papers": ("buyer", "invoice_and_papers", False),
    "quality-statement": ("buyer", "problem_statement", False),
    "damage-proof": ("buyer", "damage_proof", True),
    "mismatch-merchant": ("merchant", "merchant_certificate", True),
    "counterfeit-merchant": ("merchant", "merchant_certificate", True),
    "counterfeit-buyer": ("buyer", "appraisal", True),
    "courier-statement": ("buyer", "courier_statement", True),
    "malice": ("merchant", "malice_proof", True),
}


def test_the_evidence_that_is_wanted() -> None:
    seen: set[str] = set()
    reasons = ("quality", "damaged", "not_as_described", "counterfeit")
    for reason, visible, delivery in product(reasons, (True, False), ("proper", "differs")):
        facts = {
            "reason": reason,
            "visible": visible,
            "delivery": delivery,
            "malicious": True,
            "buyer_proof": "none",
        }
        answer = evaluate(DOUYIN, "evidence", facts)
        assert len(answer.hits) == len(answer.collected)
        for hit, given_ in zip(answer.hits, answer.collected, strict=True):
            assert (given_["giver"], given_["item"], given_["suffices"]) == EVIDENCE[hit.row]
            seen.add(hit.row)
    assert seen == set(EVIDENCE)


def test_what_may_be_applied_for_and_whether_directly() -> None:
    def offered(*, shipped: bool, received: bool, reason: str) -> list[tuple[object, object]]:
        facts = {"shipped": shipped, "received": received, "reason": reason}
        answer = evaluate(DOUYIN, "offers", facts)
        return [(o["claim"], o["direct"]) for o in answer.collected]

    assert offered(shipped=False, received=False, reason="not_wanted") == [("refund_only", True)]
    assert offered(shipped=True, received=False, reason="quality") == [("refund_only", False)]
    after_receipt = [("return_refund", False), ("exchange", False)]
    assert offered(shipped=True, received=True, reason="no_reason") == after_receipt
    assert offered(shipped=True, received=True, reason="missing_item") == [
        *after_receipt,
        ("reship", False),
    ]
    assert offered(shipped=True, received=True, reason="quality") == [
        *after_receipt,
        ("repair", False),
    ]


def test_every_channel_of_a_dissatisfied_buyer_must_be_answered() -> None:
    answer = evaluate(DOUYIN, "channels", {"satisfied": False})
    assert [(o["channel"], o["seller_must_answer"]) for o in answer.collected] == [
        ("complaint", True),
        ("review", True),
        ("report", True),
    ]


def test_the_books_begin_on_the_day_of_their_source() -> None:
    begins = {b.ref: b.in_force_from for b in BOOKS}
    assert begins["kuaishou/after-sale@2024-01-03"] == datetime.fromisoformat(
        "2024-01-03T00:00:00+08:00"
    )
    assert begins["douyin/dispute@2023-07-29"] == datetime.fromisoformat(
        "2023-07-29T00:00:00+08:00"
    )
