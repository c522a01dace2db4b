from __future__ import annotations

import json
import re
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gongdao.core.rulebook.parse import parse_rulebook
from gongdao.library.golden import read_goldens
from gongdao.library.run_golden import run_goldens
from gongdao.library.shelf import BookFile, Shelf
from gongdao.library.strict_yaml import read_yaml

ROOT = Path(__file__).parents[2]
BOOKS = ROOT / "rulebooks"
TEMPLATE = BOOKS / "_template" / "late-shipping" / "2024-01-01.yaml"


def validator(kind: str) -> Draft202012Validator:
    schema = json.loads((BOOKS / "_schema" / f"{kind}.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def plain(path: Path) -> Any:
    """As an editor's JSON Schema reader sees it: decimals are numbers."""
    return json.loads(json.dumps(read_yaml(path.read_bytes(), path.name).data, default=float))


def kind_of(path: Path) -> str:
    if path.name == "_inventory.yaml":
        return "inventory"
    if path.name == "platform.yaml":
        return "platform"
    return "cases" if path.name.endswith(".cases.yaml") else "rulebook"


@pytest.mark.parametrize(
    "path", sorted(BOOKS.rglob("*.yaml")), ids=lambda p: str(p.relative_to(BOOKS))
)
def test_the_schemas_accept_every_shipped_file(path: Path) -> None:
    errors = [
        f"{e.json_path}: {e.message}" for e in validator(kind_of(path)).iter_errors(plain(path))
    ]
    assert errors == []


def broken(*keys: str, value: Any) -> Any:
    data = deepcopy(plain(TEMPLATE))
    place = data
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = value
    return data


@pytest.mark.parametrize(
    "data",
    [
        broken("surprise", value=1),
        broken("governs_by", value="whenever"),
        broken("version", value=20240101),
        broken("sources", "EX-1", "ref", value=None),
        broken("facts", "paid", "cost", value=11),
        broken("parameters", "share", "cite", value=3),
        broken("tables", "compensation", "hit", value="best"),
        broken("tables", "compensation", "rows", value=[{"id": "a", "when": {}, "then": {}}]),
        broken("processes", "claim_compensation", "states", "rejected", "final", value=True),
        broken("in_force", "from", value="2024-01-01"),
    ],
)
def test_the_rulebook_schema_and_the_parser_refuse_the_same_slips(data: Any) -> None:
    assert not validator("rulebook").is_valid(data)
    assert parse_rulebook(data).book is None


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (
            "cases",
            {"rulebook": "a/b@2024-01-01", "cases": [{"name": "x", "clause": [], "expect": {}}]},
        ),
        ("cases", {"rulebook": "a/b", "cases": []}),
        (
            "cases",
            {
                "rulebook": "a/b@2024-01-01",
                "cases": [{"name": "x", "clause": [], "process": "p", "expect": {"state": "s"}}],
            },
        ),
        ("platform", {"platform": "a"}),
        ("platform", {"platform": "a", "title": {"zh": "a", "en": "a"}, "after_sale": ["nowhere"]}),
    ],
)
def test_the_other_schemas_refuse_slips(kind: str, data: Any) -> None:
    assert not validator(kind).is_valid(data)


def test_the_template_is_the_reference_page_and_its_cases_pass() -> None:
    page = (ROOT / "docs" / "reference" / "rule-language.md").read_text("utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    example, cases = blocks[0], blocks[-1]
    assert TEMPLATE.read_text("utf-8").endswith(example)
    file = BookFile("example/late-shipping", "2024-01-01", TEMPLATE)
    assert file.cases.read_text("utf-8").endswith(cases)
    book = Shelf(BOOKS).read(file)
    goldens = read_goldens(file, book)
    assert goldens.findings == []
    assert [o.differences for o in run_goldens(book, goldens.goldens).outcomes] == [[], [], []]
    assert book.parameters["share"].value == Decimal("0.3")
