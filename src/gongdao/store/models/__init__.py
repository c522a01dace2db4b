"""Rows. Each module holds one family of tables; Django finds them here."""

from gongdao.store.models.account import User

__all__ = ["User"]
