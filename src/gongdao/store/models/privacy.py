"""Keys of what people wrote: without its key, a sealed text is gone wherever it was copied."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class PersonalKey(models.Model):
    """The key (个人信息密钥) of what one person's side wrote about one order and its cases."""

    pk = models.CompositePrimaryKey("shop_id", "order_id", "subject")
    shop_id = models.TextField()
    order_id = models.TextField()
    subject = models.TextField()
    """`buyer:<buyer id>`, `merchant` (the shop's people) or `platform`."""
    marketplace_id = models.TextField()
    key = models.BinaryField(null=True)
    """Null: erased, and with it every text that it opens."""
    made_at = models.DateTimeField(db_default=Now())
    erased_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "personal_key"
        indexes = (
            models.Index(fields=("marketplace_id", "subject"), name="personal_keys_of_a_subject"),
        )
