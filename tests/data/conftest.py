"""Accounts and keys are Django's: it is started before the tests are read."""

from __future__ import annotations

from gongdao.store import schema

schema.boot()
