"""Explaining answers (说理): verdict, clauses, values read, what came near, what is wanting."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from gongdao.core.kernel.text import Text, list_in
from gongdao.core.kernel.time import Span
from gongdao.core.rulebook.answer import Answer, NearMiss, ValueRead
from gongdao.core.rulebook.facts import enums_of
from gongdao.core.rulebook.literal import how_to_write, say
from gongdao.core.rulebook.model import Kind, Rulebook, Source, TypeOf, Value

_TEXT = TypeOf(kind=Kind.TEXT)
_ORIGINS = {
    "fact": Text("事实", "fact"),
    "clock": Text("取自时钟", "from the clock"),
    "at": Text("取自所指时刻 at", "the instant given by `at`"),
    "parameter": Text("参数", "parameter"),
    "formula": Text("计算", "computed"),
    "table": Text("判定表", "table"),
}

PartT = TypeVar("PartT", ValueRead, NearMiss)
_MOST_BOOKS, _MOST_SENTENCES = 512, 4096
_said: dict[int, tuple[Rulebook, dict[Hashable, Text]]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """An answer in sentences."""

    verdict: Text
    rows: tuple[Text, ...]
    clauses: tuple[Text, ...]
    read: tuple[Text, ...]
    near: tuple[Text, ...]
    needed: tuple[Text, ...]
    floor: tuple[Text, ...] = ()
    """Why the law overrides the platform's answer, and the clauses of the law."""

    def sentences(self) -> tuple[Text, ...]:
        """Return every sentence, in reading order."""
        return (
            self.verdict,
            *self.rows,
            *self.floor,
            *(Text(f"依据：{c.zh}", f"Ground: {c.en}") for c in self.clauses),
            *(Text(f"读取：{r.zh}", f"Read: {r.en}") for r in self.read),
            *(Text(f"接近：{n.zh}", f"Near: {n.en}") for n in self.near),
            *(Text(f"待查明：{n.zh}", f"To establish: {n.en}") for n in self.needed),
        )


def explain(book: Rulebook, answer: Answer) -> Explanation:
    """Say in both languages what `book` answered and why."""
    return Explanation(
        verdict=_verdict(book, answer),
        rows=tuple(_row(book, h.table, h.row) for h in answer.hits),
        clauses=tuple(clause(book, c) for c in answer.cite),
        read=_each(book, answer.read, _read),
        near=_each(book, answer.near, _near),
        needed=tuple(_needed(book, n) for n in answer.needed),
        floor=_floor(book, answer),
    )


def _each(
    book: Rulebook, parts: Sequence[PartT], say_it: Callable[[Rulebook, PartT], Text]
) -> tuple[Text, ...]:
    """Say each part; sentences about words and truths, which cases repeat, are said once a book."""
    known = _sentences_of(book)
    found: list[Text] = []
    for part in parts:
        text = known.get(part)
        if text is None:
            text = say_it(book, part)
            value = part.value if isinstance(part, ValueRead) else part.was
            if isinstance(value, (bool, Span)) or type_of_name(book, part.name).enum:
                known[part] = text
        found.append(text)
    return tuple(found)


def _sentences_of(book: Rulebook) -> dict[Hashable, Text]:
    """Return the sentences of a book that were said before."""
    found = _said.get(id(book))
    if found is None or len(found[1]) >= _MOST_SENTENCES:
        if len(_said) >= _MOST_BOOKS:
            _said.clear()
        # The book is kept beside its sentences, so that its id stays taken while they are here.
        found = _said[id(book)] = (book, {})
    return found[1]


def clause(book: Rulebook, clause_id: str) -> Text:
    """Write a clause: `KS-AS-14 邮费不退（S002-KS-AS-14，读法 AMB-28）`."""
    return clause_text(book.sources[clause_id])


def clause_text(source: Source) -> Text:
    """Write a clause, of whatever book."""
    zh, en = source.ref, source.ref
    if source.reading:
        zh, en = f"{zh}，读法 {source.reading}", f"{en}, read as {source.reading}"
    return Text(f"{source.id} {source.text.zh}（{zh}）", f"{source.id} {source.text.en} ({en})")


def title_of(book: Rulebook, name: str) -> Text:
    """Return the label of a fact, parameter, formula, table or `table.output`."""
    for declared in (book.facts.get(name), book.parameters.get(name), book.formulas.get(name)):
        if declared is not None:
            return declared.title
    table, dot, output = name.partition(".")
    if dot and table in book.tables:
        title = book.tables[table].title
        return Text(f"{title.zh}·{output}", f"{title.en}: {output}")
    return Text(name, name)


def type_of_name(book: Rulebook, name: str) -> TypeOf:
    """Return the declared type of a name; text when it has none."""
    for declared in (book.facts.get(name), book.parameters.get(name), book.formulas.get(name)):
        if declared is not None:
            return declared.type
    table, _, output = name.partition(".")
    return book.tables[table].gives.get(output, _TEXT) if table in book.tables else _TEXT


def said(book: Rulebook, name: str, value: Value | None) -> Text:
    """Write a value of `name` as people read it, with its unit."""
    text = say(value, type_of_name(book, name), enums_of(book))
    fact = book.facts.get(name)
    if fact is not None and fact.unit and value is not None:
        return Text(f"{text.zh} {fact.unit}", f"{text.en} {fact.unit}")
    return text


def _verdict(book: Rulebook, answer: Answer) -> Text:
    title = book.tables[answer.table].title
    if answer.status == "undecided":
        if answer.needed:
            names = list_in(tuple(title_of(book, n) for n in answer.needed))
            return Text(
                f"{title.zh}：尚不能裁定，还须查明：{names.zh}",
                f"{title.en}: undecided; still to establish: {names.en}",
            )
        if answer.hits:
            return Text(f"{title.zh}：多条规则冲突", f"{title.en}: several rows contradict")
        return Text(f"{title.zh}：没有适用的规则", f"{title.en}: no row applies")
    options = answer.collected or (answer.outputs,)
    parts = [_outputs(book, answer.table, o) for o in options]
    return Text(
        f"{title.zh}：{'；'.join(p.zh for p in parts)}",
        f"{title.en}: {'; '.join(p.en for p in parts)}",
    )


def _outputs(book: Rulebook, table: str, outputs: Mapping[str, Value | None]) -> Text:
    gives = book.tables[table].gives
    enums = enums_of(book)
    found = [(o, say(v, gives[o], enums)) for o, v in outputs.items() if v is not None]
    return Text(
        "，".join(f"{o} = {v.zh}" for o, v in found) or "无",
        ", ".join(f"{o} = {v.en}" for o, v in found) or "nothing",
    )


def _floor(book: Rulebook, answer: Answer) -> tuple[Text, ...]:
    floor = answer.floor
    if floor is None:
        return ()
    was = _outputs(book, answer.table, {o: v for o, (v, _) in floor.raised.items()})
    now = _outputs(book, answer.table, {o: v for o, (_, v) in floor.raised.items()})
    why = Text(
        f"平台规则的结果（{was.zh}）低于法定底线《{floor.title.zh}》{floor.table}/{floor.row}，"
        f"按底线改为：{now.zh}",
        f"the platform's answer ({was.en}) is below the statutory floor, {floor.title.en} "
        f"{floor.table}/{floor.row}, which is applied: {now.en}",
    )
    clauses = [clause_text(source) for source in floor.sources]
    return (why, *(Text(f"法律依据：{c.zh}", f"Ground in law: {c.en}") for c in clauses))


def _row(book: Rulebook, table: str, row_id: str) -> Text:
    title = next((r.title for r in book.tables[table].rows if r.id == row_id), None)
    name = f"{table}/{row_id}"
    if title is None:
        return Text(f"适用规则 {name}", f"Row {name} applies")
    return Text(f"适用规则 {name}（{title.zh}）", f"Row {name} applies ({title.en})")


def _read(book: Rulebook, read: ValueRead) -> Text:
    title, value = title_of(book, read.name), said(book, read.name, read.value)
    kind, _, who = read.origin.partition(":")
    origin = _ORIGINS.get(kind, Text(kind, kind))
    by = f"·{who}" if who else ""
    return Text(
        f"{title.zh} = {value.zh}（{origin.zh}{by}）", f"{title.en} = {value.en} ({origin.en}{by})"
    )


def _near(book: Rulebook, near: NearMiss) -> Text:
    title, was = title_of(book, near.name), said(book, near.name, near.was)
    row = f"{near.table}/{near.row}"
    return Text(
        f"{row} 只差一项：{title.zh} 须 {near.wanted}，实为 {was.zh}",
        f"{row} failed by one condition: {title.en} must be {near.wanted}, is {was.en}",
    )


def _needed(book: Rulebook, name: str) -> Text:
    title = title_of(book, name)
    how = how_to_write(type_of_name(book, name), enums_of(book))
    return Text(f"{title.zh}（{name}：{how.zh}）", f"{title.en} ({name}: {how.en})")
