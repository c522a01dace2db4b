"""`gongdao decide` (裁决): what the rulebook in force says about facts, and why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from gongdao.cli.plain_input import read_plain
from gongdao.cli.subject import named, read_subject
from gongdao.cli.telling import (
    ANSWERED,
    UNDECIDED,
    Tongue,
    console,
    print_json,
    refusing,
    say,
    table,
)
from gongdao.core.kernel.findings import BadInput
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import parse_instant
from gongdao.core.rulebook.answer import Answer
from gongdao.core.rulebook.evaluate import evaluate
from gongdao.core.rulebook.explain import explain, title_of, type_of_name
from gongdao.core.rulebook.facts import read_facts
from gongdao.core.rulebook.literal import plain
from gongdao.core.rulebook.model import Rulebook
from gongdao.library.shelf import Shelf

app = typer.Typer(add_completion=False)


@app.command("decide")
def decide(
    subject: Annotated[str, typer.Argument(help="平台/主题[/判定表] · platform/subject[/table]")],
    facts: Annotated[str, typer.Option(help="事实文件，- 为标准输入 · JSON or YAML, - for stdin")],
    at: Annotated[str | None, typer.Option(help="按此刻生效的版本 · version in force at")] = None,
    lang: Annotated[Tongue, typer.Option(help="语言 · language")] = Tongue.ZH,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · print JSON")] = False,
) -> None:
    """Decide facts by the rulebook in force. Exit 0 answered, 3 undecided, 2 bad input."""
    with refusing(lang, as_json=as_json):
        asked = read_subject(subject)
        instant = datetime.now(UTC) if at is None else parse_instant(at, field="at")
        book = asked.find(Shelf(), instant)
        name = asked.part or book.asks
        if name is None:
            raise named(Text("判定表", "table"), list(book.tables))
        read = read_facts(book, read_plain(facts, "facts").data)
        if read.findings:
            raise BadInput(*read.findings)
        answer = evaluate(book, name, read.facts)
    if as_json:
        print_json(answer_data(book, answer, lang))
    else:
        _print(book, answer, lang)
    raise typer.Exit(ANSWERED if answer.status == "decided" else UNDECIDED)


def answer_data(book: Rulebook, answer: Answer, lang: Tongue) -> dict[str, object]:
    """Write an answer for programs; money is `{fen: n}`, instants and rates are text."""
    gives = book.tables[answer.table].gives
    outputs = [
        {o: plain(v, gives[o]) for o, v in each.items()}
        for each in (answer.outputs, *answer.collected)
    ]
    explained = explain(book, answer)
    return {
        "rulebook": answer.rulebook,
        "digest": answer.digest,
        "table": answer.table,
        "status": answer.status,
        "outputs": outputs[0],
        "collected": outputs[1:],
        "rows": [{"table": h.table, "row": h.row, "cite": list(h.cite)} for h in answer.hits],
        "clauses": [
            {
                "id": c,
                "text": say(book.sources[c].text, lang),
                "ref": book.sources[c].ref,
                "reading": book.sources[c].reading,
            }
            for c in answer.cite
        ],
        "read": [
            {
                "name": r.name,
                "title": say(title_of(book, r.name), lang),
                "value": plain(r.value, type_of_name(book, r.name)),
                "origin": r.origin,
            }
            for r in answer.read
        ],
        "near": [
            {
                "row": n.row,
                "name": n.name,
                "wanted": n.wanted,
                "was": plain(n.was, type_of_name(book, n.name)),
            }
            for n in answer.near
        ],
        "needed": list(answer.needed),
        "explanation": [say(s, lang) for s in explained.sentences()],
    }


def _print(book: Rulebook, answer: Answer, lang: Tongue) -> None:
    out = console()
    explained = explain(book, answer)
    out.print(f"{say(book.title, lang)} · {answer.rulebook}")
    out.print(say(explained.verdict, lang), style="bold")
    for row in explained.rows:
        out.print(say(row, lang))
    for heading, sentences in (
        (Text("依据", "Clauses"), explained.clauses),
        (Text("读取的值", "Values read"), explained.read),
        (Text("相近的规则", "Near misses"), explained.near),
        (Text("还须查明", "Still to establish"), explained.needed),
    ):
        if sentences:
            out.print(table("", (say(heading, lang),), [(say(s, lang),) for s in sentences]))
