"""Understanding an answer (说理): why, what would change it, what is still needed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec

import typer

from gongdao.cli.telling import Tongue, say
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text, list_in
from gongdao.core.rulebook.answer import Answer
from gongdao.core.rulebook.explain import explain, title_of, type_of_name
from gongdao.core.rulebook.literal import plain
from gongdao.core.rulebook.model import Rulebook, Value
from gongdao.core.rulebook.plainly import change, in_one_sentence, outcome
from gongdao.library.ask import Asked


def require_solver() -> None:
    """Raise BadInput `input.no_solver` where the solver is not installed."""
    if find_spec("z3") is None:
        raise BadInput(
            Finding(
                code="input.no_solver",
                field="what-if",
                message=Text("没有安装求解器", "the solver is not installed"),
                cure=Text("请安装 gongdao[prove]", "install gongdao[prove]"),
            )
        )


def why_data(book: Rulebook, answer: Answer, lang: Tongue) -> dict[str, object]:
    """Return the explanation for a person, part by part."""
    parts = explain(book, answer)
    return {
        "verdict": say(in_one_sentence(book, answer), lang),
        "rows": [say(t, lang) for t in parts.rows],
        "floor": [say(t, lang) for t in parts.floor],
        "clauses": [say(t, lang) for t in parts.clauses],
        "values": [say(t, lang) for t in parts.read],
        "near": [say(t, lang) for t in parts.near],
    }


def print_why(book: Rulebook, answer: Answer, lang: Tongue) -> None:
    """Print the explanation for a person."""
    parts = explain(book, answer)
    typer.echo(say(in_one_sentence(book, answer), lang))
    for text in (*parts.rows, *parts.floor):
        typer.echo(f"  {say(text, lang)}")
    for heading, texts in (
        (Text("依据", "Clauses"), parts.clauses),
        (Text("读取的值", "Values read"), parts.read),
        (Text("相近的规则", "Near misses"), parts.near),
    ):
        if texts:
            typer.echo(say(heading, lang))
        for text in texts:
            typer.echo(f"  {say(text, lang)}")


def needed_data(
    book: Rulebook, answer: Answer, facts: Mapping[str, Value], lang: Tongue
) -> list[dict[str, object]]:
    """Return the unknown facts that can make a difference, cheapest first."""
    from gongdao.prove.changes import discriminating

    return [
        {
            "name": name,
            "title": say(title_of(book, name), lang),
            "cost": book.facts[name].cost if name in book.facts else None,
        }
        for name in discriminating(book, answer.table, facts)
    ]


def print_needed(book: Rulebook, answer: Answer, facts: Mapping[str, Value], lang: Tongue) -> None:
    """Print what is still to be established, cheapest first."""
    found = needed_data(book, answer, facts, lang)
    if found:
        typer.echo(say(Text("还须查明（由易到难）", "Still to establish, cheapest first"), lang))
    for place, each in enumerate(found, 1):
        typer.echo(f"  {place}. {each['title']} ({each['name']})")


def what_if_data(
    book: Rulebook, found: Asked, party: str | None, lang: Tongue
) -> list[dict[str, object]]:
    """Return the smallest changes of fact to each other outcome, cheapest first.

    Other than the answer as given, with what the law raised it to.
    """
    from gongdao.prove.changes import ways_out

    answer = found.answer
    return [
        {
            "outcome": say(outcome(book, answer.table, way.outputs), lang),
            "row": way.row,
            "outputs": {
                o: plain(v, book.tables[answer.table].gives[o]) for o, v in way.outputs.items()
            },
            "changes": [
                {
                    "name": c.name,
                    "title": say(title_of(book, c.name), lang),
                    "was": plain(c.was, type_of_name(book, c.name)),
                    "would_be": plain(c.would_be, type_of_name(book, c.name)),
                }
                for c in way.changes
            ],
            "sentence": say(
                list_in(tuple(change(book, c.name, c.was, c.would_be) for c in way.changes)), lang
            ),
            "cost": way.cost,
        }
        for way in ways_out(book, answer.table, found.facts, party, found.again)
    ]


def held_data(
    book: Rulebook, answer: Answer, facts: Mapping[str, Value], lang: Tongue
) -> list[dict[str, object]]:
    """Return the facts of record that stay what they are, because nobody can change them."""
    from gongdao.prove.changes import held

    return [
        {
            "name": name,
            "title": say(title_of(book, name), lang),
            "value": plain(facts[name], type_of_name(book, name)),
        }
        for name in held(book, answer.table, facts)
    ]


def _given_by_law(book: Rulebook, answer: Answer) -> Text | None:
    """Say which outcome the statutory floor gives already; None: it changed nothing."""
    floor = answer.floor
    if floor is None:
        return None
    given = outcome(book, answer.table, {o: now for o, (_, now) in floor.raised.items()})
    clauses = [source.id for source in floor.sources]
    return Text(
        f"  法定底线已经给出：{given.zh}（{'、'.join(clauses)}），不需要任何改变",
        f"  the law gives already, with no change: {given.en} ({', '.join(clauses)})",
    )


def print_what_if(book: Rulebook, asked: Asked, party: str | None, lang: Tongue) -> None:
    """Print what would change the answer; with `party`, by that party's own evidence alone."""
    answer, facts = asked.answer, asked.facts
    found = what_if_data(book, asked, party, lang)
    typer.echo(say(Text("什么会改变结果", "What would change it"), lang))
    by_law = _given_by_law(book, answer)
    if by_law is not None:
        typer.echo(say(by_law, lang))
    if not found:
        nothing = Text(
            "  没有：所许的改变都不影响结果", "  nothing: no change allowed leads elsewhere"
        )
        typer.echo(say(nothing, lang))
    for way in found:
        typer.echo(f"  {way['sentence']} → {way['outcome']} [{way['row']}]")
    stay = [str(each["title"]) for each in held_data(book, answer, facts, lang)]
    if stay:
        typer.echo(
            say(
                Text(
                    f"  记录已载明的事实无人能改，不在其列：{'、'.join(stay)}",
                    f"  on record, so that nobody can change them: {', '.join(stay)}",
                ),
                lang,
            )
        )
