"""Reading `--facts` and `--timeline` (读取输入): JSON or strict YAML, file or stdin."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path

from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.library.strict_yaml import LARGEST_BYTES, Document, read_yaml


def read_plain(file: str, option: str) -> Document:
    """Read plain data from a file, or from standard input for `-`. Raises BadInput."""
    name = "stdin" if file == "-" else file
    try:
        content = sys.stdin.buffer.read(LARGEST_BYTES + 1) if file == "-" else _content(Path(file))
    except OSError as fault:
        message = Text(f"无法读取 {name}", f"cannot read {name}: {fault.strerror}")
        cure = Text("请检查路径", "check the path")
        raise BadInput(
            Finding(code="input.unreadable", field=option, message=message, cure=cure)
        ) from None
    if content.lstrip()[:1] in (b"{", b"["):
        try:
            return Document(_json(content), name, {})
        except (ValueError, RecursionError):
            pass  # a YAML flow mapping begins alike; the YAML reader says what is wrong
    return read_yaml(content, name)


def _content(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(LARGEST_BYTES + 1)


def _json(content: bytes) -> object:
    """Read JSON with exact decimals; ValueError for duplicate keys, NaN and Infinity."""
    if len(content) > LARGEST_BYTES:
        raise ValueError("too large")
    return json.loads(
        content, parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=_without_repetition
    )


def _refuse(word: str) -> object:
    raise ValueError(word)


def _without_repetition(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found
