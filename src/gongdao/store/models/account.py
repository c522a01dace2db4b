"""Who signs in."""

from __future__ import annotations

import uuid_utils.compat
from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person with an account. The key is a UUIDv7, so that no count of people leaks."""

    id = models.UUIDField(primary_key=True, default=uuid_utils.compat.uuid7, editable=False)

    class Meta:
        db_table = "account_user"
