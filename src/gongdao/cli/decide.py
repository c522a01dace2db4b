"""`gongdao decide` (裁决): what the rulebook in force says about facts, and why."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gongdao.cli.bulk import EngineName, decide_bulk, tell_bulk
from gongdao.cli.plain_input import read_plain
from gongdao.cli.subject import Subject, named, read_subject
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
from gongdao.cli.understanding import (
    held_data,
    needed_data,
    print_needed,
    print_what_if,
    print_why,
    require_solver,
    what_if_data,
    why_data,
)
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import parse_instant
from gongdao.core.rulebook.answer import Answer
from gongdao.core.rulebook.evaluate import evaluate
from gongdao.core.rulebook.explain import explain, title_of, type_of_name
from gongdao.core.rulebook.literal import plain
from gongdao.core.rulebook.model import Rulebook
from gongdao.library.ask import Asked, SaidBy, ask
from gongdao.library.shelf import Shelf

app = typer.Typer(add_completion=False)


class Side(StrEnum):
    """A party whose evidence may change the answer."""

    BUYER = "buyer"
    MERCHANT = "merchant"


@app.command("decide")
def decide(  # noqa: PLR0913, PLR0917  the options are what a person types
    subject: Annotated[str, typer.Argument(help="平台/主题[/判定表] · platform/subject[/table]")],
    facts: Annotated[
        str | None, typer.Option(help="事实文件，- 为标准输入 · JSON or YAML, - for stdin")
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(help="此刻生效的版本，也是 now · version in force at, and the fact now"),
    ] = None,
    lang: Annotated[Tongue, typer.Option(help="语言 · language")] = Tongue.ZH,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · print JSON")] = False,
    why: Annotated[bool, typer.Option("--why", help="说理 · explain to a person")] = False,
    what_if: Annotated[
        bool, typer.Option("--what-if", help="什么会改变结果 · what would change it")
    ] = False,
    party: Annotated[
        Side | None, typer.Option("--as", help="只看该方的凭证 · by this party's evidence alone")
    ] = None,
    bulk: Annotated[
        Path | None, typer.Option(help="成批案件的 Parquet 文件 · a Parquet file of many cases")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="批量结果 · where bulk answers go")] = None,
    engine: Annotated[
        EngineName, typer.Option(help="批量引擎 · where bulk runs")
    ] = EngineName.DUCKDB,
) -> None:
    """Decide facts by the rulebook in force. Exit 0 answered, 3 undecided, 2 bad input."""
    with refusing(lang, as_json=as_json):
        asked = read_subject(subject)
        instant = datetime.now(UTC) if at is None else parse_instant(at, field="at")
        if bulk is not None:
            tell_bulk(decide_bulk(asked, instant, bulk, out, engine), lang, as_json=as_json)
            raise typer.Exit(ANSWERED)
        if facts is None:
            raise named(Text("事实文件", "facts"), ["--facts", "--bulk"])
        said_by: SaidBy = "clock" if at is None else "at"
        book, found = _ask(asked, instant, said_by, facts, solving=what_if or party is not None)
    if as_json:
        print_json(_data(book, found, lang, why=why, what_if=what_if, party=party))
    else:
        _tell(book, found, lang, why=why, what_if=what_if, party=party)
    raise typer.Exit(ANSWERED if found.answer.status == "decided" else UNDECIDED)


def _ask(
    asked: Subject, at: datetime, said_by: SaidBy, facts: str, *, solving: bool
) -> tuple[Rulebook, Asked]:
    shelf = Shelf()
    book = asked.find(shelf, at)
    name = asked.part or book.asks
    if name is None:
        raise named(Text("判定表", "table"), list(book.tables))
    if name not in book.tables:
        evaluate(book, name, {})  # raises, naming the tables there are
    if solving:
        require_solver()
    return book, ask(shelf, book, name, read_plain(facts, "facts").data, at, said_by)


def _data(
    book: Rulebook, found: Asked, lang: Tongue, *, why: bool, what_if: bool, party: Side | None
) -> dict[str, object]:
    data = answer_data(book, found.answer, lang)
    if why:
        data["why"] = why_data(book, found.answer, lang)
    if what_if or party is not None:
        data["what_if"] = what_if_data(book, found, party, lang)
        data["on_record"] = held_data(book, found.answer, found.facts, lang)
        data["still_needed"] = needed_data(book, found.answer, found.facts, lang)
    return data


def _tell(
    book: Rulebook, found: Asked, lang: Tongue, *, why: bool, what_if: bool, party: Side | None
) -> None:
    changing = what_if or party is not None
    if why:
        print_why(book, found.answer, lang)
    elif not changing:
        _print(book, found.answer, lang)
    if changing:
        print_needed(book, found.answer, found.facts, lang)
        print_what_if(book, found, party, lang)


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
        "floor": _floor_data(book, answer),
        "explanation": [say(s, lang) for s in explained.sentences()],
    }


def _floor_data(book: Rulebook, answer: Answer) -> dict[str, object] | None:
    floor = answer.floor
    if floor is None:
        return None
    gives = book.tables[answer.table].gives
    return {
        "rulebook": floor.rulebook,
        "digest": floor.digest,
        "table": floor.table,
        "row": floor.row,
        "cite": [source.id for source in floor.sources],
        "raised": {
            o: {"from": plain(was, gives[o]), "to": plain(now, gives[o])}
            for o, (was, now) in floor.raised.items()
        },
    }


def _print(book: Rulebook, answer: Answer, lang: Tongue) -> None:
    out = console()
    explained = explain(book, answer)
    out.print(f"{say(book.title, lang)} · {answer.rulebook}")
    out.print(say(explained.verdict, lang), style="bold")
    for row in (*explained.rows, *explained.floor):
        out.print(say(row, lang))
    for heading, sentences in (
        (Text("依据", "Clauses"), explained.clauses),
        (Text("读取的值", "Values read"), explained.read),
        (Text("相近的规则", "Near misses"), explained.near),
        (Text("还须查明", "Still to establish"), explained.needed),
    ):
        if sentences:
            out.print(table("", (say(heading, lang),), [(say(s, lang),) for s in sentences]))
