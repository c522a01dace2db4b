"""Drawing processes (流程图): Mermaid state diagrams."""

from __future__ import annotations

from gongdao.core.kernel.text import Language
from gongdao.core.kernel.words import label
from gongdao.core.rulebook.processes import Action, Process, State


def draw(process: Process, language: Language = "zh") -> str:
    """Return the process as the text of a Mermaid `stateDiagram-v2`."""
    lines = ["stateDiagram-v2", f"  [*] --> {process.start}"]
    for state in process.states.values():
        lines.append(f"  {state.name}: {_safe(state.title.in_language(language))}")
        lines += [
            f"  {state.name} --> {action.to}: {arrow_text(state, action, language)}"
            for action in state.actions.values()
        ]
        if state.final is not None:
            lines.append(f"  {state.name} --> [*]")
    return "\n".join(lines) + "\n"


def arrow_text(state: State, action: Action, language: Language) -> str:
    """Return what stands beside an arrow: the action, who does it, and after how long."""
    who = "/".join(label(r).in_language(language) for r in action.by)
    spans = [
        c.after.in_words().in_language(language)
        for c in state.clocks
        if c.then == action.name and c.after is not None
    ]
    after = f" ⏱ {', '.join(spans)}" if spans else ""
    return f"{_safe(action.title.in_language(language))} ({_safe(who)}){after}"


def _safe(text: str) -> str:
    """Take out what Mermaid would read as its own signs."""
    return text.replace(":", "：").replace(";", "，").replace("\n", " ").replace("#", "＃")
