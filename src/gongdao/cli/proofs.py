"""Proofs kept (证明缓存): what the solver found, kept until a book, a law or the prover changes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import gongdao
from gongdao.core.kernel.findings import Finding
from gongdao.core.kernel.text import Text
from gongdao.core.rulebook.model import Rulebook
from gongdao.library.floors import Floor
from gongdao.store.config import var_folder

#: Whatever a proof rests on: the prover, and the meaning of rules that it confirms cases with.
_SOURCES = ("prove", "core/rulebook", "core/adjudication", "core/kernel")


class Proofs:
    """The proofs of an installation, under `proofs/` of its data folder."""

    def __init__(self) -> None:
        self._folder = var_folder() / "proofs"
        self.kept = 0
        """How many books were not proven again."""

    def of(self, book: Rulebook, floors: Sequence[Floor]) -> tuple[Finding, ...]:
        """Return the prover's findings about a book: from before, or proven now."""
        path = self._folder / f"{_key(book, floors)}.json"
        with suppress(OSError, ValueError, KeyError, TypeError):
            found = tuple(_finding(each) for each in json.loads(path.read_bytes()))
            self.kept += 1
            return found
        from gongdao.prove.book import check_book

        found = tuple(check_book(book, floors))
        # A folder that cannot be written only means that the proof is done again next time.
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(f".{os.getpid()}")
            draft.write_text(json.dumps([_plain(f) for f in found]), encoding="utf-8")
            draft.replace(path)
        return found


def _key(book: Rulebook, floors: Iterable[Floor]) -> str:
    laws = sorted(f"{t.name} {law.ref} {law.digest} {floor.name}" for t, law, floor in floors)
    return sha256("\n".join([_prover(), book.ref, book.digest, *laws]).encode()).hexdigest()


@cache
def _prover() -> str:
    """Return the digest of everything a proof rests on besides the rulebooks."""
    from importlib.metadata import version

    package = Path(gongdao.__file__).parent
    found = sha256(version("z3-solver").encode())
    for folder in _SOURCES:
        for path in sorted((package / folder).glob("*.py")):
            found.update(path.read_bytes())
    return found.hexdigest()


def _plain(finding: Finding) -> dict[str, object]:
    cure = finding.cure
    return {
        "code": finding.code,
        "field": finding.field,
        "message": [finding.message.zh, finding.message.en],
        "cure": None if cure is None else [cure.zh, cure.en],
        "severity": finding.severity,
    }


def _finding(data: object) -> Finding:
    kept = cast("dict[str, Any]", data)
    return Finding(
        code=kept["code"],
        field=kept["field"],
        message=Text(*kept["message"]),
        cure=None if kept["cure"] is None else Text(*kept["cure"]),
        severity=kept["severity"],
    )
