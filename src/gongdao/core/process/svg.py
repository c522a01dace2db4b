"""Drawing a process as SVG (流程图): states in layers by distance from the start, arrows between.

Coordinates are whole pixels; text is estimated, a Chinese sign counting as two Latin ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from gongdao.core.kernel.text import Language
from gongdao.core.process.draw import arrow_text
from gongdao.core.rulebook.processes import Process, State

_BOX_W, _BOX_H, _GAP_X, _GAP_Y, _MARGIN = 190, 46, 150, 78, 30
_ASCII = 128
_WIDEST = 30
_STYLE = (
    "text{font:12px sans-serif;fill:#222}.arrow{fill:none;stroke:#667}"
    ".state{fill:#eef3fb;stroke:#4a6fa5}.final{fill:#e9f5ec;stroke:#3c8d5a}"
    ".label{font-size:10px;fill:#556}"
)


_BOX = f'width="{_BOX_W}" height="{_BOX_H}" rx="8"'
_HEAD_OF_ARROW = (
    '<defs><marker id="end" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8"'
    ' markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="#667"/></marker></defs>'
)


@dataclass(frozen=True, slots=True)
class _Spot:
    x: int
    y: int


def draw_svg(process: Process, language: Language = "zh") -> str:
    """Return the process as the text of an SVG picture that needs nothing else to be shown."""
    layers = _layers(process)
    spots = {
        name: _Spot(_MARGIN + depth * (_BOX_W + _GAP_X), _MARGIN + place * (_BOX_H + _GAP_Y))
        for depth, names in enumerate(layers)
        for place, name in enumerate(names)
    }
    width = 2 * _MARGIN + len(layers) * (_BOX_W + _GAP_X)
    height = 2 * _MARGIN + max(len(names) for names in layers) * (_BOX_H + _GAP_Y)
    title = escape(process.title.in_language(language))
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        f"<title>{title}</title><style>{_STYLE}</style>",
        _HEAD_OF_ARROW,
    ]
    for state in process.states.values():
        lines += _arrows(state, spots, language)
    for state in process.states.values():
        lines += _box(state, spots[state.name], language)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _layers(process: Process) -> list[list[str]]:
    """Return the states by their distance from the start; those never reached come last."""
    layers, seen = [[process.start]], {process.start}
    while True:
        following = dict.fromkeys(
            action.to
            for name in layers[-1]
            for action in process.states[name].actions.values()
            if action.to not in seen
        )
        if not following:
            break
        layers.append(list(following))
        seen.update(following)
    rest = [name for name in process.states if name not in seen]
    return [*layers, rest] if rest else layers


def _box(state: State, spot: _Spot, language: Language) -> list[str]:
    kind = "final" if state.final is not None else "state"
    title = escape(_short(state.title.in_language(language)))
    middle = spot.x + _BOX_W // 2
    here = f'x="{middle}" y="{spot.y + 36}" text-anchor="middle"'
    return [
        f'<rect class="{kind}" x="{spot.x}" y="{spot.y}" {_BOX}/>',
        f'<text x="{middle}" y="{spot.y + 20}" text-anchor="middle">{title}</text>',
        f'<text class="label" {here}>{escape(state.name)}</text>',
    ]


def _arrows(state: State, spots: Mapping[str, _Spot], language: Language) -> list[str]:
    """Return one arrow for each action, those between the same states side by side."""
    lines: list[str] = []
    beside: dict[str, int] = {}
    for action in state.actions.values():
        nth = beside[action.to] = beside.get(action.to, -1) + 1
        path, at = _path(spots[state.name], spots[action.to], nth)
        said = escape(_short(arrow_text(state, action, language)))
        lines.append(f'<path class="arrow" d="{path}" marker-end="url(#end)"/>')
        lines.append(
            f'<text class="label" x="{at.x}" y="{at.y}" text-anchor="middle">{said}</text>'
        )
    return lines


def _path(start: _Spot, end: _Spot, nth: int) -> tuple[str, _Spot]:
    """Return an arrow's path and where its words stand."""
    half, shift = _BOX_H // 2, 13 * nth
    if start == end:
        x, y = start.x + _BOX_W - 40 - 30 * nth, start.y
        return f"M{x} {y}c-8 -26 34 -26 26 0", _Spot(x + 12, y - 22 - shift)
    if end.x > start.x:
        a, b = _Spot(start.x + _BOX_W, start.y + half), _Spot(end.x, end.y + half)
        bend = (a.x + b.x) // 2
        words = _Spot(bend, (a.y + b.y) // 2 - 5 + shift)
        return f"M{a.x} {a.y}C{bend} {a.y} {bend} {b.y} {b.x} {b.y}", words
    a, b = (
        _Spot(start.x + _BOX_W // 2, start.y + _BOX_H),
        _Spot(end.x + _BOX_W // 2, end.y + _BOX_H),
    )
    low = max(a.y, b.y) + _GAP_Y // 2 + shift
    return f"M{a.x} {a.y}C{a.x} {low} {b.x} {low} {b.x} {b.y}", _Spot((a.x + b.x) // 2, low - 4)


def _short(text: str) -> str:
    """Cut a text to what fits beside an arrow or into a box."""
    used = 0
    for place, sign in enumerate(text):
        used += 1 if ord(sign) < _ASCII else 2
        if used > _WIDEST:
            return f"{text[:place]}…"
    return text
