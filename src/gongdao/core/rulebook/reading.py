"""Reading plain data (读取): typed access to mappings and lists that gathers every finding."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeAlias, TypeVar, cast

from gongdao.core.kernel.findings import Finding, Severity
from gongdao.core.kernel.text import Text

Path: TypeAlias = tuple[str | int, ...]
Where: TypeAlias = Callable[[Path], str]
WordT = TypeVar("WordT", bound=str)

#: Names of facts, tables, states, …: also safe as identifiers wherever rules are compiled to.
NAME = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_MOST_SHOWN = 60


def shown(data: object) -> str:
    """Write a value of unknown size for a message."""
    text = data if isinstance(data, str) else repr(type(data)) if _is_large(data) else repr(data)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


def _is_large(data: object) -> bool:
    """Containers, and integers whose digits Python would refuse to print."""
    return isinstance(data, (dict, list, tuple, set)) or (
        isinstance(data, int) and data.bit_length() > 256  # noqa: PLR2004  77 digits
    )


class Reader:
    """Reads plain data and keeps what is wrong with it."""

    def __init__(self, where: Where) -> None:
        self.findings: list[Finding] = []
        self._where = where

    def report(
        self,
        path: Path,
        code: str,
        message: Text,
        cure: Text | None = None,
        *,
        severity: Severity = "error",
    ) -> None:
        """Keep a finding about the data at `path`."""
        self.findings.append(
            Finding(
                code=code,
                field=".".join(str(p) for p in path) or None,
                message=message,
                cure=cure,
                severity=severity,
                where=self._where(path),
            )
        )

    def line(self, path: Path) -> int:
        """Return the line of `path`, or 0 when the data came from no file."""
        tail = self._where(path).rpartition(":")[2]
        return int(tail) if tail.isascii() and tail.isdigit() else 0

    def mapping(
        self,
        data: object,
        path: Path,
        *,
        allowed: Iterable[str] | None = None,
        required: Iterable[str] = (),
    ) -> dict[str, object]:
        """Return the mapping at `path` with its unknown and missing keys reported."""
        if not isinstance(data, dict):
            self.wrong(path, data, Text("键值表", "a mapping"))
            return {}
        found: dict[str, object] = {}
        for key, value in cast("dict[object, object]", data).items():
            if not isinstance(key, str):
                self.report(
                    path,
                    "rules.key_not_text",
                    Text(f"键“{shown(key)}”不是文字", f"the key `{shown(key)}` is not text"),
                    Text("请给键加引号", "put the key in quotes"),
                )
            elif allowed is not None and key not in allowed:
                self._unknown_key(path, key, allowed)
            else:
                found[key] = value
        for key in required:
            if key not in found:
                self.report(
                    path,
                    "rules.missing_key",
                    Text(f"缺少“{key}”", f"`{key}` is missing"),
                    Text(f"请补上“{key}”", f"add `{key}`"),
                )
        return found

    def _unknown_key(self, path: Path, key: str, allowed: Iterable[str]) -> None:
        names = ", ".join(allowed)
        self.report(
            (*path, key),
            "rules.unknown_key",
            Text(f"不认识的键“{shown(key)}”", f"unknown key `{shown(key)}`"),
            Text(f"可用的键：{names}", f"keys that may stand here: {names}"),
        )

    def items(self, data: object, path: Path) -> list[object]:
        """Return the list at `path`; a single word counts as a list of one."""
        if isinstance(data, list):
            return cast("list[object]", data)
        if isinstance(data, (str, int)) and not isinstance(data, bool):
            return [data]
        self.wrong(path, data, Text("列表", "a list"))
        return []

    def items_of_any(self, data: object, path: Path) -> list[object]:
        """Return the list at `path`; a single mapping or word counts as a list of one."""
        return [data] if isinstance(data, dict) else self.items(data, path)

    def words(self, data: object, path: Path) -> tuple[str, ...]:
        """Return a list of texts; a single text counts as a list of one."""
        found: list[str] = []
        for index, item in enumerate(self.items(data, path)):
            if isinstance(item, str):
                found.append(item)
            else:
                self.wrong((*path, index), item, Text("文字", "text"))
        return tuple(found)

    def text(self, data: object, path: Path) -> str:
        """Return the text at `path`, or an empty one after reporting."""
        if isinstance(data, str) and data.strip():
            return data
        self.wrong(path, data, Text("文字", "text"))
        return ""

    def both(self, data: dict[str, object], path: Path) -> Text:
        """Return the `zh` and `en` of a mapping."""
        return Text(
            self.text(data.get("zh"), (*path, "zh")), self.text(data.get("en"), (*path, "en"))
        )

    def title(self, data: object, path: Path) -> Text:
        """Return the bilingual text `{zh: …, en: …}` at `path`."""
        return self.both(self.mapping(data, path, allowed=("zh", "en")), path)

    def flag(self, data: object, path: Path) -> bool:
        """Return the boolean at `path`."""
        if isinstance(data, bool):
            return data
        self.wrong(path, data, Text("true 或 false", "true or false"))
        return False

    def one_of(self, data: object, path: Path, words: Iterable[WordT]) -> WordT | None:
        """Return the member of `words` that `data` names, or report and return None."""
        known = list(words)
        for word in known:
            if isinstance(data, str) and word == data:
                return word
        names = ", ".join(str(w) for w in known)
        self.report(
            path,
            "rules.unknown_word",
            Text(
                f"“{shown(data)}”不在可选之列", f"`{shown(data)}` is not one of the words allowed"
            ),
            Text(f"可选：{names}", f"choose one of: {names}"),
        )
        return None

    def name(self, data: object, path: Path) -> bool:
        """Tell whether `data` is a good name, reporting it otherwise."""
        if isinstance(data, str) and NAME.fullmatch(data):
            return True
        self.report(
            path,
            "rules.bad_name",
            Text(f"“{shown(data)}”不能作名称", f"`{shown(data)}` is not a good name"),
            Text(
                "名称用小写字母、数字和下划线，以字母开头，最多 64 个字符",
                "names are lower-case letters, digits and underscores, 64 characters at most",
            ),
        )
        return False

    def wrong(self, path: Path, data: object, wanted: Text) -> None:
        """Report that the data at `path` is of another type than wanted."""
        self.report(
            path,
            "rules.wrong_type",
            Text(
                f"此处应为{wanted.zh}，实为“{shown(data)}”",
                f"expected {wanted.en}, found `{shown(data)}`",
            ),
            Text(f"请改成{wanted.zh}", f"write {wanted.en}"),
        )
