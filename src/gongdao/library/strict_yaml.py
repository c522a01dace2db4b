"""Strict YAML (严格 YAML): plain data with the line of every value, and nothing that surprises.

Refused: duplicate keys, anchors, aliases, tags, tabs, several documents, `yes no on off y n` as
words, files over a megabyte, nesting over thirty levels. Numbers with a point become
Decimal, never float.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import yaml

from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.rulebook.reading import Path

#: The C reader of libyaml is ten times as fast; PyYAML built without it has the Python one.
_Loader: type[yaml.SafeLoader | yaml.CSafeLoader] = (
    yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
)
LARGEST_BYTES = 1_000_000
DEEPEST = 30
_SEEMING_BOOLEANS = {"yes", "no", "on", "off", "y", "n"}
_INTEGER = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,30})", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,30})\.[0-9]{1,30}", re.ASCII)
_NULLS = {"", "null", "~", "Null", "NULL"}
_TRUTHS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Document:
    """What a file holds, and on which line each path of keys stands."""

    data: object
    file: str
    lines: Mapping[Path, int]

    def where(self, path: Path) -> str:
        """Return `file:line` of a path, or of its nearest enclosing key."""
        while path and path not in self.lines:
            path = path[:-1]
        return f"{self.file}:{self.lines.get(path, 1)}"


def read_yaml(content: bytes, file: str) -> Document:
    """Read one document. Raises BadInput whose findings name file and line."""
    if len(content) > LARGEST_BYTES:
        raise _refused(file, 1, "yaml.too_large", _TOO_LARGE)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        raise _refused(file, line, "yaml.not_utf8", _NOT_UTF8) from None
    for number, row in enumerate(text.splitlines(), 1):
        if "\t" in row:
            raise _refused(file, number, "yaml.tab", _TAB)
    try:
        _refuse_machinery(text, file)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        problem = fault.problem or "syntax"
        message = Text(f"YAML 语法错误：{problem}", f"not valid YAML: {problem}")
        raise _refused(file, line, "yaml.syntax", (message, _SYNTAX_CURE)) from None
    except yaml.YAMLError as fault:
        message = Text("YAML 语法错误", f"not valid YAML: {type(fault).__name__}")
        raise _refused(file, 1, "yaml.syntax", (message, _SYNTAX_CURE)) from None
    builder = _Builder(file)
    data = None if node is None else builder.build(node, ())
    if builder.findings:
        raise BadInput(*builder.findings)
    return Document(data, file, builder.lines)


def _refuse_machinery(text: str, file: str) -> None:
    """Refuse anchors, aliases, tags and deep nesting before anything is built from them."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _refused(file, line, "yaml.anchor", _ANCHOR)
        if getattr(event, "tag", None):
            raise _refused(file, line, "yaml.tag", _TAG)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise _refused(file, line, "yaml.too_deep", _TOO_DEEP)


class _Builder:
    """Builds plain data from nodes, remembering lines and gathering findings."""

    def __init__(self, file: str) -> None:
        self.findings: list[Finding] = []
        self.lines: dict[Path, int] = {}
        self._file = file

    def build(self, node: yaml.Node, path: Path) -> object:
        """Return the plain value of a node."""
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, i)) for i, item in enumerate(node.value)]
        return self._scalar(node, path)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[object, object]:
        found: dict[object, object] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._report(path, line, "yaml.key", _KEY)
                continue
            # A key is its text: the strict reader of the file kind decides which keys it knows.
            key = key_node.value
            if not key_node.style and key.lower() in _SEEMING_BOOLEANS:
                self._report((*path, key), line, "yaml.boolean_word", _boolean_word(key))
            if key in found:
                self._report((*path, key), line, "yaml.duplicate_key", _duplicate(key))
            self.lines[(*path, key)] = line
            found[key] = self.build(value_node, (*path, key))
        return found

    def _scalar(self, node: yaml.Node, path: Path) -> object:
        text: str = node.value
        if getattr(node, "style", None):
            return text  # quoted, or a block of text
        if text in _NULLS:
            return None
        if text in _TRUTHS:
            return _TRUTHS[text]
        if text.lower() in _SEEMING_BOOLEANS or text.lower() in _TRUTHS:
            self._report(path, node.start_mark.line + 1, "yaml.boolean_word", _boolean_word(text))
        if _INTEGER.fullmatch(text):
            return int(text)
        return Decimal(text) if _DECIMAL.fullmatch(text) else text

    def _report(self, path: Path, line: int, code: str, said: tuple[Text, Text]) -> None:
        field = ".".join(str(p) for p in path) or None
        self.findings.append(_finding(self._file, line, code, said, field))


def _finding(
    file: str, line: int, code: str, said: tuple[Text, Text], field: str | None = None
) -> Finding:
    return Finding(code=code, field=field, message=said[0], cure=said[1], where=f"{file}:{line}")


def _refused(file: str, line: int, code: str, said: tuple[Text, Text]) -> BadInput:
    return BadInput(_finding(file, line, code, said))


def _boolean_word(word: str) -> tuple[Text, Text]:
    return (
        Text(f"“{word}”不加引号有歧义", f"`{word}` without quotes is ambiguous"),
        Text(
            f'布尔值写 true 或 false；文字请写 "{word}"',
            f'write true or false, or "{word}" for text',
        ),
    )


def _duplicate(key: str) -> tuple[Text, Text]:
    return (
        Text(f"键“{key}”重复", f"the key `{key}` stands twice"),
        Text("请删去其中一个", "remove one of them"),
    )


_SYNTAX_CURE = Text("请检查缩进、冒号和引号", "check indentation, colons and quotes")
_TOO_LARGE = (
    Text("文件超过 1 MB", "the file is larger than 1 MB"),
    Text("请拆成几本规则书", "split it into several rulebooks"),
)
_TOO_DEEP = (
    Text(f"嵌套超过 {DEEPEST} 层", f"nested deeper than {DEEPEST} levels"),
    Text("请减少嵌套", "nest less"),
)
_NOT_UTF8 = (
    Text("不是 UTF-8 编码", "the file is not UTF-8"),
    Text("请另存为 UTF-8", "save it as UTF-8"),
)
_TAB = (Text("含有制表符", "there is a tab"), Text("请改用空格", "use spaces"))
_ANCHOR = (
    Text("不允许锚点和别名（& *）", "anchors and aliases (& *) are not allowed"),
    Text("请把内容写全，或给文字加引号", "write the content out, or quote the text"),
)
_TAG = (
    Text("不允许标签（!）", "tags (!) are not allowed"),
    Text("请删去标签，或给文字加引号", "remove the tag, or quote the text"),
)
_KEY = (Text("键必须是文字", "keys must be text"), Text("请改用文字作键", "use text as the key"))
