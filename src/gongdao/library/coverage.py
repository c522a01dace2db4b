"""Coverage of the inventory (规则覆盖): where each rule of the sources lives, and its cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gongdao.core.kernel.findings import Finding
from gongdao.core.kernel.text import Text
from gongdao.core.rulebook.reading import Path, Reader
from gongdao.library.golden import read_goldens
from gongdao.library.shelf import Shelf
from gongdao.library.strict_yaml import read_yaml

Exec = Literal["E", "C", "V"]
_FILE = "_inventory.yaml"


@dataclass(frozen=True, slots=True)
class Home:
    """A clause of a rulebook that is this rule, and the golden cases that exercise it."""

    book: str
    clause: str
    goldens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the inventory."""

    id: str
    exec: Exec
    """E executable, C context, V advice."""
    says: str
    code: str | None
    """The package of the core that is this rule, for concepts that no rulebook holds."""
    homes: tuple[Home, ...]

    @property
    def gap(self) -> Text | None:
        """What is missing; None when nothing is."""
        if self.exec != "E":
            return None
        if not self.homes:
            return Text("没有归宿", "lives in no rulebook")
        if not any(h.goldens for h in self.homes):
            return Text("没有金例", "has no golden case")
        return None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every rule of the inventory, and what is wrong with the inventory itself."""

    rules: tuple[Rule, ...]
    findings: tuple[Finding, ...]


def coverage(shelf: Shelf) -> Coverage:
    """Read the inventory of a shelf and find each rule's homes. No inventory: nothing to cover.

    Findings: `inventory.uncovered` for every executable rule without a home or a golden case.
    """
    path = shelf.folder / _FILE
    if not path.is_file():
        return Coverage((), ())
    document = read_yaml(path.read_bytes(), shelf.shown(path))
    reader = Reader(document.where)
    homes = _homes(shelf)
    rules: list[Rule] = []
    for name, raw in reader.mapping(
        reader.mapping(document.data, (), allowed=("rules",)).get("rules"), ("rules",)
    ).items():
        rules.append(_rule(reader, name, raw, tuple(homes.get(name, ()))))
    for rule in rules:
        if rule.gap is not None:
            reader.report(
                ("rules", rule.id),
                "inventory.uncovered",
                Text(f"{rule.id} {rule.gap.zh}", f"{rule.id} {rule.gap.en}"),
                Text("请在规则书中引用并补金例", "cite it in a rulebook, with a golden case"),
            )
    return Coverage(tuple(rules), tuple(reader.findings))


def _rule(reader: Reader, name: str, raw: object, homes: tuple[Home, ...]) -> Rule:
    path: Path = ("rules", name)
    read = reader.mapping(raw, path, allowed=("exec", "says", "home"), required=("exec", "says"))
    kind = reader.one_of(read.get("exec"), (*path, "exec"), ("E", "C", "V")) or "E"
    code = read.get("home")
    return Rule(
        id=name,
        exec=kind,
        says=reader.text(read.get("says"), (*path, "says")),
        code=None if code is None else reader.text(code, (*path, "home")),
        homes=homes,
    )


def _homes(shelf: Shelf) -> dict[str, list[Home]]:
    found: dict[str, list[Home]] = {}
    for file in shelf.files():
        book = shelf.parsed(file).book
        if book is None:
            continue
        goldens = read_goldens(file, book).goldens
        for source in book.sources.values():
            names = tuple(g.name for g in goldens if source.id in g.clause)
            found.setdefault(source.ref, []).append(Home(book.ref, source.id, names))
    return found
