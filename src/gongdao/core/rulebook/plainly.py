"""Said plainly (白话): an answer, a way to another one, and what is still wanted, for a person."""

from __future__ import annotations

from collections.abc import Mapping

from gongdao.core.kernel.text import Text, list_in
from gongdao.core.rulebook.answer import Answer
from gongdao.core.rulebook.explain import said, title_of
from gongdao.core.rulebook.facts import enums_of
from gongdao.core.rulebook.literal import say
from gongdao.core.rulebook.model import Rulebook, Value

#: What the outputs that every ruling table shares are called.
_OUTPUTS = {
    "remedy": Text("处理方案", "remedy"),
    "liable": Text("责任方", "liable"),
    "outbound_freight": Text("发货运费承担方", "outbound freight borne by"),
    "return_freight": Text("退货运费承担方", "return freight borne by"),
    "refund": Text("退款", "refund"),
    "compensation": Text("赔付", "compensation"),
    "accepted": Text("受理", "accepted"),
    "open": Text("可否", "open"),
}


def in_one_sentence(book: Rulebook, answer: Answer) -> Text:
    """Return the verdict as one sentence, with the clauses it rests on."""
    title = book.tables[answer.table].title
    if answer.status == "undecided":
        names = list_in(tuple(title_of(book, n) for n in answer.needed))
        if not answer.needed:
            return Text(f"{title.zh}：规则没有给出结论。", f"{title.en}: the rules give no answer.")
        return Text(
            f"{title.zh}：现有事实不足以裁定，还须查明{names.zh}。",
            f"{title.en}: the facts known do not settle it; still wanted: {names.en}.",
        )
    results = [outcome(book, answer.table, o) for o in answer.collected or (answer.outputs,)]
    law = answer.floor.sources if answer.floor is not None else ()
    clauses = dict.fromkeys([*answer.cite, *(source.id for source in law)])
    return Text(
        f"{title.zh}：{'；'.join(r.zh for r in results)}，依据 {'、'.join(clauses)}。",
        f"{title.en}: {'; '.join(r.en for r in results)}, by {', '.join(clauses)}.",
    )


def outcome(book: Rulebook, table: str, outputs: Mapping[str, Value | None]) -> Text:
    """Return outputs with their labels: `处理方案：退货退款，责任方：商家`."""
    gives, enums = book.tables[table].gives, enums_of(book)
    found: list[Text] = []
    for name, value in outputs.items():
        if value is not None:
            label = _OUTPUTS.get(name, Text(name, name))
            shown = say(value, gives[name], enums)
            found.append(Text(f"{label.zh}：{shown.zh}", f"{label.en}: {shown.en}"))
    if not found:
        return Text("没有结论", "nothing")
    return Text("，".join(f.zh for f in found), ", ".join(f.en for f in found))


def change(book: Rulebook, name: str, was: Value | None, would_be: Value | None) -> Text:
    """Return one change of fact: `“商品完好”由“否”变为“是”`."""
    title, before, after = title_of(book, name), said(book, name, was), said(book, name, would_be)
    if was is None:
        return Text(f"查明“{title.zh}”为“{after.zh}”", f"`{title.en}` is found to be {after.en}")
    return Text(
        f"“{title.zh}”由“{before.zh}”变为“{after.zh}”",
        f"`{title.en}` goes from {before.en} to {after.en}",
    )
