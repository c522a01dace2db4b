"""Bilingual text (双语文本): what people read is kept in Chinese and English side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or label in both languages; Chinese is the default shown."""

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        """Return the wording in `language`."""
        return self.zh if language == "zh" else self.en

    def filled(self, **values: object) -> Text:
        """Return the text with `{name}` places filled in both languages."""
        return Text(self.zh.format(**values), self.en.format(**values))


def list_in(texts: tuple[Text, ...]) -> Text:
    """Join texts as each language joins a list."""
    return Text("、".join(t.zh for t in texts), ", ".join(t.en for t in texts))
