"""Accounts (账号): how allauth behaves here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter

if TYPE_CHECKING:
    from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth ships no types
    """Accounts are given by the operator: nobody signs up by himself."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return that the door for strangers is shut."""
        del request
        return False
