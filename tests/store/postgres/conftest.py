"""Folders that every account may enter; pytest's own are private to whoever runs it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def folder() -> Iterator[Path]:
    """Yield an empty folder that others may pass through; removed at the end."""
    made = Path(tempfile.mkdtemp(prefix="gongdao-test-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)
