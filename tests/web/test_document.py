"""The OpenAPI document: whole, its refusals told, every operation shown by a call that was made."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gongdao.web.api import v1
from gongdao.web.api.document import examples, operations
from gongdao.web.api.v1.site import api

DOCUMENT: dict[str, Any] = dict(api.get_openapi_schema(path_prefix="/api/v1/"))
OPERATIONS = {o["operationId"]: o for o in operations(DOCUMENT)}


def content(operation: dict[str, Any], side: str) -> dict[str, Any] | None:
    """Return the JSON that the operation takes or answers with; None: neither."""
    holder = operation.get("requestBody", {})
    if side == "response":
        holder = operation["responses"].get("200", {})
    found: dict[str, Any] | None = holder.get("content", {}).get("application/json")
    return found


def test_no_example_is_of_an_operation_that_is_gone() -> None:
    assert set(examples()) <= set(OPERATIONS), "run python tools/record_examples.py"


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("side", ["request", "response"])
def test_every_operation_has_an_example_that_fits_its_schema(name: str, side: str) -> None:
    told = content(OPERATIONS[name], side)
    if told is None:
        return
    assert "example" in told, "run python tools/record_examples.py"
    schema = {**told["schema"], "components": DOCUMENT["components"]}
    faults = [
        f"{'/'.join(map(str, e.path))}: {e.message[:200]}"
        for e in Draft202012Validator(schema).iter_errors(told["example"])
    ]
    assert faults == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_tells_how_it_refuses(name: str) -> None:
    responses = OPERATIONS[name]["responses"]
    for status in ("4XX", "429"):
        reference = responses[status]["$ref"].rpartition("/")[2]
        assert (
            "application/problem+json" in DOCUMENT["components"]["responses"][reference]["content"]
        )
    assert OPERATIONS[name]["summary"]
    assert OPERATIONS[name]["description"]


def test_secrets_are_not_among_the_examples() -> None:
    for example in examples().values():
        for key in ("key", "secret"):
            answer = example.get("response")
            if isinstance(answer, dict) and isinstance(answer.get(key), str):
                assert answer[key].endswith("…")


def test_no_two_shapes_share_a_name() -> None:
    """Ninja keeps one shape for a name: the other operation would be told a wrong one."""
    found: dict[str, set[str]] = {}
    for path in Path(v1.__file__).parent.glob("*.py"):
        for name in re.findall(r"^class (\w+)\(Schema\)", path.read_text("utf-8"), re.MULTILINE):
            found.setdefault(name, set()).add(path.name)
    assert {name: where for name, where in found.items() if len(where) > 1} == {}
