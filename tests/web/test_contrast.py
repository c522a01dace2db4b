"""Colours of desk.css meet WCAG AA in both schemes: 4.5 for text, 3 for what is not text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import gongdao.web

CSS = (Path(gongdao.web.__file__).parent / "static" / "gongdao" / "desk.css").read_text("utf-8")
GROUNDS = ("ground", "surface", "sunken")
TEXT = [(ink, ground) for ink in ("ink", "muted") for ground in GROUNDS] + [
    ("primary", "surface"),
    ("primary", "ground"),
    ("on-primary", "primary"),
    ("primary", "primary-soft"),
    ("ink", "primary-soft"),
    ("muted", "primary-soft"),
    ("seal", "surface"),
    ("seal", "seal-soft"),
    ("good", "good-soft"),
    ("warn", "warn-soft"),
    ("warn", "surface"),
    ("ink", "seal-soft"),
    ("ink", "good-soft"),
    ("ink", "warn-soft"),
]


def colours(scheme: str) -> dict[str, str]:
    found = re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", CSS)
    names = [name for name, _ in found]
    half = len(names) - names[::-1].index("ground") - 1
    light, dark = dict(found[:half]), dict(found[half:])
    return light if scheme == "light" else light | dark


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(scheme: str, ink: str, ground: str) -> None:
    known = colours(scheme)
    assert contrast(known[ink], known[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_focus_can_be_seen(scheme: str) -> None:
    known = colours(scheme)
    for ground in GROUNDS:
        assert contrast(known["focus"], known[ground]) >= 3
