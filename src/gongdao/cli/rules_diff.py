"""`gongdao rules diff` (对照): what changed between two versions, and which cases end otherwise."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Annotated

import typer

from gongdao.cli.chosen import Json, Lang
from gongdao.cli.telling import Tongue, print_json, refusing, say
from gongdao.core.kernel.text import Text
from gongdao.core.rulebook.diff import Difference, differences
from gongdao.core.rulebook.literal import plain
from gongdao.core.rulebook.model import Rulebook
from gongdao.core.rulebook.plainly import outcome
from gongdao.library.shelf import Shelf

_KINDS = {
    "added": Text("新增", "added"),
    "removed": Text("删去", "removed"),
    "changed": Text("改动", "changed"),
}
_Ref = Annotated[str, typer.Argument(help="平台/主题@版本 · platform/subject@version")]


def diff(old: _Ref, new: _Ref, lang: Lang = Tongue.ZH, as_json: Json = False) -> None:
    """Say what changed between two versions: rows, numbers, deadlines, states, and cases."""
    with refusing(lang, as_json=as_json):
        shelf = Shelf()
        one, two = shelf.exact(old), shelf.exact(new)
    found = differences(one, two)
    cases = _cases(one, two, lang) if find_spec("z3") is not None else []
    if as_json:
        print_json({"differences": [_data(d, lang) for d in found], "cases": cases})
        return
    for each in found:
        typer.echo(_line(each, lang))
    if cases:
        typer.echo(say(Text("结果改变的案件", "Cases that end otherwise"), lang))
    for case in cases:
        typer.echo(f"  {case['table']}: {case['old_row']} → {case['new_row']}")
        typer.echo(f"    {case['old']} ⇒ {case['new']}")
        typer.echo(f"    {case['facts']}")


def _data(each: Difference, lang: Tongue) -> dict[str, object]:
    return {
        "kind": each.kind,
        "section": each.section,
        "name": each.name,
        "old": say(each.old, lang) or None,
        "new": say(each.new, lang) or None,
    }


def _line(each: Difference, lang: Tongue) -> str:
    head = f"{say(_KINDS[each.kind], lang)} {each.section} {each.name}"
    if each.kind == "changed":
        return f"{head}\n    - {say(each.old, lang)}\n    + {say(each.new, lang)}"
    return f"{head}: {say(each.new if each.kind == 'added' else each.old, lang)}"


def _cases(old: Rulebook, new: Rulebook, lang: Tongue) -> list[dict[str, object]]:
    from gongdao.prove.difference import changed_cases

    return [
        {
            "table": table,
            "old_row": case.old_row,
            "new_row": case.new_row,
            "old": say(outcome(old, table, case.old), lang),
            "new": say(outcome(new, table, case.new), lang),
            "facts": {
                n: plain(v, (new.facts.get(n) or old.facts[n]).type) for n, v in case.facts.items()
            },
        }
        for table in old.tables
        if table in new.tables
        for case in changed_cases(old, new, table)
    ]
