"""Conversations (会话消息) between buyers and those who answer for a shop."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Message(models.Model):
    """One message, or the step by which a conversation came to a person. Append-only."""

    pk = models.CompositePrimaryKey("shop_id", "message_id")
    shop_id = models.TextField()
    message_id = models.TextField()
    """The marketplace's own, within the shop."""
    marketplace_id = models.TextField()
    session_id = models.TextField()
    buyer_id = models.TextField()
    order_id = models.TextField(null=True)
    direction = models.TextField()
    """buyer, agent, robot, or assigned: the conversation was given to a person."""
    agent_id = models.TextField(null=True)
    at = models.DateTimeField()
    text = models.TextField()
    """Sealed under the key of its side for the conversation, always to the same bytes; empty for
    `assigned`."""
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "message"
        indexes = (
            models.Index(fields=("shop_id", "session_id", "at"), name="messages_of_a_session"),
            models.Index(fields=("shop_id", "at"), name="messages_of_a_shop"),
            models.Index(fields=("marketplace_id", "buyer_id", "at"), name="messages_of_a_buyer"),
        )
        constraints = (
            models.CheckConstraint(
                name="message_has_a_direction",
                condition=models.Q(direction__in=("buyer", "agent", "robot", "assigned")),
            ),
        )
