"""Small rulebooks for tests."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from gongdao.core.rulebook.model import Rulebook
from gongdao.core.rulebook.parse import parse_rulebook

BOTH = {"zh": "中", "en": "en"}

BASE: dict[str, Any] = {
    "rulebook": "example/book",
    "version": "2024-01-01",
    "title": BOTH,
    "in_force": {"from": "2024-01-01T00:00:00+08:00", "until": None},
    "governs_by": "act_done",
    "asks": "ruling",
    "sources": {"C-1": {**BOTH, "ref": "house"}},
    "enums": {"payment": {"online": BOTH, "cod": BOTH, "synonyms": {"货到付款": "cod"}}},
    "facts": {
        "now": {"type": "instant", **BOTH},
        "paid_at": {"type": "instant", **BOTH},
        "paid": {"type": "money", **BOTH, "min": "0 yuan", "cost": 2},
        "payment": {"type": "payment", **BOTH},
        "told": {"type": "boolean", **BOTH, "cost": 9},
        "days": {"type": "integer", **BOTH},
        "rate": {"type": "decimal", **BOTH, "max": 1},
    },
    "parameters": {
        "share": {"type": "decimal", "value": "30%", **BOTH, "cite": ["C-1"]},
        "waiting": {"type": "span", "value": "72h", **BOTH, "cite": ["C-1"]},
        "unset": {"type": "span", "value": None, "house": True, **BOTH, "cite": ["C-1"]},
    },
    "formulas": {
        "elapsed": {"type": "span", "value": "now - paid_at", **BOTH, "cite": ["C-1"]},
        "amount": {
            "type": "money",
            "value": "min(paid * share, 500 yuan)",
            **BOTH,
            "cite": ["C-1"],
        },
    },
    "tables": {},
    "processes": {},
}


def row(row_id: str, when: Any, **then: Any) -> dict[str, Any]:
    return {"id": row_id, "when": when, "then": then, "cite": ["C-1"]}


def table(rows: list[dict[str, Any]], hit: str = "first", **gives: str) -> dict[str, Any]:
    return {"title": BOTH, "hit": hit, "gives": gives or {"liable": "party"}, "rows": rows}


def data(**changes: Any) -> dict[str, Any]:
    found = deepcopy(BASE)
    for key, value in changes.items():
        if isinstance(found.get(key), dict) and isinstance(value, dict):
            found[key].update(value)
        else:
            found[key] = value
    if not found["tables"]:
        found["tables"] = {"ruling": table([row("all", {}, liable="buyer")])}
    return found


def book(**changes: Any) -> Rulebook:
    parsed = parse_rulebook(data(**changes))
    assert parsed.book is not None, [(f.code, f.field, f.message.en) for f in parsed.findings]
    return parsed.book


def ruling(rows: list[dict[str, Any]], hit: str = "first", **gives: str) -> Rulebook:
    return book(tables={"ruling": table(rows, hit, **gives)})


def state(**keys: Any) -> dict[str, Any]:
    return {"title": BOTH, **keys}


def action(by: Any, to: str, **keys: Any) -> dict[str, Any]:
    return {"by": by, "to": to, **BOTH, **keys}


def deadline(after: str, then: str, **keys: Any) -> dict[str, Any]:
    return {"after": after, "then": then, **BOTH, "cite": ["C-1"], **keys}


def process(states: dict[str, Any], start: str) -> dict[str, Any]:
    return {
        "title": BOTH,
        "serves": {"track": "after_sale"},
        "start": start,
        "cite": ["C-1"],
        "states": states,
    }
