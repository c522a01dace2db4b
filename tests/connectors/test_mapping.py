from __future__ import annotations

from pathlib import Path

import pytest

from gongdao.connectors.mapping import SHIPPED, find_mapping, read_mapping
from gongdao.core.kernel.findings import BadInput

GOOD = """\
mapping: shop
title: {zh: 订单, en: orders}
platform: douyin
time_zone: Asia/Shanghai
fields:
  order_id: {column: 单号}
  shop_id: {constant: s1}
  buyer_id: {column: 买家}
  payment: {column: 支付, words: {在线: online, 货到付款: cod}}
  placed_at: {column: 下单}
  line_paid: {column: 金额, unit: yuan}
"""


def _codes(tmp_path: Path, text: str) -> dict[str, str | None]:
    path = tmp_path / "map.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_mapping(path)
    return {f.code: f.field for f in refused.value.findings}


def test_a_good_mapping_is_read(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_text(GOOD, encoding="utf-8")
    mapping = read_mapping(path)
    assert mapping.columns() == {"单号", "买家", "支付", "下单", "金额"}
    assert mapping.fields["payment"].words == {"在线": "online", "货到付款": "cod"}


@pytest.mark.parametrize(
    ("change", "to", "code", "field"),
    [
        ("  order_id: {column: 单号}\n", "", "mapping.missing_field", "fields"),
        ("order_id: {", "order_nr: {", "mapping.unknown_field", "fields.order_nr"),
        (", unit: yuan", "", "mapping.no_unit", "fields.line_paid"),
        (", unit: yuan", ", unit: jiao", "mapping.bad_form", "fields.line_paid.unit"),
        ("{constant: s1}", "{constant: s1, column: 店铺}", "mapping.no_source", "fields.shop_id"),
        ("{constant: s1}", "{}", "mapping.no_source", "fields.shop_id"),
        (
            "{column: 下单}",
            "{column: 下单, type: text}",
            "mapping.type_is_given",
            "fields.placed_at.type",
        ),
        ("Asia/Shanghai", "Asia/Peking", "mapping.bad_time_zone", "time_zone"),
        ("platform: douyin", "platform: douyin\nplattform: x", "mapping.bad_form", None),
    ],
)
def test_what_is_wrong_with_a_mapping_is_named(
    tmp_path: Path, change: str, to: str, code: str, field: str | None
) -> None:
    assert change in GOOD
    assert _codes(tmp_path, GOOD.replace(change, to)).get(code, "absent") == field


def test_a_duplicate_key_and_an_attribute_without_type_are_found(tmp_path: Path) -> None:
    twice = GOOD + "  region: {column: 省}\n  region: {column: 市}\n"
    assert any(code.startswith("yaml.") for code in _codes(tmp_path, twice))
    untyped = GOOD + "attributes:\n  fresh: {column: 生鲜}\n"
    assert _codes(tmp_path, untyped) == {"mapping.no_type": "attributes.fresh"}


def test_every_finding_has_a_place_and_a_cure(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_text(GOOD.replace("order_id", "order_nr"), encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_mapping(path)
    for finding in refused.value.findings:
        assert finding.where is not None
        assert finding.where.startswith(str(path))
        assert finding.cure is not None


def test_a_mapping_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        read_mapping(tmp_path / "none.yaml")
    assert refused.value.code == "mapping.not_found"


def test_shipped_mappings_are_found_by_name_and_are_good() -> None:
    assert find_mapping(Path("tmall-orders")) == SHIPPED / "tmall-orders.yaml"
    for path in SHIPPED.glob("*.yaml"):
        assert read_mapping(path).mapping == path.stem
