"""What the code writes agrees with what is committed: translations, permissions, OpenAPI."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gongdao.app.permissions import Verb
from gongdao.web import catalogue, reference

DOCS = Path(__file__).parents[2] / "docs"


def test_the_translation_is_complete_and_compiled() -> None:
    assert catalogue.check() == []


@pytest.mark.parametrize("name", list(reference.pages()))
def test_generated_pages_are_current(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == reference.pages()[name]


def test_the_permission_page_names_every_verb() -> None:
    page = reference.pages()["reference/permissions.md"]
    assert all(f"| `{verb}` |" in page for verb in Verb)


def test_every_command_of_the_api_wants_a_key() -> None:
    schema = json.loads(reference.pages()["reference/openapi.json"])
    assert schema["openapi"].startswith("3.1")
    # Known by names of their own, or harmless to repeat.
    free = {
        "/api/v1/orders",
        "/api/v1/evaluate",
        "/api/v1/replay",
        "/api/v1/invoices",
        "/api/v1/messages",
    }
    free |= {"/api/v1/joined-cases/{group_id}/actions/preview"}
    tags_free = {"webhooks", "keys", "payments", "sandbox", "imports", "people", "strategies"}
    tags_free |= {"force majeure"}
    for path, verbs in schema["paths"].items():
        for verb, operation in verbs.items():
            if tags_free & set(operation["tags"]):
                continue
            wanted = {p["name"] for p in operation.get("parameters", []) if p.get("required")}
            assert ("Idempotency-Key" in wanted) == (verb == "post" and path not in free), path
