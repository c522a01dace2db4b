"""The stage of the web tests, for everything that tries to get past the rules."""

from __future__ import annotations

from tests.web.conftest import stage

__all__ = ["stage"]
