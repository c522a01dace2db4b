from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from gongdao.core.kernel.findings import BadInput, NotVisible
from gongdao.library.inspect import inspect_book, inspect_platform
from gongdao.library.shelf import Shelf

BOOK = """
rulebook: {id}
version: "{version}"
title: {{zh: 书, en: book}}
in_force: {{from: "{version}T00:00:00+08:00", until: {until}}}
governs_by: act_done
sources: {{C-1: {{zh: 条, en: clause, ref: house}}}}
parameters: {{p: {{type: integer, value: {value}, zh: 参, en: p, cite: [C-1]}}}}
"""


def write(folder: Path, book_id: str, version: str, until: str = "null", value: str = "1") -> Path:
    path = folder / book_id / f"{version}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(BOOK.format(id=book_id, version=version, until=until, value=value), "utf-8")
    return path


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    write(tmp_path, "shop/returns", "2023-01-01")
    write(tmp_path, "shop/returns", "2024-01-01", until='"2025-01-01T00:00:00+08:00"')
    write(tmp_path, "_template/returns", "2024-01-01")
    profile = (
        "platform: shop\ntitle: {zh: 店, en: Shop}\nafter_sale: [shop/returns, shop/nothing]\n"
    )
    (tmp_path / "shop" / "platform.yaml").write_text(profile, "utf-8")
    return Shelf(tmp_path)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_versions_and_the_one_in_force(shelf: Shelf) -> None:
    assert shelf.ids() == ("shop/returns",)
    assert [b.ref for b in shelf.versions("shop/returns")] == [
        "shop/returns@2023-01-01",
        "shop/returns@2024-01-01",
    ]
    assert shelf.in_force("shop/returns", at("2023-12-31T23:59:59+08:00")).version == "2023-01-01"
    assert shelf.in_force("shop/returns", at("2024-01-01T00:00:00+08:00")).version == "2024-01-01"
    # the newer version ended; the older one, never ended, governs again
    assert shelf.in_force("shop/returns", at("2025-01-01T00:00:00+08:00")).version == "2023-01-01"
    assert shelf.exact("shop/returns@2023-01-01").version == "2023-01-01"


def test_what_is_not_there_is_named(shelf: Shelf) -> None:
    with pytest.raises(NotVisible) as fault:
        shelf.in_force("shop/returns", at("2022-01-01T00:00:00+08:00"))
    assert fault.value.code == "rules.none_in_force"
    for wanted in (
        lambda: shelf.exact("shop/returns@1999-01-01"),
        lambda: shelf.versions("../returns"),
        lambda: shelf.platform("else"),
    ):
        with pytest.raises(NotVisible):
            wanted()


def test_a_book_is_parsed_once_for_each_content(shelf: Shelf) -> None:
    first = shelf.exact("shop/returns@2023-01-01")
    assert shelf.exact("shop/returns@2023-01-01") is first
    write(shelf.folder, "shop/returns", "2023-01-01", value="2")
    second = shelf.exact("shop/returns@2023-01-01")
    assert (first.parameters["p"].value, second.parameters["p"].value) == (1, 2)
    assert first.digest != second.digest


def test_a_misplaced_or_faulty_book_is_refused_with_its_line(shelf: Shelf) -> None:
    path = write(shelf.folder, "shop/returns", "2024-06-01")
    path.rename(path.with_name("2024-07-01.yaml"))
    with pytest.raises(BadInput) as fault:
        shelf.exact("shop/returns@2024-07-01")
    assert fault.value.code == "rules.misplaced"
    write(shelf.folder, "shop/returns", "2024-08-01", value="many")
    with pytest.raises(BadInput) as fault:
        shelf.exact("shop/returns@2024-08-01")
    assert fault.value.findings[0].where == f"{shelf.folder.name}/shop/returns/2024-08-01.yaml:8"


def test_platforms(shelf: Shelf) -> None:
    assert shelf.platform_names() == ("shop",)
    assert shelf.platform("shop").tracks["after_sale"] == ("shop/returns", "shop/nothing")
    assert [f.code for f in inspect_platform(shelf, "shop")] == ["platform.missing"]


def test_inspection_says_file_and_line(shelf: Shelf) -> None:
    found = inspect_book(shelf, shelf.files()[0])
    assert [(f.code, f.where) for f in found] == [
        ("rules.unused", f"{shelf.folder.name}/shop/returns/2023-01-01.yaml:8")
    ]


def test_the_folder_can_be_named(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGDAO_RULEBOOKS", str(shelf.folder))
    assert Shelf().ids() == ("shop/returns",)
