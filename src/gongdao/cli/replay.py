"""`gongdao replay` (推演): run a process over dated acts up to an instant."""

from __future__ import annotations

from typing import Annotated, cast

import typer

from gongdao.cli.plain_input import read_plain
from gongdao.cli.subject import named, read_subject
from gongdao.cli.telling import Tongue, console, finding_data, print_json, refusing, say, table
from gongdao.core.kernel.findings import BadInput
from gongdao.core.kernel.text import Text, list_in
from gongdao.core.kernel.time import beijing, parse_instant
from gongdao.core.kernel.words import label
from gongdao.core.process.replay import Firing, Replay, replay
from gongdao.core.process.timeline import Timeline, timeline_of
from gongdao.core.rulebook.facts import read_facts
from gongdao.core.rulebook.model import Rulebook
from gongdao.library.shelf import Shelf

app = typer.Typer(add_completion=False)


@app.command("replay")
def replay_command(
    subject: Annotated[str, typer.Argument(help="平台/主题[/流程] · platform/subject[/process]")],
    timeline: Annotated[
        str, typer.Option(help="时间线文件，- 为标准输入 · JSON or YAML, - for stdin")
    ],
    now: Annotated[str, typer.Option(help="推演到此刻 · run up to this instant")],
    lang: Annotated[Tongue, typer.Option(help="语言 · language")] = Tongue.ZH,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · print JSON")] = False,
) -> None:
    """Run a process over dated acts: its state, what the clock did, the next deadline.

    The file is `[{at}, {at, by, do, with}, …]` or `{facts: {…}, timeline: […]}`; the first entry
    says when the process begins, and chooses the version of the rules.
    """
    with refusing(lang, as_json=as_json):
        asked = read_subject(subject)
        until = parse_instant(now, field="now")
        given, raw_facts = _read(timeline)
        book = asked.find(Shelf(), given.begin)
        process = (
            asked.part or next(iter(book.processes)) if len(book.processes) == 1 else asked.part
        )
        if process is None:
            raise named(Text("流程", "process"), list(book.processes))
        facts = read_facts(book, raw_facts)
        if facts.findings:
            raise BadInput(*facts.findings)
        played = replay(book, process, given.begin, given.acts, facts.facts, until)
    if as_json:
        print_json(replay_data(book, played, lang))
    else:
        _print(book, played, lang)


def _read(file: str) -> tuple[Timeline, object]:
    document = read_plain(file, "timeline")
    data, facts = document.data, cast("object", {})
    if isinstance(data, dict):
        whole = cast("dict[object, object]", data)
        data, facts = whole.get("timeline"), whole.get("facts", {})
    return timeline_of(data, document.where), facts


def _firing(firing: Firing | None, lang: Tongue) -> dict[str, object] | None:
    if firing is None:
        return None
    return {
        "do": firing.do,
        "state": firing.state,
        "deadline": firing.clock,
        "at": firing.at.isoformat(),
        "reason": say(firing.reason, lang),
        "cite": list(firing.cite),
    }


def replay_data(book: Rulebook, played: Replay, lang: Tongue) -> dict[str, object]:
    """Write a replay for programs."""
    return {
        "rulebook": book.ref,
        "process": played.process,
        "state": played.state,
        "final": played.final,
        "waits_for": [r.value for r in played.waits_for],
        "next": _firing(played.next, lang),
        "fired": [_firing(f, lang) for f in played.fired],
        "visits": [
            {"state": v.state, "entered_at": v.entered_at.isoformat(), "by": v.by or None}
            for v in played.visits
        ],
        "refused": [
            {"do": r.act.do, "at": r.act.at.isoformat(), **finding_data(r.finding, lang)}
            for r in played.refused
        ],
        "effects": [
            {
                "kind": e.kind.value,
                "argument": e.argument,
                "through": e.through,
                "amount_fen": e.amount if isinstance(e.amount, int) else None,
                "at": e.at.isoformat(),
            }
            for e in played.effects
        ],
    }


def _print(book: Rulebook, played: Replay, lang: Tongue) -> None:
    out = console()
    process = book.processes[played.process]
    states = process.states
    out.print(f"{say(process.title, lang)} · {book.ref}")
    out.print(say(states[played.state].title, lang), style="bold")
    visits = [
        (beijing(v.entered_at), say(states[v.state].title, lang), v.by) for v in played.visits
    ]
    heads = {Tongue.ZH: ("时间", "状态", "经由"), Tongue.EN: ("at", "state", "by")}[lang]
    out.print(table("", heads, visits))
    for firing in played.fired:
        out.print(f"⏱ {beijing(firing.at)} {firing.do}: {say(firing.reason, lang)}")
    for refused in played.refused:
        out.print(
            f"✗ {beijing(refused.act.at)} {refused.act.do}: {say(refused.finding.message, lang)}"
        )
    for effect in played.effects:
        out.print(f"→ {beijing(effect.at)} {effect.kind.value} {effect.argument or ''}")
    if played.waits_for:
        who = list_in(tuple(label(r) for r in played.waits_for))
        out.print(say(Text(f"等待：{who.zh}", f"waiting for: {who.en}"), lang))
    if played.next is not None:
        due = f"{beijing(played.next.at)} {played.next.do}: "
        out.print(
            say(Text("下一时限 ", "next deadline "), lang) + due + say(played.next.reason, lang)
        )
