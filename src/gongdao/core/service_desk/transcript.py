"""Transcripts (聊天摘录): messages written out as a file, the same bytes for the same messages."""

from __future__ import annotations

from collections.abc import Sequence

from gongdao.core.kernel.time import beijing
from gongdao.core.service_desk.message import DIRECTIONS, Message


def transcript(messages: Sequence[Message]) -> str:
    """Return the messages as text, oldest first, each with its number, time and speaker.

    A character that cannot be printed is left out, so that the text is recognised as text.
    """
    ordered = sorted(messages, key=lambda m: (m.at, m.message_id))
    first = ordered[0]
    lines = [
        "聊天摘录 · chat extract",
        f"店铺 shop {first.shop_id} · 会话 session "
        + ", ".join(sorted({m.session_id for m in ordered})),
        f"共 {len(ordered)} 条 · {len(ordered)} messages",
        "",
    ]
    for message in ordered:
        who = DIRECTIONS[message.direction]
        speaker = f"{who.zh} {who.en}" + (f" {message.agent_id}" if message.agent_id else "")
        lines.append(f"[{beijing(message.at)}] {speaker} #{message.message_id}")
        lines.extend(f"    {line}" for line in _printable(message.text).splitlines())
    return "\n".join(lines) + "\n"


def _printable(text: str) -> str:
    return "".join(c for c in text if c.isprintable() or c == "\n")
