"""Verbs (动作): one file for each kind of command."""
