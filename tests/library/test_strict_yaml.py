from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.library.strict_yaml import read_yaml


def read(text: str) -> Any:
    return read_yaml(text.encode(), "f.yaml").data


def test_plain_data() -> None:
    text = "a: 1\nb: [x, true, 0.35, 30%, 48h, null, '1', 'yes', 007, 1e5, 2024-01-01]\nc: {d: |\n  block\n}\n"
    with pytest.raises(BadInput):
        read(text)  # a block inside a flow mapping
    found = read("a: 1\nb: [x, true, 0.35, 30%, 48h, null, '1', 'yes', 007, 1e5, 2024-01-01]\n")
    assert found == {
        "a": 1,
        "b": [
            "x",
            True,
            Decimal("0.35"),
            "30%",
            "48h",
            None,
            "1",
            "yes",
            "007",
            "1e5",
            "2024-01-01",
        ],
    }


def test_lines() -> None:
    document = read_yaml(b"a:\n  b:\n    - x\n    - c: 1\n", "f.yaml")
    assert document.where(("a", "b", 1, "c")) == "f.yaml:4"
    assert document.where(("a", "b", 1, "missing")) == "f.yaml:4"
    assert document.where(("elsewhere",)) == "f.yaml:1"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\na: 2\n", "yaml.duplicate_key", 2),
        ("a: yes\n", "yaml.boolean_word", 1),
        ("a: 1\non: 2\n", "yaml.boolean_word", 2),
        ("a: True\n", "yaml.boolean_word", 1),
        ("a: &x 1\nb: *x\n", "yaml.anchor", 1),
        ("a: !!python/object:os.system x\n", "yaml.tag", 1),
        ("a:\n\t- b\n", "yaml.tab", 2),
        ("a: [1\n", "yaml.syntax", 2),
        ("a: 1\n---\nb: 2\n", "yaml.syntax", 2),
        ("? [a]\n: 1\n", "yaml.key", 1),
        ("[" * 50 + "]" * 50, "yaml.too_deep", 1),
        ("a: " + "x" * 1_000_001, "yaml.too_large", 1),
    ],
)  # fmt: skip
def test_refused_with_file_line_and_cure(text: str, code: str, line: int) -> None:
    with pytest.raises(BadInput) as fault:
        read(text)
    finding = fault.value.findings[0]
    assert (finding.code, finding.where) == (code, f"f.yaml:{line}")
    assert finding.cure is not None


def test_bytes_that_are_no_text() -> None:
    with pytest.raises(BadInput) as fault:
        read_yaml(b"a: 1\nb: \xff\n", "f.yaml")
    assert (fault.value.code, fault.value.findings[0].where) == ("yaml.not_utf8", "f.yaml:2")


@given(
    st.binary(max_size=80)
    | st.text(alphabet="ab:-[]{}&*!|>'\"#,?%@ \n\t01yes", max_size=60).map(str.encode)
)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    found: tuple[Finding, ...] = ()
    try:
        read_yaml(content, "f.yaml")
    except BadInput as fault:
        found = fault.findings
    assert all(f.where for f in found)
