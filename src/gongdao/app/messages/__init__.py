"""Conversations (会话): taken in, read, counted, and quoted as evidence."""
