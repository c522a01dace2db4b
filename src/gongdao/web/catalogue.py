"""Catalogue (译文目录): the words of pages and code, collected, checked and compiled.

The source is English; `zh_Hans` must be complete. Needs polib, a tool of development only.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import polib
from django.utils.translation.template import templatize

if TYPE_CHECKING:
    from collections.abc import Iterator

_here = Path(__file__).parent
PLACE = _here / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
_NAMES = {"_": 0, "gettext": 0, "gettext_lazy": 0, "pgettext": 1}
#: What Django's `templatize` writes for each translatable part of a template.
_IN_TEMPLATE = re.compile(
    r"\b(?P<name>gettext|pgettext|_)\("
    r"(?P<texts>\s*u?(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
    r"(?:\s*,\s*u?(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'))*)"
)
_HEADER = {
    "Project-Id-Version": "gongdao",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "zh_Hans",
    "Plural-Forms": "nplurals=1; plural=0;",
}

#: Context (None without one) and English source text.
Said = tuple[str | None, str]


def said() -> dict[Said, list[str]]:
    """Return every translatable text and the files that say it."""
    found: dict[Said, list[str]] = {}
    for path in sorted(_here.rglob("*.py")):
        for text in _in_python(path.read_text(encoding="utf-8")):
            found.setdefault(text, []).append(path.relative_to(_here).as_posix())
    for path in sorted((_here / "templates").rglob("*.html")):
        for text in _in_template(path.read_text(encoding="utf-8")):
            found.setdefault(text, []).append(path.relative_to(_here).as_posix())
    return found


def _in_python(source: str) -> Iterator[Said]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            place = _NAMES.get(node.func.id)
            texts = [
                a.value
                for a in node.args
                if isinstance(a, ast.Constant) and isinstance(a.value, str)
            ]
            if place is not None and len(texts) > place:
                yield (texts[0] if place else None, texts[place])


def _in_template(source: str) -> Iterator[Said]:
    for match in _IN_TEMPLATE.finditer(templatize(source)):
        texts = [ast.literal_eval(t.strip().removeprefix("u")) for t in _split(match["texts"])]
        if match["name"] == "pgettext":
            yield (texts[0], texts[1])
        else:
            yield (None, texts[0])


def _split(texts: str) -> list[str]:
    return re.findall(r"u?(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')", texts)


def update() -> int:
    """Write the catalogue anew, keeping translations; compile it; return how many are missing."""
    old = {(e.msgctxt, e.msgid): e.msgstr for e in polib.pofile(str(PLACE))} if _exists() else {}
    catalogue = polib.POFile(wrapwidth=100)
    catalogue.metadata = _HEADER
    for (context, text), places in sorted(said().items(), key=lambda item: item[0][1].lower()):
        catalogue.append(
            polib.POEntry(
                msgctxt=context,
                msgid=text,
                msgstr=old.get((context, text), ""),
                occurrences=[(place, "") for place in dict.fromkeys(places)],
            )
        )
    PLACE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(PLACE))
    catalogue.save_as_mofile(str(PLACE.with_suffix(".mo")))
    return len(catalogue.untranslated_entries())


def check() -> list[str]:
    """Return what is wrong: texts not collected or translated, no longer said, not compiled."""
    if not _exists():
        return ["no catalogue: run `gongdao translations`"]
    catalogue = polib.pofile(str(PLACE))
    entries = {(e.msgctxt, e.msgid): e.msgstr for e in catalogue}
    now = said()
    troubles = [
        f"not collected: {text!r} ({', '.join(now[key])})"
        for key in now
        if key not in entries
        for text in [key[1]]
    ]
    troubles += [f"no longer said: {key[1]!r}" for key in entries if key not in now]
    troubles += [f"not translated: {key[1]!r}" for key, text in entries.items() if not text]
    troubles += [
        f"placeholders differ: {key[1]!r}"
        for key, text in entries.items()
        if text and _placeholders(key[1]) != _placeholders(text)
    ]
    compiled = PLACE.with_suffix(".mo")
    if not compiled.is_file() or compiled.read_bytes() != catalogue.to_binary():
        troubles.append("not compiled: run `gongdao translations`")
    return troubles


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s|\{\w+\}", text))


def _exists() -> bool:
    return PLACE.is_file()
