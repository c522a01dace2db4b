"""Walk-throughs speak to the API only; the service boots before their modules name its models."""

from __future__ import annotations

from gongdao.store import schema

schema.boot()
