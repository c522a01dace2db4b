"""Pages use the words of docs/glossary.yaml, and none of those it avoids."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import polib
import yaml

from gongdao.web.catalogue import PLACE

GLOSSARY: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[2] / "docs" / "glossary.yaml").read_text(encoding="utf-8")
)
CATALOGUE = [(entry.msgid, entry.msgstr) for entry in polib.pofile(str(PLACE))]


def test_a_word_stands_once() -> None:
    for language in ("en", "zh"):
        words = [entry[language] for entry in GLOSSARY]
        assert len(words) == len(set(words))


def test_pages_say_the_glossarys_word_for_a_term() -> None:
    """Where a page's whole text is a term, its translation is the glossary's."""
    words = {entry["en"]: entry["zh"] for entry in GLOSSARY}
    plural = {f"{en}s": zh for en, zh in words.items()}
    said = {
        en.lower(): zh
        for en, zh in CATALOGUE
        if en.lower() in words | plural and en not in {"Reason", "Case"}
    }
    wrong = {
        en: (zh, (words | plural)[en]) for en, zh in said.items() if (words | plural)[en] not in zh
    }
    assert len(said) >= 15
    assert wrong == {}


def test_pages_avoid_the_words_that_the_glossary_avoids() -> None:
    found: list[str] = []
    for entry in GLOSSARY:
        avoided = entry.get("not", {})
        for en, zh in CATALOGUE:
            found += [
                f"{w}: {en}"
                for w in avoided.get("en", [])
                if re.search(rf"\b{w}s?\b", en, re.IGNORECASE)
            ]
            found += [f"{w}: {zh}" for w in avoided.get("zh", []) if w in zh]
    assert found == []
