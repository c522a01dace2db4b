"""A rulebook while it is being read (草稿): what later sections may refer to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from gongdao.core.kernel.calendar import NO_CALENDAR, Calendar
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import Span
from gongdao.core.rulebook.expression import Expression
from gongdao.core.rulebook.literal import BUILT_IN, how_to_write, read_literal
from gongdao.core.rulebook.model import Enumeration, Kind, TypeOf, Value
from gongdao.core.rulebook.reading import Path, Reader, shown
from gongdao.core.rulebook.syntax import RESERVED, SyntaxFault, parse_expression
from gongdao.core.rulebook.typed import Scope, TypeFault, resolve

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}", re.ASCII)
BOOLEAN = TypeOf(kind=Kind.BOOLEAN)


@dataclass(slots=True)
class Draft:
    """The reader, and the names declared so far."""

    reader: Reader
    sources: frozenset[str] = frozenset()
    enums: dict[str, Enumeration] = field(default_factory=lambda: dict(BUILT_IN))
    names: dict[str, TypeOf] = field(default_factory=dict[str, TypeOf])
    monthly: set[str] = field(default_factory=set[str])
    spans: dict[str, Span | None] = field(default_factory=dict[str, "Span | None"])
    """Span parameters and their values; None while the operator has set none."""
    calendar: Calendar = NO_CALENDAR

    @property
    def scope(self) -> Scope:
        """What an expression may name."""
        return Scope(self.names, self.enums, frozenset(self.monthly))

    def declare(self, name: str, type_: TypeOf, path: Path) -> None:
        """Give `name` a type, once."""
        if name in RESERVED:
            self.reader.report(
                path,
                "rules.name_reserved",
                Text(f"“{name}”是语言的保留词", f"`{name}` is a word of the language"),
                Text("请换一个名称", "choose another name"),
            )
        if name in self.names:
            self.reader.report(
                path,
                "rules.name_taken",
                Text(f"名称“{name}”已被使用", f"the name `{name}` is already used"),
                Text("请换一个名称", "choose another name"),
            )
        self.names.setdefault(name, type_)

    def type_of(self, data: object, path: Path) -> TypeOf | None:
        """Read a declared type: a kind, or the name of an enumeration."""
        kinds = [k.value for k in Kind if k is not Kind.ENUM]
        if isinstance(data, str) and data in kinds:
            return TypeOf(kind=Kind(data))
        if isinstance(data, str) and data in self.enums:
            return TypeOf(kind=Kind.ENUM, enum=data)
        names = ", ".join([*kinds, *self.enums])
        self.reader.report(
            path,
            "rules.unknown_type",
            Text(f"没有“{shown(data)}”这种类型", f"there is no type `{shown(data)}`"),
            Text(f"可用类型：{names}", f"types: {names}"),
        )
        return None

    def cite(self, data: object, path: Path, *, required: bool = True) -> tuple[str, ...]:
        """Read a list of clause ids, each declared under `sources`."""
        found = self.reader.words(data, path) if data is not None else ()
        if required and not found:
            self.reader.report(
                path,
                "rules.uncited",
                Text("没有引用任何条款", "no clause is cited"),
                Text("请用 cite 写明依据的条款", "name the clauses relied on under `cite`"),
            )
        for index, clause in enumerate(found):
            if clause not in self.sources:
                self.reader.report(
                    (*path, index),
                    "rules.unknown_clause",
                    Text(
                        f"条款“{shown(clause)}”未在 sources 中声明",
                        f"the clause `{shown(clause)}` is not declared under `sources`",
                    ),
                    Text("请在 sources 中补上该条款", "add the clause to `sources`"),
                )
        return found

    def identifier(self, data: object, path: Path) -> str | None:
        """Read the id of a clause or a row."""
        if isinstance(data, str) and _ID.fullmatch(data):
            return data
        self.reader.report(
            path,
            "rules.bad_id",
            Text(f"“{shown(data)}”不能作编号", f"`{shown(data)}` is not a good id"),
            Text(
                "编号用字母、数字、连字符、下划线、点",
                "ids are letters, digits, hyphens, underscores and dots",
            ),
        )
        return None

    def expression(
        self, data: object, path: Path, wanted: TypeOf | None = None
    ) -> Expression | None:
        """Read an expression of the type `wanted`, or report and return None."""
        text = "true" if data is True else "false" if data is False else data
        if isinstance(text, int):
            text = str(text) if text.bit_length() <= 64 else ""  # noqa: PLR2004
        if not isinstance(text, str):
            self.reader.wrong(path, data, Text("表达式", "an expression"))
            return None
        try:
            return resolve(parse_expression(text), self.scope, wanted)
        except SyntaxFault as fault:
            self.reader.report(
                path,
                "rules.bad_expression",
                Text(
                    f"表达式“{shown(text)}”有误：{fault.text.zh}",
                    f"the expression `{shown(text)}` cannot be read: {fault.text.en}",
                ),
                Text("见规则语言手册", "see the rule language reference"),
            )
        except TypeFault as fault:
            self.reader.report(
                path,
                "rules.bad_type",
                Text(f"“{shown(text)}”：{fault.text.zh}", f"`{shown(text)}`: {fault.text.en}"),
                fault.cure,
            )
        return None

    def literal(self, data: object, type_: TypeOf, path: Path) -> Value | None:
        """Read a value of `type_`, or report and return None."""
        found = read_literal(data, type_, self.enums)
        if found is None:
            self.reader.wrong(path, data, how_to_write(type_, self.enums))
        return found

    def guard(self, data: object, path: Path) -> Expression | None:
        """Read an optional condition."""
        return None if data is None else self.expression(data, path, BOOLEAN)

    def labels(self, declared: Mapping[str, object], path: Path) -> Text:
        """Return the `zh`, `en` of a declaration."""
        return self.reader.both(dict(declared), path)
