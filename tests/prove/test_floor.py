"""A row below the statutory floor is found with a case; and every shipped platform stands on it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gongdao.core.rulebook.model import Rulebook
from gongdao.library.shelf import Shelf
from gongdao.prove.book import check_book
from gongdao.prove.floor import below_floor
from tests.core.adjudication.test_floor import law, platform

SHELF = Shelf()


def found(mine: Rulebook, theirs: Rulebook) -> list[str]:
    floor = theirs.tables["floor"]
    return [
        f"{f.code} {f.message.en}" for f in below_floor(mine, mine.tables["ruling"], theirs, floor)
    ]


def test_a_row_below_the_floor_is_shown_by_a_case() -> None:
    (said,) = found(platform("dismiss"), law("return_refund"))
    assert said.startswith("rules.below_floor `ruling/all`")
    assert "remedy: dismiss → return_refund" in said
    assert "told: True" in said


@pytest.mark.parametrize(
    "mine",
    [
        platform("return_refund"),
        platform("not_accepted"),
        platform("dismiss", exempt=["floor: C-1"]),
    ],
)
def test_a_row_on_the_floor_or_declared_an_exception_passes(mine: Rulebook) -> None:
    assert found(mine, law("return_refund")) == []


def test_a_house_clause_founds_no_exception() -> None:
    theirs = law("return_refund")
    mine = platform("dismiss", exempt=["floor: C-1"])
    floors = [(mine.tables["ruling"], theirs, theirs.tables["floor"])] * 2
    found = [f.field for f in check_book(mine, floors) if f.code == "rules.house_below_law"]
    assert found == ["tables.ruling.rows.0.exempt"]


def test_a_clause_of_the_platform_may_found_one() -> None:
    theirs = law("return_refund")
    written = platform("dismiss", exempt=["floor: C-1"])
    clause = replace(written.sources["C-1"], ref="OFFICIAL-TB-1")
    mine = replace(written, sources={**written.sources, "C-1": clause})
    floors = [(mine.tables["ruling"], theirs, theirs.tables["floor"])]
    codes = {f.code for f in check_book(mine, floors)}
    assert not codes & {"rules.house_below_law", "rules.below_floor"}


@pytest.mark.parametrize("name", [n for n in SHELF.platform_names() if SHELF.platform(n).floor])
def test_every_platform_stands_on_the_floor(name: str) -> None:
    profile = SHELF.platform(name)
    tables = {
        (book.ref, q.table or book.asks): book
        for q in profile.questions["ruling"] + profile.questions["on_file"]
        for book in SHELF.versions(q.subject)
    }
    below = [
        f.message.en
        for (_, table), book in tables.items()
        for q in profile.floor
        for theirs in SHELF.versions(q.subject)
        for f in below_floor(book, book.tables[str(table)], theirs, theirs.tables[str(q.table)])
    ]
    assert below == []
