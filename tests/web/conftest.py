"""Fixtures of the web tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gongdao.store import schema

schema.boot()  # the stage's modules name Django's models

if TYPE_CHECKING:
    from gongdao.store.postgres import Address


@pytest.fixture
def stage(db: Address) -> None:
    """Set the stage: see tests/web/stage.py."""
    from tests.web.stage import set_stage

    set_stage()
