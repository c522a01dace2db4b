"""Platform profiles (平台规则组): which rulebooks a platform tries for each track and question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gongdao.core.kernel.findings import Finding
from gongdao.core.kernel.text import Text
from gongdao.core.rulebook.parse import SUBJECT, nowhere
from gongdao.core.rulebook.parse_process import TRACKS
from gongdao.core.rulebook.reading import NAME, Path, Reader, Where, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One table that may answer a question."""

    subject: str
    """Rulebook id without version: `douyin/dispute`."""
    table: str | None = None
    """None: the table that the book `asks`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """A platform, and where its rules are found."""

    name: str
    title: Text
    tracks: Mapping[str, tuple[str, ...]]
    """Track (`order`, `after_sale`, `dispute`) -> subjects tried in order for a process."""
    questions: Mapping[str, tuple[Question, ...]]
    """Question (`ruling`, …) -> tables tried in order for a decided answer."""

    floor: tuple[Question, ...] = ()
    """Tables of law below which no ruling of the platform may fall, most specific first."""

    @property
    def subjects(self) -> tuple[str, ...]:
        """Every rulebook id that the profile names, once."""
        tracks = [s for subjects in self.tracks.values() for s in subjects]
        asked = [q.subject for questions in self.questions.values() for q in questions]
        laws = [q.subject for q in self.floor]
        return tuple(dict.fromkeys([*tracks, *asked, *laws]))


@dataclass(frozen=True, slots=True)
class ParsedPlatform:
    """A platform, or None when the profile has errors; and everything found."""

    platform: Platform | None
    findings: tuple[Finding, ...]


def parse_platform(data: object, where: Where = nowhere) -> ParsedPlatform:
    """Read a platform profile from plain data."""
    reader = Reader(where)
    top = reader.mapping(
        data,
        (),
        allowed=("platform", "title", *TRACKS, "questions", "floor"),
        required=("platform", "title"),
    )
    name = top.get("platform")
    if not isinstance(name, str) or not NAME.fullmatch(name.replace("-", "_")):
        reader.name(name, ("platform",))
    title = reader.title(top.get("title"), ("title",))
    tracks = {t: _subjects(reader, top.get(t, []), (t,)) for t in TRACKS}
    questions: dict[str, tuple[Question, ...]] = {}
    raw_questions = reader.mapping(top.get("questions", {}), ("questions",))
    for question, raw in raw_questions.items():
        path = ("questions", question)
        reader.name(question, path)
        questions[question] = tuple(
            _question(reader, item, (*path, i))
            for i, item in enumerate(reader.items_of_any(raw, path))
        )
    floor = tuple(
        _question(reader, item, ("floor", i))
        for i, item in enumerate(reader.items_of_any(top.get("floor", []), ("floor",)))
    )
    if reader.findings:
        return ParsedPlatform(None, tuple(reader.findings))
    platform = Platform(
        name=str(name), title=title, tracks=tracks, questions=questions, floor=floor
    )
    return ParsedPlatform(platform, ())


def _subjects(reader: Reader, data: object, path: Path) -> tuple[str, ...]:
    return tuple(_subject(reader, s, (*path, i)) for i, s in enumerate(reader.items(data, path)))


def _subject(reader: Reader, data: object, path: Path) -> str:
    if isinstance(data, str) and SUBJECT.fullmatch(data):
        return data
    reader.report(
        path,
        "platform.not_a_subject",
        Text(f"“{shown(data)}”不是规则书名", f"`{shown(data)}` does not name a rulebook"),
        Text("例如 kuaishou/after-sale", "write it like kuaishou/after-sale"),
    )
    return ""


def _question(reader: Reader, data: object, path: Path) -> Question:
    found = reader.mapping(data, path, allowed=("subject", "table"), required=("subject",))
    table = found.get("table")
    return Question(
        subject=_subject(reader, found.get("subject"), (*path, "subject")),
        table=None if table is None else reader.text(table, (*path, "table")),
    )
