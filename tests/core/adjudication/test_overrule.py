"""An overrule is whole or refused; a part of one is never passed over."""

from __future__ import annotations

import pytest

from gongdao.core.adjudication.ruling import overrule_from
from gongdao.core.kernel.findings import BadInput

WHOLE = {
    "remedy": "partial_refund",
    "liable": "merchant",
    "refund_fen": 500,
    "overrule_reason": "部分破损",
    "penalty": "late_shipping",
}


def test_a_whole_one_is_read() -> None:
    read = overrule_from(WHOLE, 500)
    assert read is not None
    assert (read.refund_fen, read.penalties, read.reason) == (500, ("late_shipping",), "部分破损")


@pytest.mark.parametrize("payload", [{}, {"note": "x"}, {"penalty": "", "refund_fen": ""}])
def test_nothing_of_it_is_no_overrule(payload: dict[str, str]) -> None:
    assert overrule_from(payload, 500) is None


@pytest.mark.parametrize("part", [n for n in WHOLE if n != "remedy"])
def test_a_part_without_the_remedy_is_refused(part: str) -> None:
    with pytest.raises(BadInput) as refusal:
        overrule_from({part: WHOLE[part]}, 500)
    (finding,) = refusal.value.findings
    assert (finding.code, finding.field) == ("ruling.bad_overrule", "payload.remedy")
    assert part in finding.message.zh
    assert part in finding.message.en


@pytest.mark.parametrize(
    ("change", "field"),
    [({"overrule_reason": " "}, "overrule_reason"), ({"refund_fen": 501}, "refund_fen"),
     ({"liable": "nobody"}, "liable"), ({"refund_fen": -1}, "refund_fen"),
     ({"compensation_fen": "5"}, "compensation_fen"), ({"score_effect": "yes"}, "score_effect")],
)  # fmt: skip
def test_a_faulty_one_names_its_field(change: dict[str, object], field: str) -> None:
    with pytest.raises(BadInput) as refusal:
        overrule_from({**WHOLE, **change}, 500)  # type: ignore[arg-type]
    assert refusal.value.findings[0].field == f"payload.{field}"
