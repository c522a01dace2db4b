"""`gongdao rules new` (新建): a commented rulebook to fill in, with its golden cases."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

import typer

from gongdao.cli.chosen import Lang
from gongdao.cli.telling import Tongue, refusing, say
from gongdao.core.kernel.findings import BadInput, Conflict, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.rulebook.parse import SUBJECT
from gongdao.library.shelf import Shelf, rulebooks_folder
from gongdao.library.template import template_folder

_EXAMPLE, _EXAMPLE_DATE = "example/late-shipping", "2024-01-01"


def new(
    subject: Annotated[str, typer.Argument(help="平台/主题 · platform/subject")],
    effective: Annotated[str, typer.Option(help="生效日期 · date it takes effect, 2024-01-03")],
    lang: Lang = Tongue.ZH,
) -> None:
    """Copy the commented template to a new rulebook; the platform's profile too, if it has none."""
    with refusing(lang, as_json=False):
        if not SUBJECT.fullmatch(subject):
            raise _bad("subject", subject, Text("例如 shop/after-sale", "like shop/after-sale"))
        try:
            date.fromisoformat(effective)
        except ValueError:
            raise _bad("effective", effective, Text("例如 2024-01-03", "like 2024-01-03")) from None
        made = _write(subject, effective)
    for path in made:
        typer.echo(path)
    hint = Text(
        f"改好后：gongdao rules check {subject}，gongdao rules test {subject}",
        f"then: gongdao rules check {subject}, gongdao rules test {subject}",
    )
    typer.echo(say(hint, lang))


def _write(subject: str, effective: str) -> list[str]:
    folder, template = rulebooks_folder(), template_folder()
    platform = subject.partition("/")[0]
    files = {
        folder / subject / f"{effective}{kind}": (
            template / "late-shipping" / f"{_EXAMPLE_DATE}{kind}"
        ).read_text(encoding="utf-8")
        for kind in (".yaml", ".cases.yaml")
    }
    profile = folder / platform / "platform.yaml"
    if not profile.exists():
        files[profile] = (template / "platform.yaml").read_text(encoding="utf-8")
    for path in files:
        if path.exists():
            raise Conflict(
                Finding(
                    code="rules.exists",
                    field="subject",
                    message=Text(f"已有 {path.name}", f"{path.name} is already there"),
                    cure=Text("请用另一个日期", "choose another date"),
                    where=Shelf(folder).shown(path),
                )
            )
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_filled(text, subject, effective), encoding="utf-8")
    return [Shelf(folder).shown(path) for path in files]


def _filled(text: str, subject: str, effective: str) -> str:
    """Put the new name and date where the template has its own."""
    platform = subject.partition("/")[0]
    text = text.replace(_EXAMPLE, subject)
    text = re.sub(r"^platform: .*$", f"platform: {platform}", text, flags=re.MULTILINE)
    text = re.sub(r'^version: ".*"$', f'version: "{effective}"', text, flags=re.MULTILINE)
    text = text.replace(f"@{_EXAMPLE_DATE}", f"@{effective}")
    return text.replace(f'from: "{_EXAMPLE_DATE}T', f'from: "{effective}T')


def _bad(field: str, given: str, cure: Text) -> BadInput:
    message = Text(f"“{given}”不能用", f"`{given}` will not do")
    return BadInput(Finding(code=f"input.bad_{field}", field=field, message=message, cure=cure))
