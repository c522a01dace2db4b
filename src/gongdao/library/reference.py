"""Reference pages (参考文档) that the rulebooks write: one page each, and the coverage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gongdao.core.process.draw import draw
from gongdao.core.rulebook.diff import when_of
from gongdao.core.rulebook.explain import said
from gongdao.core.rulebook.model import Rulebook, Table
from gongdao.core.rulebook.written import write
from gongdao.library.coverage import Coverage, Rule
from gongdao.library.shelf import Shelf

_MADE = "<!-- 由 gongdao docs 生成 · written by `gongdao docs` -->\n\n"
_MOST_CASES_NAMED = 2
_WHY_NOT = {
    "C": "背景，没有可执行的内容 · context, nothing to carry out",
    "V": "建议 · advice",
}


def pages(shelf: Shelf, covered: Coverage) -> dict[str, str]:
    """Return path under docs/ -> content of every page that the rulebooks write."""
    found = {
        f"reference/rulebooks/{name.replace('/', '-')}.md": _MADE
        + "\n\n".join(_book(b) for b in reversed(shelf.versions(name)))
        for name in shelf.ids()
    }
    return {**found, "reference/rule-coverage.md": _coverage(covered)}


def _cells(values: Iterable[object]) -> str:
    texts = [str(v).replace("|", "\\|").replace("\n", " ") for v in values]
    return f"| {' | '.join(texts)} |"


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [_cells(heads), _cells(["---"] * len(heads)), *(_cells(row) for row in rows)]
    return "\n".join(lines)


def _book(book: Rulebook) -> str:
    until = book.in_force_until.isoformat() if book.in_force_until else "…"
    parts = [
        f"# {book.title.zh} · {book.title.en}",
        f"`{book.ref}` · {book.in_force_from.isoformat()} → {until} · {book.governs_by.value}",
        "## 条款 · Clauses",
        _table(
            ("id", "中文", "English", "ref"),
            [
                (s.id, s.text.zh, s.text.en, " ".join(filter(None, (s.ref, s.reading))))
                for s in book.sources.values()
            ],
        ),
    ]
    if book.facts:
        parts += ["## 事实 · Facts", _facts(book)]
    if book.parameters or book.formulas:
        parts += ["## 参数与公式 · Parameters and formulas", _numbers(book)]
    for table in book.tables.values():
        title = f"## {table.title.zh} · {table.title.en}"
        parts += [title, f"`{table.name}` · {table.hit.value}", _rows(table)]
    for process in book.processes.values():
        parts += [
            f"## {process.title.zh} · {process.title.en}",
            f"`{process.name}` · {process.serves.track}",
            f"```mermaid\n{draw(process)}```",
        ]
    return "\n\n".join(parts) + "\n"


def _facts(book: Rulebook) -> str:
    rows: list[Sequence[object]] = []
    for fact in book.facts.values():
        bounds = [
            f"{sign} {said(book, fact.name, bound).en}"
            for sign, bound in (("≥", fact.minimum), ("≤", fact.maximum))
            if bound is not None
        ]
        kind = " ".join([fact.type.enum or fact.type.kind.value, *bounds])
        rows.append(
            (
                f"`{fact.name}`", fact.title.zh, fact.title.en, kind,
                fact.unit or "", fact.evidence_of or "",
            )
        )  # fmt: skip
    return _table(("fact", "中文", "English", "type", "unit", "evidence of"), rows)


def _numbers(book: Rulebook) -> str:
    rows: list[Sequence[object]] = [
        (f"`{p.name}`", p.title.zh, p.title.en, said(book, p.name, p.value).en, " ".join(p.cite))
        for p in book.parameters.values()
    ]
    rows += [
        (f"`{f.name}`", f.title.zh, f.title.en, f"`{write(f.expression)}`", " ".join(f.cite))
        for f in book.formulas.values()
    ]
    return _table(("name", "中文", "English", "value", "cite"), rows)


def _rows(table: Table) -> str:
    return _table(
        ("row", "when", *table.gives, "cite"),
        [
            (
                row.id,
                when_of(row),
                *(write(row.then[o]) if o in row.then else "" for o in table.gives),
                " ".join(row.cite),
            )
            for row in table.rows
        ],
    )


def _coverage(covered: Coverage) -> str:
    rules = covered.rules
    counts = {k: sum(1 for r in rules if r.exec == k) for k in "ECV"}
    gaps = sum(1 for r in rules if r.gap is not None)
    said_zh = (
        f"{len(rules)} 条：可执行 {counts['E']}，背景 {counts['C']}，建议 {counts['V']}；"
        f"可执行而没有归宿或金例的 {gaps} 条。"
    )
    said_en = (
        f"{len(rules)} rules: {counts['E']} executable, {counts['C']} context, "
        f"{counts['V']} advice; executable without a home or a golden case: {gaps}."
    )
    parts = [
        "# 规则覆盖 · Rule coverage",
        said_zh,
        said_en,
        _table(
            ("id", "", "rule", "lives in", "golden cases"),
            [(r.id, r.exec, r.says, _lives(r), _goldens(r)) for r in rules],
        ),
    ]
    return _MADE + "\n\n".join(parts) + "\n"


def _lives(rule: Rule) -> str:
    if rule.homes:
        return "<br>".join(f"`{h.book}` {h.clause}" for h in rule.homes)
    if rule.code is not None:
        return f"core: `{rule.code}`"
    return _WHY_NOT.get(rule.exec, "✗")


def _goldens(rule: Rule) -> str:
    names = list(dict.fromkeys(n for h in rule.homes for n in h.goldens))
    if not names:
        return ""
    total = sum(len(h.goldens) for h in rule.homes)
    shown = "; ".join(names[:_MOST_CASES_NAMED])
    return f"{total}: {shown}{'; …' if len(names) > _MOST_CASES_NAMED else ''}"
