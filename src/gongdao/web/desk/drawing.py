"""Drawing a process (流程图): states left to right by distance from the start, as SVG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from gongdao.core.kernel.words import Role
from gongdao.web.desk.language import current_language, wording

if TYPE_CHECKING:
    from gongdao.core.rulebook.processes import Action, Process, State

WIDTH, HEIGHT = 156, 48
COLUMN, ROW = 236, 78
MARGIN = 14
LINE_CHARACTERS = {"zh": 10, "en": 21}
_ARROW = (
    '<defs><marker id="arrow-{}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8"'
    ' markerHeight="8" orient="auto-start-reverse"><path d="M0 .8 7.5 4 0 7.2z"/></marker></defs>'
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a state stands, in pixels: its upper left corner."""

    x: int
    y: int

    @property
    def middle(self) -> int:
        """The height at which lines leave and enter."""
        return self.y + HEIGHT // 2


def draw(process: Process) -> SafeString:
    """Return the process as an SVG element; every line has a title for those who point at it."""
    places = arrange(process)
    width = max(p.x for p in places.values()) + WIDTH + MARGIN
    height = max(p.y for p in places.values()) + HEIGHT + ROW // 2
    arrow = f"url(#arrow-{process.name})"
    lines = format_html_join(
        "",
        "{}",
        ((_line(places[p], places[t], a, arrow),) for p, t, a in _moves(process)),
    )
    nodes = format_html_join(
        "",
        "{}",
        ((_node(process, state, places[name]),) for name, state in process.states.items()),
    )
    return format_html(
        '<svg width="{}" height="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>',
        width,
        height,
        width,
        height,
        wording(process.title),
        format_html(_ARROW, process.name),
        lines,
        nodes,
    )


def arrange(process: Process) -> dict[str, Place]:
    """Return where each state stands: its column is the fewest actions from the start."""
    depth = {process.start: 0}
    waiting = [process.start]
    while waiting:
        name = waiting.pop(0)
        for action in process.states[name].actions.values():
            if action.to not in depth:
                depth[action.to] = depth[name] + 1
                waiting.append(action.to)
    for name in process.states:
        depth.setdefault(name, 0)
    filled: dict[int, int] = {}
    places: dict[str, Place] = {}
    for name, column in sorted(depth.items(), key=lambda item: item[1]):
        row = filled.get(column, 0)
        filled[column] = row + 1
        places[name] = Place(MARGIN + column * COLUMN, MARGIN + row * ROW + (column % 2) * 20)
    return places


def _moves(process: Process) -> list[tuple[str, str, list[Action]]]:
    """Return every pair of states that actions lead between, each once."""
    found: dict[tuple[str, str], list[Action]] = {}
    for name, state in process.states.items():
        for action in state.actions.values():
            if action.to != name:
                found.setdefault((name, action.to), []).append(action)
    return [(source, target, actions) for (source, target), actions in found.items()]


def _line(source: Place, target: Place, actions: list[Action], arrow: str) -> SafeString:
    kind = ""
    if all(set(a.by) == {Role.CLOCK} for a in actions):
        kind = " clock"
    elif all(Role.RULING in a.by for a in actions):
        kind = " ruling"
    said = "; ".join(
        f"{wording(a.title)} ({', '.join(wording(role) for role in a.by)})" for a in actions
    )
    return format_html(
        '<path class="edge{}" d="{}" marker-end="{}"><title>{}</title></path>',
        kind,
        _curve(source, target),
        arrow,
        said,
    )


def _curve(a: Place, b: Place) -> str:
    """Return a path from `a` to `b`: forward through the gap, sideways round, or back beneath."""
    if b.x > a.x:
        x1, y1, x2, y2 = a.x + WIDTH, a.middle, b.x, b.middle
        pull = min(60, (x2 - x1) // 2 + (x2 - x1) // 6)
        return f"M{x1} {y1} C{x1 + pull} {y1} {x2 - pull} {y2} {x2} {y2}"
    if b.x == a.x:
        x = a.x + WIDTH
        return f"M{x} {a.middle + 6} C{x + 44} {a.middle + 6} {x + 44} {b.middle} {x} {b.middle}"
    down = max(a.y, b.y) + HEIGHT + 22
    x1, x2 = a.x + WIDTH // 2, b.x + WIDTH // 2
    return f"M{x1} {a.y + HEIGHT} C{x1} {down} {x2} {down} {x2} {b.y + HEIGHT}"


def _node(process: Process, state: State, place: Place) -> SafeString:
    kinds = ["node"]
    kinds += ["start"] if state.name == process.start else []
    kinds += ["final"] if state.final else []
    kinds += ["suspended"] if state.suspended else []
    lines = wrap(wording(state.title), LINE_CHARACTERS[current_language()])
    top = place.middle - 9 * (len(lines) - 1)
    texts = format_html_join(
        "",
        '<text x="{}" y="{}">{}</text>',
        ((place.x + WIDTH // 2, top + 18 * i, line) for i, line in enumerate(lines)),
    )
    return format_html(
        '<g class="{}"><rect x="{}" y="{}" width="{}" height="{}" rx="8"/>{}</g>',
        " ".join(kinds),
        place.x,
        place.y,
        WIDTH,
        HEIGHT,
        texts,
    )


def wrap(text: str, most: int) -> list[str]:
    """Break a label into at most two lines of about `most` characters; the rest is cut off."""
    if len(text) <= most:
        return [text]
    cut = text.rfind(" ", 0, most + 1)
    cut = cut if cut > 0 else most
    rest = text[cut:].strip()
    return [text[:cut], rest if len(rest) <= most else rest[: most - 1] + "…"]
