"""What would change the answer is found against the answer as given, the statutory floor included."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gongdao.core.adjudication.floor import with_floors
from gongdao.core.rulebook.answer import Answer
from gongdao.core.rulebook.evaluate import evaluate
from gongdao.core.rulebook.model import Rulebook, Value
from gongdao.prove.changes import WayOut, ways_out
from tests.core.rulebook.books import BOTH, book, row, table

INTACT = {"intact": {"type": "boolean", **BOTH, "cost": 5}}


def platform(*rows: dict[str, Any]) -> Rulebook:
    return book(facts=INTACT, tables={"ruling": table(list(rows), remedy="remedy")})


def law(when: Mapping[str, Any]) -> Rulebook:
    floor = {
        **table([row("least", when, remedy="return_refund"), row("rest", {})], remedy="remedy"),
        "order": {"buyer": {"remedy": ["dismiss", "repair", "return_refund"]}},
    }
    return book(rulebook="law/book", facts=INTACT, tables={"floor": floor}, asks="floor")


def ways(mine: Rulebook, theirs: Rulebook, facts: Mapping[str, Value]) -> list[WayOut]:
    def answering(given: Mapping[str, Value]) -> Answer:
        return with_floors(
            mine, evaluate(mine, "ruling", given), [(theirs, evaluate(theirs, "floor", given))]
        )

    assert answering(facts).outputs == {"remedy": "return_refund"}
    return list(ways_out(mine, "ruling", facts, answering=answering))


def said(found: list[WayOut]) -> list[tuple[Value | None, list[str]]]:
    return [(way.outputs["remedy"], [c.name for c in way.changes]) for way in found]


def test_what_the_law_imposed_is_no_other_outcome() -> None:
    mine = platform(
        row("small", {"told": True, "paid": "< 100 yuan"}, remedy="dismiss"),
        row("large", {"told": True}, remedy="return_refund"),
        row("untold", {}, remedy="repair"),
    )
    facts: dict[str, Value] = {"told": True, "paid": 5000}
    assert said(ways(mine, law({"told": True}), facts)) == [("repair", ["told"])]
    assert "return_refund" in [r for r, _ in said(list(ways_out(mine, "ruling", facts)))]


def test_a_way_below_the_law_leads_out_of_its_reach_first() -> None:
    mine = platform(
        row("intact", {"told": True, "intact": True}, remedy="dismiss"),
        row("broken", {"told": True, "intact": False}, remedy="dismiss"),
        row("untold", {"told": False}, remedy="repair"),
    )
    facts: dict[str, Value] = {"told": True, "intact": True}
    found = ways(mine, law({"told": True, "intact": True}), facts)
    assert said(found) == [("dismiss", ["intact"]), ("repair", ["told"])]
    assert all(way.changes for way in found)
