"""The template of a rulebook (模板), carried with the rulebooks of this installation."""

from __future__ import annotations

from pathlib import Path


def template_folder() -> Path:
    """Return the folder of the commented template, whatever shelf is in use."""
    package = Path(__file__).resolve().parent.parent
    carried = package / "rulebooks" / "_template"
    return carried if carried.is_dir() else package.parent.parent / "rulebooks" / "_template"
